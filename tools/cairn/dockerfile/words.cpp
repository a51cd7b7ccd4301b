// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/words.hpp"

#include <nlohmann/json.hpp>

namespace cairn::dockerfile {
namespace {

// BuildKit's parseWords as a machine of three states.
class WordSplitter {
 public:
  WordSplitter(std::string_view text, char escape) : text_(text), escape_(escape) {}

  std::vector<std::string> run() {
    while (position_ < text_.size()) {
      step();
    }
    finish_word();
    return words_;
  }

 private:
  void step() {
    const std::size_t space = space_length(text_, position_);
    if (quote_ == 0 && space != 0) {
      finish_word();
      position_ += space;
      return;
    }
    const char byte = text_[position_];
    if (quote_ != 0 && byte == quote_) {
      quote_ = 0;
    } else if (quote_ == 0 && (byte == '\'' || byte == '"')) {
      quote_ = byte;
      quoted_ = true;
    } else if (byte == escape_ && quote_ != '\'') {
      take_escape();
      return;
    }
    word_ += byte;
    ++position_;
  }

  // Escape character and the next one both stay; at the end of the text it is dropped.
  void take_escape() {
    if (position_ + 1 < text_.size()) {
      word_ += text_.substr(position_, 2);
    }
    position_ += 2;
  }

  void finish_word() {
    if (quoted_ || !word_.empty()) {
      words_.push_back(word_);
    }
    word_.clear();
    quoted_ = false;
  }

  std::string_view text_;
  char escape_;
  std::size_t position_ = 0;
  char quote_ = 0;
  bool quoted_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

std::vector<Piece> split_blanks(const Piece& text) {
  std::vector<Piece> words;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.value.size(); ++i) {
    if (i < text.value.size() && !is_blank(text.value[i])) {
      continue;
    }
    if (i > start) {
      words.push_back(text.substr(start, i - start));
    }
    start = i + 1;
  }
  return words;
}

std::vector<std::string> split_quoted(std::string_view text, char escape) {
  return WordSplitter(text, escape).run();
}

JsonWords parse_json_words(std::string_view text) {
  std::size_t first = 0;
  while (const std::size_t length = space_length(text, first)) {
    first += length;
  }
  if (first >= text.size() || text[first] != '[') {
    return {};
  }
  const auto array = nlohmann::json::parse(text.substr(first), nullptr, false);
  if (!array.is_array()) {
    return {};
  }
  JsonWords result{JsonWords::Kind::strings, {}};
  for (const auto& item : array) {
    if (!item.is_string()) {
      return {JsonWords::Kind::mixed, {}};
    }
    result.words.push_back(item.get<std::string>());
  }
  return result;
}

}  // namespace cairn::dockerfile
