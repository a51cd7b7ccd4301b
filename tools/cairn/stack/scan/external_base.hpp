// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "oci/reference.hpp"

#include <string>

namespace cairn::stack {

class EngineImages;

/// An image reference of a recipe that is no member of the stack.
class ExternalBase {
 public:
  /// `reference` is canonical (`docker.io/library/debian:12`).
  static ExternalBase of(const std::string& reference);

  /// Named by digest: nothing local can change what it is.
  bool is_pinned() const { return !reference_.digest.empty(); }

  /// The name under which the engine lists it: with `:latest` when no tag is written.
  std::string local_name() const;

  /// What goes into the key: the digest it is pinned to, the content identity of the local image
  /// of that name, or `absent` until the build has pulled it.
  std::string key_identity(EngineImages& images) const;
  /// The same, asked of the engine itself.
  std::string key_identity(engine::Engine& engine) const;

 private:
  oci::Reference reference_;
};

}  // namespace cairn::stack
