// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/context_sources.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "dockerfile/arguments.hpp"
#include "dockerfile/expand.hpp"
#include "dockerfile/mount.hpp"
#include "dockerfile/stage_scope.hpp"
#include "dockerfile/stages.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

bool starts_with_any(const std::string& text, std::initializer_list<std::string_view> heads) {
  return std::any_of(heads.begin(), heads.end(),
                     [&text](std::string_view head) { return text.starts_with(head); });
}

bool is_url(const std::string& text) {
  return starts_with_any(text, {"http://", "https://"});
}

// Front ends since 1.6 fetch these; older ones look for a path of that name.
bool may_be_git(const std::string& text) {
  return starts_with_any(text, {"git@", "git://", "ssh://"});
}

bool is_octal(const std::string& text) {
  return !text.empty() && text.size() < 6 &&
         text.find_first_not_of("01234567") == std::string::npos;
}

// `<<END`, `3<<-END`
bool begins_heredoc(const std::string& word) {
  const std::size_t sign = word.find_first_not_of("0123456789");
  return sign != std::string::npos && word.compare(sign, 2, "<<") == 0;
}

const Flag* find_flag(const Instruction& instruction, std::string_view name) {
  for (const Flag& flag : instruction.flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

bool is_on(const Flag* flag) {
  return flag != nullptr && (flag->value.empty() || to_lower(flag->value) == "true");
}

class Reader {
 public:
  Reader(const Dockerfile& file, const std::vector<int>& needed, const Variables& arguments,
         Builder builder, const BaseLookup& base_of)
      : file_(file),
        source_(file.text, file.path),
        needed_(needed),
        arguments_(arguments),
        globals_(global_variables(source_, file, arguments)),
        builder_(builder),
        base_of_(base_of) {}

  void run() {
    for (const int index : needed_)
      read_stage(file_.stages.at(static_cast<std::size_t>(index)));
    std::sort(wants_.doubts.begin(), wants_.doubts.end());
    wants_.doubts.erase(std::unique(wants_.doubts.begin(), wants_.doubts.end()),
                        wants_.doubts.end());
  }

  ContextWants take_wants() { return std::move(wants_); }

  BaseFacts facts() const {
    BaseFacts facts = scopes_.at(needed_.back()).environment();
    facts.on_build = triggers_of(file_.stages.at(static_cast<std::size_t>(needed_.back())));
    facts.triggers_known = true;
    return facts;
  }

 private:
  static std::vector<std::string> triggers_of(const Stage& stage) {
    std::vector<std::string> triggers;
    for (const Instruction& instruction : stage.instructions) {
      if (instruction.keyword == "ONBUILD") triggers.push_back(instruction.text);
    }
    return triggers;
  }

  void read_stage(const Stage& stage) {
    BaseFacts base;
    std::optional<StageScope> scope;
    if (stage.base_stage) {
      const Stage& below = file_.stages.at(static_cast<std::size_t>(*stage.base_stage));
      base.on_build = triggers_of(below);
      scope.emplace(scopes_.at(below.index).on_top());
    } else {
      if (!is_scratch(stage)) base = base_of_(stage);
      scope.emplace(arguments_, globals_, builder_, base);
    }
    if (!base.triggers_known) doubt("the ONBUILD triggers of the base are not known yet");
    for (const std::string& trigger : base.on_build)
      read_trigger(*scope, stage, trigger);
    for (const Instruction& instruction : stage.instructions) {
      read(source_, *scope, instruction, file_.escape,
           file_.path + ":" + std::to_string(instruction.span.line));
    }
    scopes_.emplace(stage.index, std::move(*scope));
  }

  bool is_scratch(const Stage& stage) const {
    return expand_at(source_, stage.from.argument, stage.from.words.front(), globals_,
                     file_.escape) == "scratch";
  }

  // A trigger stands in the base's config as one line of text.
  void read_trigger(StageScope& scope, const Stage& stage, const std::string& trigger) {
    const std::string place =
        file_.path + ":" + std::to_string(stage.from.span.line) + ": ONBUILD of the base";
    try {
      const Dockerfile inner = parse("FROM scratch\n" + trigger + "\n", place);
      const Source source(inner.text, place);
      for (const Instruction& instruction : inner.stages.front().instructions)
        read(source, scope, instruction, '\\', place);
    } catch (const UserError&) {
      doubt("an ONBUILD trigger of the base cannot be read");
    }
  }

  void read(const Source& source, StageScope& scope, const Instruction& instruction, char escape,
            const std::string& place) {
    scope.apply(source, instruction, escape);
    if (instruction.keyword == "RUN") {
      for (const Flag& flag : instruction.flags) {
        if (flag.name == "mount") read_mount(source, flag, place);
      }
    }
    const bool copies = instruction.keyword == "COPY";
    if (!copies && instruction.keyword != "ADD") return;
    const Flag* from = find_flag(instruction, "from");
    if (from != nullptr && !from->value.empty()) return;
    ContextSource wanted;
    wanted.kind = copies ? ContextSource::Kind::copy : ContextSource::Kind::add;
    wanted.words = instruction.keyword;
    wanted.place = place;
    read_copy(source, scope, instruction, escape, wanted);
  }

  void read_copy(const Source& source, const StageScope& scope, const Instruction& instruction,
                 char escape, ContextSource wanted) {
    const Variables variables = scope.visible();
    bool unknown = false;
    const auto value_of = [&](const std::string& text) {
      for (const std::string& name : scope.unknown_in(text)) {
        doubt("$" + name + " comes from the base");
        unknown = true;
      }
      return expand_at(source, instruction.argument, text, variables, escape);
    };
    const Flag* chmod = find_flag(instruction, "chmod");
    wanted.fixed_mode = chmod != nullptr && is_octal(chmod->value);
    wanted.parents = is_on(find_flag(instruction, "parents"));
    for (const Flag& flag : instruction.flags) {
      if (flag.name == "exclude") wanted.excludes.push_back(value_of(flag.value));
    }
    const bool excludes_unknown = unknown;
    for (std::size_t i = 0; i + 1 < instruction.words.size(); ++i) {
      unknown = excludes_unknown;
      const std::string& word = instruction.words[i];
      if (!instruction.heredocs.empty() && begins_heredoc(word)) continue;
      wanted.path = value_of(word);
      if (is_url(wanted.path) && wanted.kind == ContextSource::Kind::add) continue;
      if (is_url(wanted.path)) {
        source.fail(instruction.argument.offset, "COPY takes no URL, got '" + wanted.path + "'",
                    "write ADD " + wanted.path);
      }
      wanted.unknown = unknown;
      wanted.optional = wanted.kind == ContextSource::Kind::add && may_be_git(wanted.path);
      wants_.sources.push_back(wanted);
    }
  }

  void read_mount(const Source& source, const Flag& flag, const std::string& place) {
    const auto mount = read_context_mount(source, flag.value);
    if (!mount) return;
    const bool is_known = mount->open.empty();
    if (!is_known) {
      doubt("the " + mount->open + " of a mount holds a variable, which not all builders expand");
    }
    ContextSource wanted;
    wanted.kind = ContextSource::Kind::mount;
    wanted.path = is_known ? mount->source : "/";
    wanted.words = "RUN --mount";
    wanted.place = place;
    wants_.sources.push_back(std::move(wanted));
  }

  void doubt(std::string reason) { wants_.doubts.push_back(std::move(reason)); }

  const Dockerfile& file_;
  Source source_;
  const std::vector<int>& needed_;
  const Variables& arguments_;
  Variables globals_;
  Builder builder_;
  const BaseLookup& base_of_;
  std::map<int, StageScope> scopes_;
  ContextWants wants_;
};

}  // namespace

ContextWants context_sources(const Dockerfile& file, const std::vector<int>& needed,
                             const Variables& arguments, Builder builder,
                             const BaseLookup& base_of) {
  Reader reader(file, needed, arguments, builder, base_of);
  reader.run();
  return reader.take_wants();
}

BaseFacts facts_of_result(const Dockerfile& file, const std::vector<int>& needed,
                          const Variables& arguments, Builder builder, const BaseLookup& base_of) {
  Reader reader(file, needed, arguments, builder, base_of);
  reader.run();
  return reader.facts();
}

}  // namespace cairn::dockerfile
