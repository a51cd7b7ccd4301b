// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// A `${…}` or a quote that cannot be read; the caller adds the place.
class ExpandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ExpandOptions {
  char escape = '\\';
  bool raw_quotes = false;   ///< quotes stay in the words
  bool raw_escapes = false;  ///< escape characters stay in the words
  bool keep_unset = false;   ///< variables without a value stay as they were written
};

struct Expansion {
  std::string text;                ///< the whole, blanks kept
  std::vector<std::string> words;  ///< split on blanks outside of quotes
};

/// Quotes, escapes and variables of `text` as BuildKit's shell lexer reads them: `$v` `${v}`
/// `${v:-w}` `${v-w}` `${v:+w}` `${v+w}` `${v:?w}` `${v?w}` `${v#p}` `${v##p}` `${v%p}` `${v%%p}`
/// `${v/p/w}` `${v//p/w}`. Throws ExpandError.
Expansion expand(std::string_view text, const std::map<std::string, std::string>& variables,
                 const ExpandOptions& options = {});

/// Names that `text` mentions as `$name` or `${name…`, escaped and single-quoted ones too.
std::vector<std::string> mentioned_variables(std::string_view text);

}  // namespace cairn::dockerfile
