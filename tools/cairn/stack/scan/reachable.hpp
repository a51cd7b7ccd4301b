// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "stack/scan/context.hpp"
#include "stack/scan/context_tree.hpp"

#include <map>
#include <string>

namespace cairn::stack {

/// Whether literal sources may be missing: before the build has made its own files they may.
enum class Missing { refused, allowed };

/// The paths of `tree` that the instructions `wants` can see, read as `builder` reads sources:
/// what they name, what wildcards match, links followed where they are sources and kept below
/// them, folders with all that is in them. In doubt it is the whole tree. Files are not read:
/// digests are left zero.
///
/// Throws UserError `images/x/Dockerfile:6: COPY takes 'conf', but …` for a literal source that
/// is not there.
std::map<std::string, ContextEntry> reachable_paths(ContextTree& tree,
                                                    const dockerfile::ContextWants& wants,
                                                    dockerfile::Builder builder, Missing missing);

/// reachable_paths with digests, hashing what `known` does not know. Throws UserError for a FIFO,
/// socket or device (never opened) and for files that cannot be read, naming the path and the
/// ignore line that leaves it out.
ContextListing list_reachable(ContextTree& tree, const dockerfile::ContextWants& wants,
                              dockerfile::Builder builder, Missing missing,
                              const KnownDigest& known);

}  // namespace cairn::stack
