// SPDX-License-Identifier: BSD-3-Clause
#include "registry/challenge.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "registry/url.hpp"

#include <algorithm>

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

void read_challenges(const std::string& header, std::vector<Challenge>& all) {
  const std::size_t before = all.size();
  Reader reader(header);
  for (reader.skip(" \t,"); !reader.at_end(); reader.skip(" \t,")) {
    const std::string word = to_lower(reader.token());
    reader.skip(" \t");
    if (reader.take('=')) {
      reader.skip(" \t");
      const std::string value = reader.value();
      if (all.size() > before) all.back().parameters.emplace(word, value);
    } else if (!word.empty()) {
      all.push_back({word, {}});
    } else {
      break;  // no word where one must be: what follows cannot be told apart
    }
  }
}

/// Whether a token can be asked for at all.
bool has_token_server(const Challenge& challenge) {
  const auto realm = challenge.parameters.find("realm");
  if (challenge.scheme != "bearer" || realm == challenge.parameters.end()) return false;
  try {
    Url::parse(realm->second);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::optional<Challenge> find_challenge(const std::vector<std::string>& headers) {
  std::vector<Challenge> all;
  for (const std::string& header : headers)
    read_challenges(header, all);
  auto best = std::find_if(all.begin(), all.end(), has_token_server);
  if (best == all.end()) {
    best = std::find_if(all.begin(), all.end(),
                        [](const Challenge& one) { return one.scheme == "basic"; });
  }
  if (best == all.end()) return std::nullopt;
  return std::move(*best);
}

}  // namespace cairn::registry
