// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/context_sources.hpp"
#include "dockerfile/source.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::dockerfile {

/// The variables of one stage, line by line: ARG, ENV and what its base brings.
class StageScope {
 public:
  /// A stage on an image; `globals` are the values that ARG without one takes.
  StageScope(const std::map<std::string, std::string>& arguments,
             const std::map<std::string, std::string>& globals, Builder builder,
             const BaseFacts& base);

  /// A stage on this one. BuildKit hands on the ARGs too.
  StageScope on_top() const;

  /// Takes in an ARG or ENV instruction. Throws UserError for what cannot be expanded.
  void apply(const Source& source, const Instruction& instruction, char escape);

  /// Names in `text` whose values depend on what is not known of the base.
  std::vector<std::string> unknown_in(const std::string& text) const;

  /// The variables as instructions see them now.
  std::map<std::string, std::string> visible() const;

  /// ENV alone, with what the base brought, and what is not known of it.
  const BaseFacts& environment() const { return base_; }

 private:
  void set_environment(const Source& source, const Instruction& instruction, char escape);
  void set_argument(const Source& source, const Instruction& instruction, const std::string& word,
                    char escape);
  bool sees_argument(const std::string& name) const;
  bool is_unknown(const std::string& name) const;

  const std::map<std::string, std::string>* arguments_;
  const std::map<std::string, std::string>* globals_;
  Builder builder_;
  BaseFacts base_;                           ///< ENV
  std::map<std::string, std::string> args_;  ///< ARG; for BuildKit of the stages below too
  std::set<std::string> over_environment_;   ///< ARGs that came after an ENV
  std::set<std::string> unknown_args_;       ///< set, but to what is not known
};

}  // namespace cairn::dockerfile
