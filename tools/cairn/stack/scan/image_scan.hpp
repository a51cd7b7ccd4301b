// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/content_index.hpp"
#include "stack/scan/input_key.hpp"
#include "stack/scan/trust_limit.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace cairn::stack {

/// What the engine holds, asked once a scan. Safe to read from several threads.
class EngineImages {
 public:
  EngineImages(const std::string& engine_file, const engine::Opener& open);

  const engine::Endpoint& endpoint() const { return endpoint_; }
  bool reachable() const { return error_.empty(); }
  const std::string& error() const { return error_; }  ///< why it is not
  const std::string& hint() const { return hint_; }

  bool has(const std::string& id) const { return ids_.count(id) != 0; }
  std::string id_of(const std::string& name) const;   ///< empty when no image has that name
  std::string identity_of(const std::string& id);     ///< content identity, asked once an image
  oci::ImageConfig config_of(const std::string& id);  ///< asked once an image
  /// The config of an external base, by tag or by digest; nothing when it is not here.
  std::optional<oci::ImageConfig> config_of_base(const std::string& reference);
  void set_name(const std::string& id, const std::string& name);

 private:
  engine::Endpoint endpoint_;
  std::unique_ptr<engine::Engine> engine_;
  std::unordered_set<std::string> ids_;
  std::unordered_map<std::string, std::string> names_;
  std::unordered_map<std::string, oci::ImageConfig> configs_;
  std::unordered_map<std::string, std::optional<oci::ImageConfig>> pinned_;  ///< by reference
  std::mutex mutex_;
  std::string error_, hint_;
};

/// What each endpoint of a stack holds, asked once.
class Engines {
 public:
  explicit Engines(engine::Opener open = engine::open_engine) : open_(std::move(open)) {}

  /// The images of the engine that `file` (an engine.json) describes.
  EngineImages& at(const std::string& file);

 private:
  engine::Opener open_;
  std::map<std::string, std::unique_ptr<EngineImages>> engines_;
};

/// The slow path of a scan: one image looked at in full.
class ImageScan {
 public:
  /// `now`, in seconds since 1970, says which refresh period runs.
  ImageScan(const StackFile& stack, const std::filesystem::path& clock_folder, std::int64_t now)
      : stack_(stack), limit_(clock_folder), now_(now) {}

  /// Keys the image of `folder`, using digests of `old_bytes` whose stamps still prove them, and
  /// writes its key files where they changed (then sets `*rewritten`).
  Snapshot run(const std::string& folder, EngineImages& images, std::string_view old_bytes,
               bool* rewritten) const;

 private:
  const StackFile& stack_;
  TrustLimit limit_;
  std::int64_t now_;
};

/// Writes the key file with its counter raised by one; returns the new text.
std::string write_absent_key(const ImageFolder& folder, const std::string& key_text);

}  // namespace cairn::stack
