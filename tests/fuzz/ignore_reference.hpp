// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/ignore.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::fuzz {

/// The rules of an ignore file once more, slowly: each sentence of the documented semantics is a
/// function, nothing is compiled and nothing shared with IgnoreRules. For the fuzzer, which
/// compares the two. Patterns are taken to be well formed.
class ReferenceRules {
 public:
  ReferenceRules(std::string_view text, dockerfile::IgnoreDialect dialect);

  bool excludes(const std::string& path) const;

 private:
  struct Line {
    bool brings_back = false;
    std::string pattern;
  };
  bool matched(const std::string& path) const;
  bool fits_line(const std::string& pattern, const std::string& path) const;

  bool bytes_where_plain_;  ///< docker compares plain text as it is
  std::vector<Line> lines_;
};

}  // namespace cairn::fuzz
