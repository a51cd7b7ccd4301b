// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/stages.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "dockerfile/arguments.hpp"
#include "dockerfile/expand.hpp"
#include "dockerfile/flags.hpp"
#include "dockerfile/lexer.hpp"
#include "dockerfile/mount.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

const Stage& stage_at(const Dockerfile& file, int index) {
  return file.stages.at(static_cast<std::size_t>(index));
}

// The last of the first `count` stages that bears `name`. FROM sees only what stands before it;
// BuildKit lets COPY and mounts name a later stage too.
std::optional<int> find_stage(const Dockerfile& file, const std::string& name, int count) {
  const std::string wanted = to_lower(name);
  for (int i = count - 1; i >= 0 && !wanted.empty(); --i) {
    if (stage_at(file, i).name == wanted) {
      return i;
    }
  }
  return std::nullopt;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 10 && std::all_of(text.begin(), text.end(), is_digit);
}

int stage_count(const Dockerfile& file) {
  return static_cast<int>(file.stages.size());
}

// A stage by number or name. BuildKit takes numbers only in COPY, buildah in mounts too; an image
// whose name is a number of a stage is nobody's intention.
void find_target(const Source& source, const Dockerfile& file, StageReference& reference) {
  const std::string& name = reference.use.resolved;
  if (is_number(name)) {
    const int number = std::stoi(name);
    if (number < stage_count(file)) {
      reference.stage = number;
      return;
    }
    if (reference.use.kind == ImageUse::Kind::copy_from) {
      source.fail(reference.use.span.offset, "there is no stage '" + name + "'; the last one is " +
                                                 std::to_string(stage_count(file) - 1));
    }
  }
  reference.stage = find_stage(file, name, stage_count(file));
  reference.is_scratch = !reference.stage && name == "scratch";
}

StageReference from_reference(const Source& source, const Dockerfile& file, const Stage& stage,
                              const Variables& variables) {
  StageReference reference;
  reference.use.written = stage.from.words.front();
  reference.use.span = stage.from.argument;
  reference.use.resolved =
      expand_at(source, stage.from.argument, stage.from.words.front(), variables, file.escape);
  reference.is_scratch = reference.use.resolved == "scratch";
  if (!reference.is_scratch) {
    reference.stage = find_stage(file, reference.use.resolved, stage.index);
  }
  return reference;
}

bool has_source_flag(const Instruction& instruction) {
  const bool copies = instruction.keyword == "COPY";
  return std::any_of(instruction.flags.begin(), instruction.flags.end(), [&](const Flag& flag) {
    return copies ? flag.name == "from" : instruction.keyword == "RUN" && flag.name == "mount";
  });
}

// Reads the instruction's line again: only there stands where each byte of a flag comes from.
std::vector<Piece> flag_words(const Source& source, const Dockerfile& file,
                              const Instruction& instruction) {
  Lexer lexer(source, file.escape, instruction.span.offset);
  return split_instruction(lexer.next().value_or(Piece())).flags;
}

void add_flag_references(const Source& source, const Dockerfile& file,
                         const Instruction& instruction, int number,
                         std::vector<StageReference>& into) {
  const std::vector<Piece> words = flag_words(source, file, instruction);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const FlagParts parts = split_flag(words[i]);
    const bool is_mount = parts.name == "mount";
    if ((!is_mount && parts.name != "from") || !parts.value || parts.value->empty()) {
      continue;
    }
    const std::optional<Piece> name =
        is_mount ? read_mount_from(source, *parts.value) : parts.value;
    if (!name) {
      continue;
    }
    StageReference reference;
    reference.use.kind = is_mount ? ImageUse::Kind::mount_from : ImageUse::Kind::copy_from;
    reference.use.written = reference.use.resolved = name->value;
    reference.use.span = replaceable_span(source, *name);
    reference.instruction = number;
    reference.flag = i;
    find_target(source, file, reference);
    into.push_back(std::move(reference));
  }
}

// The platform that FROM asks for; as written while a variable of it has no value.
std::string expand_platform(const Source& source, const Dockerfile& file, const Stage& stage,
                            const Variables& variables) {
  for (const Flag& flag : stage.from.flags) {
    if (flag.name != "platform") {
      continue;
    }
    for (const std::string& name : mentioned_variables(flag.value)) {
      if (!variables.contains(name)) {
        return flag.value;
      }
    }
    return expand_at(source, flag.span, flag.value, variables, file.escape);
  }
  return {};
}

// Stages that `start` needs, itself included.
std::vector<bool> reach(const Dockerfile& file, int start) {
  std::vector<bool> seen(file.stages.size(), false);
  std::vector<int> open = {start};
  while (!open.empty()) {
    const auto index = static_cast<std::size_t>(open.back());
    open.pop_back();
    if (seen[index]) {
      continue;
    }
    seen[index] = true;
    const std::vector<int>& next = file.stages[index].used_stages;
    open.insert(open.end(), next.begin(), next.end());
  }
  return seen;
}

