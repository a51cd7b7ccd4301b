// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/build/undeclared.hpp"
#include "stack/model/image_record.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace cairn::stack {

/// What records of others than a build tree's undeclared images say of the images that one engine
/// holds: those of the declared images, and those that all trees share in the store. Whose folder
/// is not in this tree is not known: a record counts as long as the engine has its image. That
/// another tree has the very image that is undeclared here, for the same target, is not seen: the
/// record may as well be this tree's own.
class Claims {
 public:
  Claims(const TreeImages& tree, const std::filesystem::path& store,
         const std::string& endpoint_identity);

  /// Whether one of them is of the very image `held`. What only the store says must be borne out
  /// by a name: a record of a target that is nowhere declared any more would hold it for ever.
  bool is_of_another(const engine::Endpoint& endpoint, const engine::ImageInfo& held) const;
  /// The names of it that they give.
  std::set<std::string> names_of(const engine::Endpoint& endpoint, const std::string& id) const;
  /// What `image` has stays in the engine for a reason of its own: so does what that stands on.
  void keep(const UndeclaredImage& image);
  /// The target of an image that stands on `held` and is in `engine` itself, other than those of
  /// `gone`; empty when there is none.
  std::string child_of(engine::Engine& engine, const engine::ImageInfo& held,
                       const std::set<std::string>& gone) const;

 private:
  struct Claim {
    ImageRecord record;
    bool in_tree = false;
  };
  std::vector<Claim> claims_;
  std::vector<ImageRecord> own_;      ///< of undeclared images, in the store
  std::set<std::string> superseded_;  ///< IDs of declared images' former ones
};

}  // namespace cairn::stack
