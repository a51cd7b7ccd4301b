// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/heredoc.hpp"

#include "dockerfile/expand.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

std::ptrdiff_t count_quotes(const std::string& word) {
  return std::count_if(word.begin(), word.end(),
                       [](char byte) { return byte == '\'' || byte == '"'; });
}

// What a line says that may end a heredoc.
std::string_view terminator_of(std::string_view raw, bool strip_tabs) {
  while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) {
    raw.remove_suffix(1);
  }
  while (strip_tabs && raw.starts_with('\t')) {
    raw.remove_prefix(1);
  }
  return raw;
}

// Looks ahead on a reader of its own.
bool is_terminated(Lexer lexer, const HeredocWord& word) {
  while (const auto raw = lexer.next_raw_line()) {
    if (terminator_of(*raw, word.strip_tabs) == word.name) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<HeredocWord> parse_heredoc_word(const std::string& word) {
  std::size_t position = 0;
  while (position < word.size() && is_digit(word[position])) {
    ++position;
  }
  if (word.compare(position, 2, "<<") != 0) {
    return std::nullopt;
  }
  position += 2;
  HeredocWord result;
  if (position < word.size() && word[position] == '-') {
    result.strip_tabs = true;
    ++position;
  }
  const std::size_t begin = std::min(word.find_first_not_of(" \t\n\f\r", position), word.size());
  result.after_blanks = begin > position;
  const std::string name = word.substr(begin);
  if (name.empty() || name.find('<') != std::string::npos) {
    return std::nullopt;
  }
  // Escapes in the word are always '\'. A quote that is there raw and gone when read was a quote.
  ExpandOptions options;
  options.keep_unset = true;
  const Expansion read = expand(name, {}, options);
  options.raw_quotes = true;
  const Expansion raw = expand(name, {}, options);
  if (read.words.size() != 1 || raw.words.size() != 1) {
    return std::nullopt;
  }
  result.name = read.words.front();
  result.expand = count_quotes(result.name) == count_quotes(raw.words.front());
  return result;
}

std::vector<HeredocWord> find_heredocs(const std::string& line) {
  ExpandOptions options;
  options.raw_quotes = true;
  options.raw_escapes = true;
  options.keep_unset = true;
  std::vector<std::string> words;
  try {
    words = expand(line, {}, options).words;
  } catch (const ExpandError&) {
    return {};  // a line that is no shell text to BuildKit has no heredocs; the shell judges it
  }
  std::vector<HeredocWord> result;
  for (const std::string& word : words) {
    if (auto heredoc = parse_heredoc_word(word)) {
      result.push_back(std::move(*heredoc));
    }
  }
  return result;
}

std::vector<Heredoc> read_heredocs(Lexer& lexer, const Source& source,
                                   const std::vector<HeredocWord>& words, std::size_t offset) {
  std::vector<Heredoc> result;
  for (const HeredocWord& word : words) {
    // Front ends before 1.16 do not know `<< EOF`, and it may be a shift: `$((1 << 2))`.
    if (word.after_blanks && !is_terminated(lexer, word)) {
      continue;
    }
    Heredoc heredoc{word.name, {}, word.expand};
    while (true) {
      const auto raw = lexer.next_raw_line();
      if (!raw) {
        source.fail(offset, "heredoc '" + word.name + "' is not terminated",
                    "write '" + word.name + "' alone on the line after its content");
      }
      if (terminator_of(*raw, word.strip_tabs) == word.name) {
        break;
      }
      heredoc.content += *raw;
    }
    result.push_back(std::move(heredoc));
  }
  return result;
}

}  // namespace cairn::dockerfile
