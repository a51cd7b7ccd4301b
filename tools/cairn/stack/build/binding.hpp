// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/scan/input_key.hpp"
#include "stack/scan/recipe.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// `cairn.invalid/<stack>/<target>-<arch>:<identity, first 32>`: a name that can only be found
/// locally or fail, never be fetched (RFC 2606 reserves .invalid; exactness rule 12). What the
/// OCI grammar forbids in a repository is replaced, and a hash keeps such names apart.
std::string bound_name(const std::string& stack, const std::string& target, const std::string& arch,
                       const std::string& identity);

/// What users call the image that `use`, of the recipe of `image`, stands for: the target of a
/// member, or an external reference.
std::string name_of(const RecipeUse& use, const BuildDescription& image);

/// What one reference of a recipe is bound to.
struct BoundBase {
  std::string name;  ///< the name that the rewritten recipe uses
  std::string identity;
  oci::ImageConfig config;
};

/// Names that were given for one build only: they go with the object.
class OwnNames {
 public:
  explicit OwnNames(engine::Engine& engine) : engine_(engine) {}
  ~OwnNames();
  OwnNames(const OwnNames&) = delete;
  OwnNames& operator=(const OwnNames&) = delete;
  void give(const std::string& id, const std::string& name);

 private:
  engine::Engine& engine_;
  std::vector<std::string> names_;
};

/// Binds every reference of a recipe to an image that is in the engine (exactness rules 11-13).
/// Names made for external bases go again with the object.
class Bindings {
 public:
  /// `parents` are the records of `image.parents`, in that order. Pulls external bases that are
  /// not there, by what the recipe names, and says so to `sink`. Throws UserError when a parent is
  /// gone or is not what its record says, when a base is of another platform, and when a base's
  /// ONBUILD names an image, which nothing here could bind.
  Bindings(engine::Engine& engine, const BuildDescription& image, const Recipe& recipe,
           const std::vector<ImageRecord>& parents, const engine::OutputSink& sink);

  const std::vector<BoundBase>& bases() const { return bases_; }  ///< one a use, in order
  BaseIdentities external_identities() const { return externals_; }
  std::vector<dockerfile::Binding> replacements(const Recipe& recipe) const;

 private:
  BoundBase bind_parent(const BuildDescription& image, const RecipeUse& use,
                        const ImageRecord& parent);
  BoundBase bind_external(const BuildDescription& image, const RecipeUse& use, std::size_t number,
                          const engine::OutputSink& sink);

  engine::Engine& engine_;
  std::vector<BoundBase> bases_;
  BaseIdentities externals_;
  OwnNames names_;
};

}  // namespace cairn::stack