// Stages are taken away as long as they need none that is left; what stays stands in a circle.
void refuse_circles(const Source& source, const Dockerfile& file) {
  std::vector<bool> done(file.stages.size(), false);
  bool progress = true;
  while (progress) {
    progress = false;
    for (const Stage& stage : file.stages) {
      const bool ready =
          std::all_of(stage.used_stages.begin(), stage.used_stages.end(),
                      [&](int used) { return done[static_cast<std::size_t>(used)]; });
      if (ready && !done[static_cast<std::size_t>(stage.index)]) {
        progress = done[static_cast<std::size_t>(stage.index)] = true;
      }
    }
  }
  const auto circle = std::find(done.begin(), done.end(), false);
  if (circle != done.end()) {
    const Stage& stage = file.stages[static_cast<std::size_t>(circle - done.begin())];
    const std::string name = stage.name.empty() ? std::to_string(stage.index) : stage.name;
    source.fail(stage.from.span.offset, "stage '" + name + "' needs itself, in a circle");
  }
}

int find_target_stage(const Dockerfile& file, const std::string& target) {
  if (target.empty()) {
    return stage_count(file) - 1;
  }
  if (const auto named = find_stage(file, target, stage_count(file))) {
    return *named;
  }
  if (is_number(target) && std::stoi(target) < stage_count(file)) {
    return std::stoi(target);
  }
  std::vector<std::string> names;
  for (const Stage& stage : file.stages) {
    if (!stage.name.empty()) {
      names.push_back(stage.name);
    }
  }
  const auto near = did_you_mean(target, names);
  throw UserError(file.path + ": there is no stage '" + target + "'" +
                      (near ? "; did you mean '" + *near + "'?" : std::string()),
                  names.empty() ? "name a stage: FROM IMAGE AS " + target
                                : "its stages are " + join(names, ", "));
}

}  // namespace

std::vector<StageReference> flag_references(const Source& source, const Dockerfile& file,
                                            int index) {
  const Stage& stage = stage_at(file, index);
  std::vector<StageReference> result;
  for (std::size_t i = 0; i < stage.instructions.size(); ++i) {
    if (has_source_flag(stage.instructions[i])) {
      add_flag_references(source, file, stage.instructions[i], static_cast<int>(i), result);
    }
  }
  return result;
}

std::vector<StageReference> stage_references(const Source& source, const Dockerfile& file,
                                             int index, const Variables& variables) {
  std::vector<StageReference> result = flag_references(source, file, index);
  result.insert(result.begin(), from_reference(source, file, stage_at(file, index), variables));
  return result;
}

void resolve_stages(const Source& source, Dockerfile& file, const Variables& arguments) {
  const Variables variables = global_variables(source, file, arguments);
  for (Stage& stage : file.stages) {
    stage.platform = expand_platform(source, file, stage, variables);
    for (const StageReference& reference : stage_references(source, file, stage.index, variables)) {
      if (!reference.stage) {
        continue;
      }
      if (reference.use.kind == ImageUse::Kind::from) {
        stage.base_stage = reference.stage;
      }
      if (std::find(stage.used_stages.begin(), stage.used_stages.end(), *reference.stage) ==
          stage.used_stages.end()) {
        stage.used_stages.push_back(*reference.stage);
      }
    }
  }
  refuse_circles(source, file);
}

std::vector<int> needed_stages(const Dockerfile& file, const std::string& target) {
  const std::vector<bool> reached = reach(file, find_target_stage(file, target));
  std::vector<int> needed;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i]) {
      needed.push_back(static_cast<int>(i));
    }
  }
  return needed;
}

std::vector<ImageUse> image_uses(const Dockerfile& file, const std::vector<int>& needed,
                                 const Variables& arguments) {
  const Source source(file.text, file.path);
  const Variables variables = global_variables(source, file, arguments);
  std::vector<ImageUse> uses;
  for (const int index : needed) {
    const Stage& stage = stage_at(file, index);
    for (StageReference& reference : stage_references(source, file, index, variables)) {
      if (reference.use.resolved.empty()) {
        source.fail(reference.use.span.offset,
                    "'" + reference.use.written + "' gives no image name",
                    "give the ARG a default before the first FROM");
      }
      if (!reference.stage && !reference.is_scratch) {
        uses.push_back(std::move(reference.use));
      }
    }
    for (const Flag& flag : stage.from.flags) {
      if (expand_at(source, flag.span, flag.value, variables, file.escape).empty()) {
        source.fail(flag.span.offset, "'" + flag.value + "' gives no platform");
      }
    }
  }
  return uses;
}

}  // namespace cairn::dockerfile
