// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/stage_scope.hpp"

#include "dockerfile/arguments.hpp"
#include "dockerfile/expand.hpp"

#include <algorithm>

namespace cairn::dockerfile {

StageScope::StageScope(const std::map<std::string, std::string>& arguments,
                       const std::map<std::string, std::string>& globals, Builder builder,
                       const BaseFacts& base)
    : arguments_(&arguments), globals_(&globals), builder_(builder), base_(base) {}

StageScope StageScope::on_top() const {
  StageScope next = *this;
  if (builder_ != Builder::buildkit) {
    next.args_.clear();
    for (const auto& [name, unused] : args_) {
      if (!base_.environment.contains(name)) next.unknown_.erase(name);
    }
  }
  return next;
}

void StageScope::apply(const Source& source, const Instruction& instruction, char escape) {
  if (instruction.keyword == "ARG") {
    for (const std::string& word : instruction.words)
      set_argument(source, instruction, word, escape);
    return;
  }
  if (instruction.keyword != "ENV") return;
  const auto before = visible();  // all words of one ENV see the line above it
  std::set<std::string> unknown = unknown_;
  for (const std::string& word : instruction.words) {
    const ArgumentWord pair =
        parse_argument(expand_at(source, instruction.argument, word, before, escape));
    const bool known = unknown_in(word).empty();
    if (known) unknown.erase(pair.name);
    if (!known) unknown.insert(pair.name);
    base_.environment[pair.name] = pair.default_value;
    over_environment_.erase(pair.name);
  }
  unknown_ = std::move(unknown);
}

void StageScope::set_argument(const Source& source, const Instruction& instruction,
                              const std::string& word, char escape) {
  const ArgumentWord argument = parse_argument(word);
  std::optional<std::string> value;
  bool known = true;
  if (const auto given = arguments_->find(argument.name); given != arguments_->end()) {
    value = given->second;
  } else if (argument.has_default) {
    known = unknown_in(argument.default_value).empty();
    value = expand_at(source, instruction.argument, argument.default_value, visible(), escape);
  } else if (const auto global = globals_->find(argument.name); global != globals_->end()) {
    value = global->second;
  }
  if (!value) return;
  args_[argument.name] = *value;
  over_environment_.insert(argument.name);
  if (builder_ != Builder::buildkit && base_.environment.contains(argument.name)) return;
  if (known) unknown_.erase(argument.name);
  if (!known) unknown_.insert(argument.name);
}

std::vector<std::string> StageScope::unknown_in(const std::string& text) const {
  std::vector<std::string> names;
  for (const std::string& name : mentioned_variables(text)) {
    const bool is_set = args_.contains(name) || base_.environment.contains(name);
    // Where ENV wins over ARG, one of the base that is not known may win too.
    const bool wins = builder_ != Builder::buildkit && base_.hides_arguments;
    const bool may_hide =
        !base_.whole_environment && !base_.environment.contains(name) && (!is_set || wins);
    if (may_hide || unknown_.contains(name)) names.push_back(name);
  }
  return names;
}

std::map<std::string, std::string> StageScope::visible() const {
  std::map<std::string, std::string> all = args_;
  for (const auto& [name, value] : base_.environment) {
    // BuildKit takes whichever was set last, the others always ENV.
    if (builder_ == Builder::buildkit && over_environment_.contains(name)) continue;
    all[name] = value;
  }
  return all;
}

}  // namespace cairn::dockerfile
