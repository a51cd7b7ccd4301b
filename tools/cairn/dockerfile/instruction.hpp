// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/flags.hpp"
#include "dockerfile/source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::dockerfile {

/// How the rest of an instruction is cut into words.
enum class Form { blanks, json_or_blanks, json_or_text, pairs, quoted, text, health, trigger };

struct FlagRow {
  enum class Kind { text, repeated, boolean };
  const char* name;
  Kind kind;
};

/// One instruction of the language.
struct InstructionRow {
  const char* keyword;
  Form form;
  std::vector<FlagRow> flags;
  bool checks_flags;  ///< BuildKit never looks at the flags of ARG and STOPSIGNAL
  bool heredocs;      ///< may have them in shell form
};

/// All instructions, and one of them by its upper-case keyword.
const std::vector<InstructionRow>& instruction_rows();
const InstructionRow* find_instruction(const std::string& keyword);

/// An instruction with what only reading needs to know.
struct ReadInstruction {
  Instruction instruction;
  bool heredocs = false;  ///< its line may announce heredocs
};

/// Reads and checks one logical line. Heredoc contents and the end of the span are the caller's.
/// Throws UserError.
ReadInstruction read_instruction(const Source& source, const Piece& line, char escape);

/// Checks number and kind of the arguments. `place` is where messages point.
void check_arguments(const Source& source, const Instruction& instruction, std::size_t place);

/// Checks names, values and repetitions of the flags; `words` are they as written.
void check_flags(const Source& source, const InstructionRow& row, const std::vector<Piece>& words);

}  // namespace cairn::dockerfile
