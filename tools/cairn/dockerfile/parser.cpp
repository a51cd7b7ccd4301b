// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/text.hpp"
#include "dockerfile/directives.hpp"
#include "dockerfile/expand.hpp"
#include "dockerfile/heredoc.hpp"
#include "dockerfile/instruction.hpp"
#include "dockerfile/lexer.hpp"
#include "dockerfile/stages.hpp"

namespace cairn::dockerfile {
namespace {

void add_heredocs(Lexer& lexer, const Source& source, const Piece& line, Instruction& into) {
  std::vector<HeredocWord> words;
  try {
    words = find_heredocs(line.value);
  } catch (const ExpandError& error) {
    source.fail(into.span.offset,
                std::string("cannot read the name of a heredoc: ") + error.what());
  }
  into.heredocs = read_heredocs(lexer, source, words, into.span.offset);
}

void add_instruction(const Source& source, Dockerfile& file, Instruction instruction) {
  if (instruction.keyword == "FROM") {
    Stage stage;
    stage.index = static_cast<int>(file.stages.size());
    if (instruction.words.size() == 3) {
      stage.name = to_lower(instruction.words[2]);
    }
    stage.from = std::move(instruction);
    file.stages.push_back(std::move(stage));
  } else if (!file.stages.empty()) {
    file.stages.back().instructions.push_back(std::move(instruction));
  } else if (instruction.keyword == "ARG") {
    file.meta_args.push_back(std::move(instruction));
  } else {
    source.fail(instruction.span.offset, instruction.keyword + " stands before the first FROM");
  }
}

}  // namespace

Dockerfile parse(std::string_view text, const std::string& path,
                 const std::map<std::string, std::string>& arguments) {
  Dockerfile file;
  file.path = path;
  file.text = text;
  const Source source(file.text, path);
  const Directives directives = read_directives(source);
  file.escape = directives.escape;
  file.syntax = directives.syntax;
  Lexer lexer(source, file.escape);
  while (const std::optional<Piece> line = lexer.next()) {
    if (line->empty()) {
      source.fail(lexer.start_of_line(),
                  "no instruction follows the line's '" + std::string(1, file.escape) + "'");
    }
    ReadInstruction read = read_instruction(source, *line, file.escape);
    if (read.heredocs) {
      add_heredocs(lexer, source, *line, read.instruction);
    }
    Span& span = read.instruction.span;
    span.length = lexer.end_of_read() - span.offset;
    add_instruction(source, file, std::move(read.instruction));
  }
  if (file.stages.empty()) {
    throw UserError(path + ": there is no FROM in it", "begin it with FROM IMAGE");
  }
  resolve_stages(source, file, arguments);
  return file;
}

}  // namespace cairn::dockerfile
