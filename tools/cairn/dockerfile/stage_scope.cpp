// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/stage_scope.hpp"

#include "dockerfile/arguments.hpp"
#include "dockerfile/expand.hpp"

#include <utility>

namespace cairn::dockerfile {

StageScope::StageScope(const std::map<std::string, std::string>& arguments,
                       const std::map<std::string, std::string>& globals, Builder builder,
                       const BaseFacts& base)
    : arguments_(&arguments), globals_(&globals), builder_(builder), base_(base) {}

StageScope StageScope::on_top() const {
  StageScope next = *this;
  if (builder_ != Builder::buildkit) {
    next.args_.clear();
    next.unknown_args_.clear();
  }
  return next;
}

void StageScope::apply(const Source& source, const Instruction& instruction, char escape) {
  if (instruction.keyword == "ARG") {
    for (const std::string& word : instruction.words)
      set_argument(source, instruction, word, escape);
    return;
  }
  if (instruction.keyword == "ENV") set_environment(source, instruction, escape);
}

void StageScope::set_environment(const Source& source, const Instruction& instruction,
                                 char escape) {
  // All words of one ENV see the line above it.
  const auto before = visible();
  std::vector<std::pair<ArgumentWord, bool>> pairs;
  for (const std::string& word : instruction.words) {
    pairs.emplace_back(
        parse_argument(expand_at(source, instruction.argument, word, before, escape)),
        unknown_in(word).empty());
  }
  for (const auto& [pair, is_known] : pairs) {
    base_.environment[pair.name] = pair.default_value;
    over_environment_.erase(pair.name);
    if (is_known) base_.unknown.erase(pair.name);
    if (!is_known) base_.unknown.insert(pair.name);
  }
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
  if (known) unknown_args_.erase(argument.name);
  if (!known) unknown_args_.insert(argument.name);
}

bool StageScope::sees_argument(const std::string& name) const {
  // BuildKit takes whichever was set last, the others always ENV.
  return args_.contains(name) &&
         (!base_.environment.contains(name) ||
          (builder_ == Builder::buildkit && over_environment_.contains(name)));
}

bool StageScope::is_unknown(const std::string& name) const {
  const bool is_argument = sees_argument(name);
  if (!is_argument && base_.environment.contains(name)) return base_.unknown.contains(name);
  // Where ENV wins over ARG, one of the base that is not known may win too.
  const bool may_win = builder_ != Builder::buildkit && base_.hides_arguments;
  const bool may_come = !base_.whole_environment && !base_.environment.contains(name);
  return (is_argument && unknown_args_.contains(name)) || (may_come && (!is_argument || may_win));
}

std::vector<std::string> StageScope::unknown_in(const std::string& text) const {
  std::vector<std::string> names = mentioned_variables(text);
  std::erase_if(names, [this](const std::string& name) { return !is_unknown(name); });
  return names;
}

std::map<std::string, std::string> StageScope::visible() const {
  std::map<std::string, std::string> all = args_;
  for (const auto& [name, value] : base_.environment) {
    if (!sees_argument(name)) all[name] = value;
  }
  return all;
}

}  // namespace cairn::dockerfile
