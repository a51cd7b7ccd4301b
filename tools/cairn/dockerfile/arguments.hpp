// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/dockerfile.hpp"
#include "dockerfile/source.hpp"

#include <map>
#include <string>
#include <vector>

namespace cairn::dockerfile {

/// Name and default of one word of an ARG instruction.
struct ArgumentWord {
  std::string name;
  bool has_default = false;
  std::string default_value;  ///< as written, not expanded
};
ArgumentWord parse_argument(const std::string& word);

/// What FROM lines may use: platform arguments, and ARGs before the first FROM with the values that
/// `arguments` or their defaults give them. Throws UserError for a default that cannot be expanded.
std::map<std::string, std::string> global_variables(
    const Source& source, const Dockerfile& file,
    const std::map<std::string, std::string>& arguments);

/// `text` expanded; an ExpandError becomes a UserError at `place`.
std::string expand_at(const Source& source, const Span& place, const std::string& text,
                      const std::map<std::string, std::string>& variables, char escape);

}  // namespace cairn::dockerfile
