// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// One `# key=value` line at the top of a recipe.
struct Directive {
  std::string key;  ///< lower case: `syntax`, `escape`, `check`
  std::string value;
  int line = 0;  ///< from 0
};

struct Directives {
  std::vector<Directive> lines;
  char escape = '\\';
  std::string syntax;    ///< first word of `# syntax=`
  int syntax_line = -1;  ///< from 0; -1 when there is none
};

/// The parser directives of `source`. Throws UserError for a repeated one and for an escape
/// character that is neither '\' nor '`'.
Directives read_directives(const Source& source);

}  // namespace cairn::dockerfile
