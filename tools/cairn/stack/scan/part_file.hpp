// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/scan/input_key.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// A part of a key as people are shown it.
struct ShownPart {
  KeyPart part;  ///< its name printable
  /// The value behind the digest; nothing where the digest says all, and where it may be a secret.
  std::optional<std::string> value;
};

/// `parts` with the values that `image` and `arguments` (those the engine is given) have for them.
/// An argument, label or flag that by its name or its form may be a secret has none.
std::vector<ShownPart> shown_parts(const KeyParts& parts, const BuildDescription& image,
                                   const std::map<std::string, std::string>& arguments);

/// Keeps what an input key holds: `<store>/parts/<input key>.json` (schema cairn/key-parts/1), for
/// `cairn why`. A file that is there stays.
void keep_parts(const std::filesystem::path& store, const std::string& input_key,
                const std::vector<ShownPart>& parts);

/// The parts kept under `input_key`; a damaged file counts as none.
std::optional<std::vector<ShownPart>> kept_parts(const std::filesystem::path& store,
                                                 const std::string& input_key);

}  // namespace cairn::stack
