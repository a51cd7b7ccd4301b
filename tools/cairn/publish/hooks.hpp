// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/contents.hpp"

#include <functional>
#include <set>
#include <string>

namespace cairn::publish {

/// Runs the hooks of a stack for those of `digests` that the release consists of, parents first and
/// manifests before their index: each once in the life of a store for a digest, a place and a
/// command. Throws UserError with the last lines of what a failed one wrote.
void run_hooks(const stack::ReleaseDescription& description, const Contents& contents,
               Destination& destination, const std::set<std::string>& digests,
               const std::function<void(const std::string&)>& say);

}  // namespace cairn::publish
