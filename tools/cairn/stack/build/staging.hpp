// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "dockerfile/ignore.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/context.hpp"

#include <filesystem>
#include <vector>

namespace cairn::stack {

/// Every staged path gets this time (2000-01-01): engines see contents, never times.
inline constexpr std::int64_t kStagedTime = 946684800;

/// How a builder sees an image's context.
struct ContextView {
  const dockerfile::IgnoreRules& rules;
  const dockerfile::ContextWants& wants;
  dockerfile::Builder builder;
};

/// Copies what is keyed, and nothing else, of `image`'s context and generated files into
/// `destination` (exactness rule 10), hashing the very bytes that are copied. Modes as keyed,
/// umask and hard links evened out, times fixed. Returns the entries with those digests, sorted.
/// Throws UserError for what list_reachable refuses and for a generated ELF file of another
/// architecture; Error on a full disk.
std::vector<ContextEntry> stage_context(const BuildDescription& image, const ContextView& view,
                                        const std::filesystem::path& destination);

/// The same entries without copying: what stage_context would return now.
std::vector<ContextEntry> hash_context(const BuildDescription& image, const ContextView& view);

/// What a scan lists, which looks before the build has made its files. What of it is in `staged`
/// is taken to be what was staged.
std::vector<ContextEntry> written_entries(const BuildDescription& image, const ContextView& view,
                                          const std::vector<ContextEntry>& staged);

/// The architecture of the ELF file that begins with `head` (`amd64`, `arm64`, …); empty when it
/// is no ELF file or of a machine that OCI has no name for.
std::string elf_architecture(std::string_view head);

}  // namespace cairn::stack
