// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "corpus/describe.hpp"
#include "dockerfile/dockerfile.hpp"
#include "fuzz/recipe_properties.hpp"

#include <map>
#include <vector>

namespace cairn::corpus {
namespace {

using dockerfile::Dockerfile;
using dockerfile::ImageUse;
using dockerfile::Instruction;
using dockerfile::Stage;

struct Given {
  std::string lines;  // as they stand in the file
  std::string target;
  std::map<std::string, std::string> arguments =
      dockerfile::platform_arguments("linux/amd64", "linux/amd64");
  char repeated = '\0';
  std::size_t count = 0;
};

void take(Given& given, const std::string& line) {
  given.lines += line + "\n";
  const std::vector<std::string> words = shell_split(line);
  if (words.at(0) == "--target") {
    given.target = words.at(1);
  } else if (words.at(0) == "--platform") {
    given.arguments = dockerfile::platform_arguments(words.at(1), "linux/amd64");
  } else if (words.at(0) == "--build-arg") {
    const std::size_t equals = words.at(1).find('=');
    given.arguments[words[1].substr(0, equals)] = words[1].substr(equals + 1);
  } else if (words.at(0) == "--repeat") {
    given.repeated = words.at(1).at(0);
    given.count = std::stoul(words.at(2));
  } else {
    throw UserError("a case is given nothing like '" + line + "'");
  }
}

Given read_given(const std::string& expected) {
  Given given;
  for (const std::string& line : split_lines(expected)) {
    if (!line.starts_with("--")) {
      break;
    }
    take(given, line);
  }
  return given;
}

std::string spelled_out(const std::string& text, const Given& given) {
  std::string result;
  for (const char byte : text) {
    if (given.count != 0 && byte == given.repeated) {
      result.append(given.count, 'x');
    } else {
      result += byte;
    }
  }
  return result;
}

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string words_of(const Instruction& instruction) {
  std::string text = instruction.keyword;
  for (const auto& flag : instruction.flags) {
    text += " --" + flag.name + (flag.value.empty() ? "" : "=" + quoted(flag.value));
  }
  text += instruction.json_form ? " json" : "";
  for (const std::string& word : instruction.words) {
    text += " " + quoted(word);
  }
  return text + "\n";
}

std::string describe_instruction(const Instruction& instruction) {
  std::string text = "  " + words_of(instruction);
  for (const auto& heredoc : instruction.heredocs) {
    text += "    <<" + quoted(heredoc.name) + (heredoc.expand ? " expanded " : " as it is ") +
            quoted(heredoc.content) + "\n";
  }
  return text;
}

std::string numbers(const std::vector<int>& values) {
  std::string text;
  for (const int value : values) {
    text += " " + std::to_string(value);
  }
  return text;
}

std::string describe_stage(const Stage& stage) {
  std::string text = "stage " + std::to_string(stage.index);
  text += stage.name.empty() ? "" : " '" + stage.name + "'";
  text += stage.platform.empty() ? "" : " for " + stage.platform;
  text += stage.used_stages.empty() ? "" : " uses" + numbers(stage.used_stages);
  text += "\n  " + words_of(stage.from);
  for (const Instruction& instruction : stage.instructions) {
    text += describe_instruction(instruction);
  }
  return text;
}

std::string describe_image(const ImageUse& use) {
  static const std::map<ImageUse::Kind, std::string> kinds = {
      {ImageUse::Kind::from, "FROM"},
      {ImageUse::Kind::copy_from, "COPY --from"},
      {ImageUse::Kind::mount_from, "RUN --mount"}};
  return "image " + use.resolved + " of " + kinds.at(use.kind) + " at " +
         std::to_string(use.span.line) + ":" + std::to_string(use.span.column) + "\n";
}

std::string describe_file(const std::string& recipe, const Given& given) {
  const Dockerfile file = dockerfile::parse(recipe, "Dockerfile", given.arguments);
  std::string text;
  text += file.escape == '\\' ? "" : std::string("escape ") + file.escape + "\n";
  text += file.syntax.empty() ? "" : "syntax " + file.syntax + "\n";
  for (const Instruction& argument : file.meta_args) {
    text += "global " + words_of(argument);
  }
  for (const Stage& stage : file.stages) {
    text += describe_stage(stage);
  }
  const std::vector<int> needed = needed_stages(file, given.target);
  text += "needed" + numbers(needed) + "\n";
  for (const ImageUse& use : image_uses(file, needed, given.arguments)) {
    text += describe_image(use);
  }
  return text;
}

}  // namespace

std::string describe_recipe(const std::string& text, const std::string& expected) {
  const Given given = read_given(expected);
  const std::string recipe = spelled_out(text, given);
  fuzz::check_recipe(recipe, given.arguments);
  try {
    return given.lines + describe_file(recipe, given);
  } catch (const UserError& error) {
    const std::string hint = error.hint().empty() ? "" : "hint: " + error.hint() + "\n";
    return given.lines + "error: " + error.what() + "\n" + hint;
  }
}

}  // namespace cairn::corpus
