// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/base_facts.hpp"
#include "stack/scan/image_scan.hpp"
#include "stack/scan/part_file.hpp"
#include "stack/scan/recipe.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

enum class ImageState {
  fresh,    ///< what a build would make is there
  stale,    ///< its inputs or its parents changed since
  missing,  ///< never built here, or gone from the engine
  broken    ///< it cannot be keyed: `problem` says why
};

std::string to_string(ImageState state);

/// One image on one platform, as it was declared, keyed and last built.
struct ImageView {
  ImageFolder folder;
  BuildDescription image;
  KeyFile key;
  std::optional<ImageRecord> record;  ///< of the last build; a damaged one counts as none
  bool held = false;                  ///< the engine still has what was recorded
  ImageState state = ImageState::missing;
  /// Names of it that stood for another image or none, until the scan set them again.
  std::vector<std::string> set_again;
};

/// What a key holds that is in no file of the image: what its external bases are, and the period in
/// which it is not built again.
struct KeySurroundings {
  BaseIdentities bases;
  std::string period;
};

/// What the key of `image` holds, from its files as they are now, generated ones included; `finder`
/// knows what its bases leave to it. Throws UserError when it cannot be keyed.
KeyParts present_parts(const BuildDescription& image, const Recipe& recipe,
                       const BaseFinder& finder, const engine::Endpoint& endpoint,
                       const KeySurroundings& around);

/// What questions about a stack are answered from. Everything beyond the scan is read when it is
/// asked for.
class StackView {
 public:
  /// Scans the stack first, as a build would.
  explicit StackView(const std::filesystem::path& stack_file,
                     const engine::Opener& open = engine::open_engine);

  const StackFile& stack() const { return stack_; }
  const std::vector<ImageView>& images() const { return images_; }  ///< parents first
  const ImageView& parent(const Parent& parent) const;
  EngineImages& engine_of(const ImageView& view);

  /// Its Dockerfile, read. Throws UserError as the scan would.
  const Recipe& recipe(const ImageView& view);

  /// What its key holds now, generated files included where the build has made them. Throws
  /// UserError when it cannot be keyed.
  const KeyParts& parts(const ImageView& view);

  /// The input key that a build would find now: of the key file, or of the parts where the scan
  /// cannot see everything.
  std::string input_key(const ImageView& view);

 private:
  StackFile stack_;
  Engines engines_;
  std::vector<ImageView> images_;
  std::map<std::string, std::size_t> by_folder_;
  std::map<std::string, Recipe> recipes_;
  std::map<std::string, KeyParts> parts_;
};

}  // namespace cairn::stack
