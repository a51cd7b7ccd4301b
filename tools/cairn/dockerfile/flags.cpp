// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/flags.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

// BuildKit's extractBuilderFlags: reads words that begin with '--' and takes their quotes off.
class FlagReader {
 public:
  explicit FlagReader(const Piece& text) : text_(text) {}

  // Leaves the rest of the text in `rest`.
  std::vector<Piece> run(Piece& rest) {
    while (true) {
      while (const std::size_t length = space_length(text_.value, position_)) {
        position_ += length;
      }
      if (text_.value.compare(position_, 2, "--") != 0) {
        break;
      }
      Piece word = read_word();
      if (word.value == "--") {
        break;
      }
      flags_.push_back(std::move(word));
    }
    rest = text_.substr(position_);
    return flags_;
  }

 private:
  Piece read_word() {
    Piece word;
    char quote = 0;
    for (; position_ < text_.value.size(); ++position_) {
      const char byte = text_.value[position_];
      if (quote == 0 && space_length(text_.value, position_) != 0) {
        break;
      }
      if (byte == quote) {
        quote = 0;
      } else if (quote == 0 && (byte == '\'' || byte == '"')) {
        quote = byte;
      } else if (byte != '\\') {
        word.append(byte, text_.at[position_]);
      } else if (position_ + 1 < text_.value.size()) {
        ++position_;
        word.append(text_.value[position_], text_.at[position_]);
      }
    }
    return word;
  }

  const Piece& text_;
  std::size_t position_ = 0;
  std::vector<Piece> flags_;
};

}  // namespace

SplitInstruction split_instruction(const Piece& line) {
  const Piece trimmed = line.trimmed();
  const auto is_end = [](char byte) { return is_blank(byte); };
  const auto end = std::find_if(trimmed.value.begin(), trimmed.value.end(), is_end);
  const auto length = static_cast<std::size_t>(end - trimmed.value.begin());
  SplitInstruction result;
  result.keyword = trimmed.substr(0, length);
  result.flags = FlagReader(trimmed.substr(length)).run(result.rest);
  result.rest = result.rest.trimmed();
  return result;
}

FlagParts split_flag(const Piece& word) {
  const std::size_t equals = word.value.find('=');
  if (equals == std::string::npos) {
    return {word.value.substr(2), std::nullopt};
  }
  return {word.value.substr(2, equals - 2), word.substr(equals + 1)};
}

Span replaceable_span(const Source& source, const Piece& value) {
  std::size_t begin = value.at.front();
  std::size_t end = value.at.back() + 1;
  const std::string_view text = source.text();
  for (const char quote : {'"', '\''}) {
    const std::string_view raw = text.substr(begin, end - begin);
    if (std::count(raw.begin(), raw.end(), quote) % 2 == 0) {
      continue;
    }
    if (begin > 0 && text[begin - 1] == quote) {
      --begin;
    } else if (end < text.size() && text[end] == quote) {
      ++end;
    }
  }
  return source.span(begin, end - begin);
}

}  // namespace cairn::dockerfile
