// SPDX-License-Identifier: BSD-3-Clause
#include "fuzz/recipe_properties.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <vector>

namespace cairn::fuzz {
namespace {

using Arguments = std::map<std::string, std::string>;
using dockerfile::Binding;
using dockerfile::Dockerfile;
using dockerfile::ImageUse;
using dockerfile::Instruction;
using dockerfile::Stage;

constexpr const char* kPath = "recipe";

auto lines_of(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

// `recipe: what` or `recipe:<line>:<column>: what`, the line, a caret; nothing that steers a
// terminal.
void check_message(const std::string& text, const std::string& message) {
  require(message.starts_with(std::string(kPath) + ":"), "a message begins with the path");
  const bool plain = std::all_of(message.begin(), message.end(), [](char byte) {
    const bool is_control = static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
    return !is_control || byte == '\n' || byte == '\t';
  });
  require(plain, "a message has no control characters");
  if (message[7] == ' ') {
    return;  // of the whole file
  }
  const int line = std::atoi(message.c_str() + 7);
  require(line >= 1 && line <= lines_of(text) + 1, "a message names a line of the file");
  require(std::count(message.begin(), message.end(), '\n') == 2, "a message shows the line");
  require(message.ends_with('^'), "a message ends with a caret");
}

bool same_flags(const Instruction& one, const Instruction& other) {
  return std::equal(one.flags.begin(), one.flags.end(), other.flags.begin(), other.flags.end(),
                    [](const auto& a, const auto& b) { return a.name == b.name; });
}

bool same_heredocs(const Instruction& one, const Instruction& other) {
  return std::equal(one.heredocs.begin(), one.heredocs.end(), other.heredocs.begin(),
                    other.heredocs.end(), [](const auto& a, const auto& b) {
                      return a.name == b.name && a.content == b.content && a.expand == b.expand;
                    });
}

void check_same_stage(const Stage& before, const Stage& after) {
  require(before.name == after.name, "rewriting keeps a stage's name");
  require(before.from.words.size() == after.from.words.size(), "rewriting keeps FROM's words");
  require(before.instructions.size() == after.instructions.size(),
          "rewriting keeps the number of instructions");
  for (std::size_t i = 0; i < before.instructions.size(); ++i) {
    const Instruction& one = before.instructions[i];
    const Instruction& other = after.instructions[i];
    require(one.keyword == other.keyword && one.words == other.words &&
                one.json_form == other.json_form,
            "rewriting keeps every instruction");
    require(same_flags(one, other), "rewriting keeps every flag");
    require(same_heredocs(one, other), "rewriting keeps every heredoc");
  }
}

// The stages `needed` of a file, by their place among them.
std::vector<int> renumbered(const std::vector<int>& stages, const std::vector<int>& needed) {
  std::vector<int> result;
  for (const int stage : stages) {
    const auto found = std::find(needed.begin(), needed.end(), stage);
    result.push_back(static_cast<int>(found - needed.begin()));
  }
  return result;
}

std::vector<int> all_stages(const Dockerfile& file) {
  std::vector<int> all;
  for (const Stage& stage : file.stages) {
    all.push_back(stage.index);
  }
  return all;
}

struct Case {
  const Dockerfile& file;
  const std::vector<int>& needed;
  const Arguments& arguments;
};

std::vector<Binding> bind_all(const Case& given) {
  std::vector<Binding> bound;
  for (const ImageUse& use : image_uses(given.file, given.needed, given.arguments)) {
    require(use.span.offset + use.span.length <= given.file.text.size(), "spans lie in the text");
    bound.push_back({use.span, "cairn.invalid/x:" + std::to_string(bound.size())});
  }
  return bound;
}

// A name with a quote in it is none: it is refused before anything is rewritten.
bool names_images(const Case& given) {
  const std::vector<ImageUse> uses = image_uses(given.file, given.needed, given.arguments);
  return std::all_of(uses.begin(), uses.end(), [](const ImageUse& use) {
    return use.resolved.find_first_of("'\"") == std::string::npos;
  });
}

void check_rewriting(const Case& given, const std::vector<Binding>& bound, bool blank) {
  const Dockerfile& file = given.file;
  const std::string text = rewrite(file, bound, given.needed, blank, true);
  require(lines_of(text) == lines_of(file.text), "rewriting keeps the number of lines");
  const Dockerfile again = dockerfile::parse(text, kPath, given.arguments);
  require(again.escape == file.escape, "rewriting keeps the escape character");
  require(again.syntax.empty(), "rewriting drops the syntax line");
  const std::vector<int> kept = blank ? given.needed : all_stages(file);
  require(again.stages.size() == kept.size(), "rewriting keeps the stages");
  std::vector<int> needed_again;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Stage& before = file.stages[static_cast<std::size_t>(kept[i])];
    const Stage& after = again.stages[i];
    check_same_stage(before, after);
    const auto is_needed = std::find(given.needed.begin(), given.needed.end(), kept[i]);
    if (is_needed != given.needed.end()) {
      needed_again.push_back(static_cast<int>(i));
      require(renumbered(before.used_stages, kept) == after.used_stages,
              "rewriting keeps what stages refer to");
    }
  }
  std::size_t number = 0;
  for (const ImageUse& use : image_uses(again, needed_again, given.arguments)) {
    require(number < bound.size() && use.resolved == bound[number].replacement,
            "a rewritten recipe names the images it was bound to");
    ++number;
  }
  require(number == bound.size(), "a rewritten recipe names all images it was bound to");
}

std::string key_of(const Dockerfile& file) {
  std::string text;
  for (const dockerfile::RecipePart& part : recipe_parts(file, needed_stages(file, "")))
    text += part.text;
  return text;
}

// `text` with a comment and a blank line in front of every instruction and at the end.
std::string with_comments(const Dockerfile& file) {
  std::vector<std::size_t> places;
  const auto add = [&](const Instruction& instruction) {
    const std::size_t newline = file.text.rfind('\n', instruction.span.offset);
    const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
    const bool marked = start == 0 && file.text.starts_with("\xEF\xBB\xBF");
    places.push_back(marked ? 3 : start);
  };
  std::for_each(file.meta_args.begin(), file.meta_args.end(), add);
  for (const Stage& stage : file.stages) {
    add(stage.from);
    std::for_each(stage.instructions.begin(), stage.instructions.end(), add);
  }
  std::string result = file.text;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    result.insert(*place, "  # a comment\n\t\n");
  }
  return result + "\n# the end\n";
}

}  // namespace

void check_recipe(const std::string& text, const Arguments& arguments) {
  Dockerfile file;
  std::vector<int> needed;
  std::vector<Binding> bound;
  try {
    file = dockerfile::parse(text, kPath, arguments);
    needed = needed_stages(file, "");
    bound = bind_all({file, needed, arguments});
  } catch (const UserError& error) {
    check_message(text, error.what());
    return;
  }
  declared_arguments(file, needed);
  const std::string key = key_of(file);
  require(!key.empty(), "a recipe has a key");
  try {
    if (names_images({file, needed, arguments})) {
      check_rewriting({file, needed, arguments}, bound, false);
      check_rewriting({file, needed, arguments}, bound, true);
    }
    const Dockerfile commented = dockerfile::parse(with_comments(file), kPath, arguments);
    require(key_of(commented) == key, "comments and blank lines change no key");
  } catch (const UserError& error) {
    require(false, std::string("what was accepted once is accepted again: ") + error.what());
  }
}

}  // namespace cairn::fuzz
