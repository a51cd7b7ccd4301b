// SPDX-License-Identifier: BSD-3-Clause
#include "registry/challenge.hpp"

#include "base/text.hpp"

#include <vector>

namespace cairn::registry {
namespace {

/// Reads the header's grammar from left to right.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  void skip(const char* characters) {
    const std::size_t found = text_.find_first_not_of(characters, at_);
    at_ = found == std::string::npos ? text_.size() : found;
  }
  std::string token() {
    const std::size_t end = std::min(text_.find_first_of(" \t,=\"", at_), text_.size());
    std::string word = text_.substr(at_, end - at_);
    at_ = end;
    return word;
  }
  bool take(char character) {
    if (at_end() || text_[at_] != character) return false;
    ++at_;
    return true;
  }
  std::string value() {
    if (!take('"')) return token();
    std::string text;
    while (!at_end() && !take('"')) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      text += text_[at_++];
    }
    return text;
  }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

std::vector<Challenge> read_challenges(const std::string& header) {
  std::vector<Challenge> all;
  Reader reader(header);
  for (reader.skip(" \t,"); !reader.at_end(); reader.skip(" \t,")) {
    const std::string word = to_lower(reader.token());
    reader.skip(" \t");
    if (reader.take('=')) {
      reader.skip(" \t");
      const std::string value = reader.value();
      if (!all.empty()) all.back().parameters.emplace(word, value);
    } else if (!word.empty()) {
      all.push_back({word, {}});
    } else {
      break;  // no word where one must be: what follows cannot be told apart
    }
  }
  return all;
}

}  // namespace

std::optional<Challenge> find_challenge(const std::string& header) {
  for (Challenge& challenge : read_challenges(header)) {
    const bool bearer = challenge.scheme == "bearer" && challenge.parameters.count("realm") != 0;
    if (bearer || challenge.scheme == "basic") return std::move(challenge);
  }
  return std::nullopt;
}

}  // namespace cairn::registry
