// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/ignore.hpp"

#include <set>
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
  bool matched_by_one_parent(const std::string& path) const;
  bool matched_by_any_parent(const std::string& path) const;
  std::set<std::size_t> lines_that_hold(const std::string& path) const;
  bool is_entered(const std::string& folder) const;
  bool fits_line(const std::string& pattern, const std::string& path) const;

  dockerfile::IgnoreDialect dialect_;
  std::vector<Line> lines_;
};

}  // namespace cairn::fuzz
