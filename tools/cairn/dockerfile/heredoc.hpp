// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/dockerfile.hpp"
#include "dockerfile/lexer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// What a word like `0<<-'EOF'` says.
struct HeredocWord {
  std::string name;
  bool expand = true;         ///< no part of the word was quoted
  bool strip_tabs = false;    ///< `<<-`
  bool after_blanks = false;  ///< `<< EOF`: a heredoc only where something ends it
};

/// Reads one word; nothing when it is no heredoc. Throws ExpandError for an open quote in it.
std::optional<HeredocWord> parse_heredoc_word(const std::string& word);

/// The heredocs that a logical line announces, in order.
std::vector<HeredocWord> find_heredocs(const std::string& line);

/// Reads the bodies of `words` from `lexer`. Contents are raw: `<<-` leaves the tabs in them, the
/// announcing word tells. Throws UserError at `offset` for one that is not terminated.
std::vector<Heredoc> read_heredocs(Lexer& lexer, const Source& source,
                                   const std::vector<HeredocWord>& words, std::size_t offset);

}  // namespace cairn::dockerfile
