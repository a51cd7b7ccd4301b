// SPDX-License-Identifier: BSD-3-Clause
//
// The canonical recipe. One line an instruction, its fields in the form `<bytes>:<text>`:
//   cairn-recipe 1
//   escape <character>
//   global <name> [<default>]                       ARG before the first FROM that is needed
//   stage <number among the needed>
//   <KEYWORD> {flag <name> <value>} {json|plain} {word} {heredoc <name> <expand> <content>}
// A reference to a stage is `stage:<number>`, one to an image `image:<as written>`.
#include "dockerfile/arguments.hpp"
#include "dockerfile/expand.hpp"
#include "dockerfile/stages.hpp"

#include <algorithm>
#include <set>

namespace cairn::dockerfile {
namespace {

std::string field(const std::string& text) {
  return " " + std::to_string(text.size()) + ":" + text;
}

std::size_t position_of(const std::vector<int>& needed, int stage) {
  return static_cast<std::size_t>(std::find(needed.begin(), needed.end(), stage) - needed.begin());
}

std::string reference_text(const std::vector<int>& needed, const StageReference& reference) {
  return reference.stage ? "stage:" + std::to_string(position_of(needed, *reference.stage))
                         : "image:" + reference.use.written;
}

class KeyWriter {
 public:
  KeyWriter(const Dockerfile& file, const std::vector<int>& needed)
      : file_(file), needed_(needed), source_(file.text, file.path) {}

  std::vector<RecipePart> run() {
    std::vector<RecipePart> parts(1);
    for (std::size_t i = 0; i < needed_.size(); ++i) {
      const Stage& stage = file_.stages.at(static_cast<std::size_t>(needed_[i]));
      RecipePart part{stage.name.empty() ? std::to_string(i) : stage.name,
                      "stage " + std::to_string(i) + "\n"};
      write_stage(stage, part.text);
      parts.push_back(std::move(part));
    }
    // Only now is known which global arguments the stages use.
    parts.front().text = "cairn-recipe 1\nescape ";
    parts.front().text += file_.escape;
    parts.front().text += "\n" + globals();
    return parts;
  }

 private:
  void write_stage(const Stage& stage, std::string& into) {
    references_ = flag_references(source_, file_, stage.index);
    into += "FROM";
    for (const Flag& flag : stage.from.flags) {
      into += " flag" + field(flag.name) + field(flag.value);
      note_variables(flag.value);
    }
    // Which stage a FROM names was decided when the file was parsed, with the build arguments.
    StageReference base;
    base.use.written = stage.from.words.front();
    base.stage = stage.base_stage;
    if (!base.stage) {
      note_variables(base.use.written);
    }
    into += field(reference_text(needed_, base)) + "\n";
    for (std::size_t i = 0; i < stage.instructions.size(); ++i) {
      write_instruction(stage.instructions[i], static_cast<int>(i), into);
    }
  }

  void write_instruction(const Instruction& instruction, int number, std::string& into) {
    into += instruction.keyword;
    for (std::size_t i = 0; i < instruction.flags.size(); ++i) {
      const Flag& flag = instruction.flags[i];
      into += " flag" + field(flag.name) + field(flag_value(flag, number, i));
    }
    into += instruction.json_form ? " json" : " plain";
    for (const std::string& word : instruction.words) {
      into += field(word);
      if (instruction.keyword == "ARG") {
        used_.insert(parse_argument(word).name);
      }
    }
    for (const Heredoc& heredoc : instruction.heredocs) {
      into += " heredoc" + field(heredoc.name) + (heredoc.expand ? " expand" : " raw") +
              field(heredoc.content);
    }
    into += "\n";
  }

  // A flag that names a stage is written by the stage's number.
  std::string flag_value(const Flag& flag, int number, std::size_t index) const {
    for (const StageReference& reference : references_) {
      if (reference.instruction != number || reference.flag != index || !reference.stage) {
        continue;
      }
      const std::string text = reference_text(needed_, reference);
      if (flag.name != "mount") {
        return text;
      }
      return text + " " + without_from(flag.value, reference.use.written);
    }
    return flag.value;
  }

  static std::string without_from(const std::string& mount, const std::string& name) {
    std::string lower = to_upper(mount);
    const std::size_t place = lower.find("FROM=" + to_upper(name));
    std::string result = mount;
    return place == std::string::npos ? result : result.erase(place + 5, name.size());
  }

  void note_variables(const std::string& text) {
    for (const std::string& name : mentioned_variables(text)) {
      used_.insert(name);
    }
  }

  // From the last to the first, since a default may use the ARGs above it.
  std::string globals() {
    std::string result;
    for (auto instruction = file_.meta_args.rbegin(); instruction != file_.meta_args.rend();
         ++instruction) {
      for (auto word = instruction->words.rbegin(); word != instruction->words.rend(); ++word) {
        const ArgumentWord argument = parse_argument(*word);
        if (!used_.contains(argument.name)) {
          continue;
        }
        note_variables(argument.default_value);
        result.insert(0, "global" + field(argument.name) +
                             (argument.has_default ? field(argument.default_value) : "") + "\n");
      }
    }
    return result;
  }

  const Dockerfile& file_;
  const std::vector<int>& needed_;
  Source source_;
  std::vector<StageReference> references_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<RecipePart> recipe_parts(const Dockerfile& file, const std::vector<int>& needed) {
  return KeyWriter(file, needed).run();
}

}  // namespace cairn::dockerfile
