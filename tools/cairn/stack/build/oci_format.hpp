// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/endpoint.hpp"
#include "stack/build/binding.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/recipe.hpp"

namespace cairn::stack {

/// Stops a build that would lose something without a word. podman and buildah keep HEALTHCHECK,
/// ONBUILD and SHELL in docker's format only: asked for OCI's (`--format oci` among the image's
/// build flags), they print a warning and leave them out. Throws UserError for a recipe that has
/// one of them, and for a healthcheck or shell of `base` (nothing: FROM scratch) that the image
/// would have had.
void require_format_holds(const BuildDescription& image, const Recipe& recipe,
                          const engine::Endpoint& endpoint, const BoundBase* base);

}  // namespace cairn::stack
