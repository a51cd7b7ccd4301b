// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "publish/destination.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// What a registry holds, in memory: shared by all who publish to it.
struct MemoryPlace {
  struct Document {
    std::string media_type, bytes;
  };
  using Name = std::pair<std::string, std::string>;  ///< repository, and a tag or digest

  std::mutex mutex;
  std::map<Name, Document> documents;  ///< by digest
  std::map<Name, std::string> blobs;   ///< by digest
  std::map<Name, std::string> tags;    ///< to digests
  std::set<Name> immutable;            ///< tags that refuse to move
  std::int64_t now = 1'790'000'000;

  /// Whether all that `digest` names is there, down to the blobs; `why` tells what is not.
  bool is_whole(const std::string& repository, const std::string& digest, std::string& why) const;
};

/// One publisher's way to a MemoryPlace. Every step that a registry would see is told to `before`
/// and `after`, as `PUT quay.io/me/web:latest`; what they throw ends the step there, so that a test
/// can let a publisher die, make a request fail, or let somebody else act in between.
class MemoryDestination : public publish::Destination {
 public:
  explicit MemoryDestination(MemoryPlace& place) : place_(place) {}

  std::function<void(const std::string&step)> before, after;
  bool atomic = false;

  /// The steps since the last call.
  std::vector<std::string> take_log();

  std::string name() const override { return "'memory'"; }
  std::string place_of(const std::string& repository) const override {
    return "memory/" + repository;
  }
  std::optional<oci::Digest> digest(const std::string& repository, const std::string& tag) override;
  std::optional<publish::HeldDocument> document(const std::string& repository,
                                                const std::string& tag_or_digest) override;
  std::string blob(const std::string& repository, const oci::Descriptor& blob,
                   std::size_t most_bytes) override;
  std::vector<std::string> tags(const std::string& repository) override;
  registry::PushReport push(registry::BlobSource& source, const std::vector<Item>& items) override;
  using publish::Destination::put_tags;
  void put_tags(const std::vector<publish::TagPut>& batch,
                const std::function<void()>& before_each) override;
  std::int64_t now() override;
  bool is_atomic() const override { return atomic; }
  bool put_tags_if(const std::vector<publish::TagPut>& batch,
                   const std::vector<publish::TagState>& seen) override;

 private:
  void step(const std::string& what, const std::function<void()>& act);
  void push_tree(registry::BlobSource& source, const std::string& repository,
                 const oci::Descriptor& descriptor, registry::PushReport& report);
  /// What the document names; returns its bytes.
  std::string push_below(registry::BlobSource& source, const std::string& repository,
                         const oci::Descriptor& descriptor, registry::PushReport& report);
  void push_blob(registry::BlobSource& source, const std::string& repository,
                 const oci::Descriptor& blob, registry::PushReport& report);
  void set(const publish::TagPut& put);

  MemoryPlace& place_;
  std::mutex mutex_;
  std::vector<std::string> log_;
};

}  // namespace cairn::testing
