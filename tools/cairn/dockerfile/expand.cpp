// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/expand.hpp"

#include "dockerfile/shell_pattern.hpp"
#include "dockerfile/source.hpp"

#include <optional>

namespace cairn::dockerfile {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr int kDeepest = 100;
// What Linux takes as one variable of a program (execve(2), MAX_ARG_STRLEN).
constexpr std::size_t kLongest = std::size_t{128} * 1024;
constexpr std::size_t kMostReplaced = 100 * kLongest;  // made in memory before it is measured
constexpr char kNone = '\0';

bool is_name_byte(char byte) {
  // Letters beyond ASCII are letters to Go; every byte of theirs has the top bit.
  return is_letter(byte) || is_digit(byte) || byte == '_' ||
         (static_cast<unsigned char>(byte) & 0x80) != 0;
}

bool is_special_parameter(char byte) {
  return std::string_view("@*#?-$!0").find(byte) != std::string_view::npos;
}

// Collects the text and, split on blanks that no quote protects, its words.
class Collector {
 public:
  void add_plain(std::string_view text) {
    result_.text += text;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t space = space_length(text, i);
      if (space != 0) {
        finish_word();
      } else {
        word_ += text[i];
      }
      i += space != 0 ? space : 1;
    }
  }

  void add_raw(std::string_view text) {
    result_.text += text;
    word_ += text;
  }

  Expansion finish() {
    finish_word();
    return std::move(result_);
  }

 private:
  void finish_word() {
    if (!word_.empty()) {
      result_.words.push_back(word_);
      word_.clear();
    }
  }

  Expansion result_;
  std::string word_;
};

class Expander {
 public:
  Expander(std::string_view text, const Variables& variables, const ExpandOptions& options)
      : text_(text), variables_(variables), options_(options) {}

  Expansion run() { return until(kNone, options_.raw_escapes); }

 private:
  bool at_end() const { return position_ >= text_.size(); }
  char peek() const { return at_end() ? kNone : text_[position_]; }
  char take() { return at_end() ? kNone : text_[position_++]; }

  // Reads up to and with `stop`, or to the end when `stop` is kNone.
  Expansion until(char stop, bool raw_escapes) {
    const bool outer = raw_escapes_;
    raw_escapes_ = raw_escapes;
    Collector collector;
    while (!at_end() && (stop == kNone || peek() != stop)) {
      add_next(collector);
    }
    if (stop != kNone) {
      if (at_end()) {
        throw ExpandError(std::string("missing '") + stop + "'");
      }
      ++position_;
    }
    raw_escapes_ = outer;
    return collector.finish();
  }

  void add_next(Collector& collector) {
    const char byte = peek();
    if (byte == '$') {
      collector.add_plain(dollar());
    } else if (byte == '\'') {
      collector.add_raw(single_quote());
    } else if (byte == '"') {
      collector.add_raw(double_quote());
    } else if (byte == '<') {
      collector.add_raw(heredoc_sign());
    } else if (byte == options_.escape) {
      ++position_;
      std::string kept = raw_escapes_ ? std::string(1, byte) : std::string();
      kept += take_character();
      collector.add_raw(kept);
    } else {
      collector.add_plain(take_character());
    }
  }

  // The blanks behind `<<` belong to the word that begins with it.
  std::string_view heredoc_sign() {
    const std::size_t start = position_++;
    if (peek() == '<') {
      ++position_;
      while (peek() == ' ' || peek() == '\t' || peek() == '\r') {
        ++position_;
      }
    }
    return text_.substr(start, position_ - start);
  }

  std::string_view take_character() {
    if (at_end()) {
      return {};
    }
    const std::size_t start = position_;
    position_ += character_length(text_, start);
    return text_.substr(start, position_ - start);
  }

  std::string quoted(const std::string& inner, char quote) const {
    return options_.raw_quotes ? quote + inner + quote : inner;
  }

  std::string single_quote() {
    const std::size_t close = text_.find('\'', position_ + 1);
    if (close == std::string_view::npos) {
      throw ExpandError("missing closing single quote");
    }
    const std::string inner(text_.substr(position_ + 1, close - position_ - 1));
    position_ = close + 1;
    return quoted(inner, '\'');
  }

  std::string double_quote() {
    ++position_;
    std::string inner;
    while (peek() != '"' || at_end()) {
      if (at_end()) {
        throw ExpandError("missing closing double quote");
      }
      if (peek() == '$') {
        inner += dollar();
        continue;
      }
      const char byte = take();
      if (byte != options_.escape) {
        inner += byte;
        continue;
      }
      if (raw_escapes_) {
        inner += byte;
      }
      if (at_end()) {
        continue;  // the missing quote is the error
      }
      // Only these can be escaped; before all others the escape character is itself.
      const bool escapes = peek() == '"' || peek() == '$' || peek() == options_.escape;
      inner += escapes ? take() : byte;
    }
    ++position_;
    return quoted(inner, '"');
  }

  std::string name() {
    if (is_digit(peek()) || is_special_parameter(peek())) {
      const bool number = is_digit(peek());
      std::string result(1, take());
      while (number && is_digit(peek())) {
        result += take();
      }
      return result;
    }
    std::string result;
    while (!at_end() && is_name_byte(peek())) {
      result += take();
    }
    return result;
  }

  std::optional<std::string> value_of(const std::string& key) const {
    const auto found = variables_.find(key);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  }

  // A line can name a variable thousands of times, and each may have grown in the line above.
  std::string dollar() {
    std::string result = substitution();
    substituted_ += result.size();
    if (substituted_ > kLongest) {
      throw ExpandError("substitutions make more than " + std::to_string(kLongest) + " bytes");
    }
    return result;
  }

  std::string substitution() {
    ++position_;
    if (peek() == '{') {
      ++position_;
      return braced();
    }
    const std::string key = name();
    if (key.empty()) {
      return "$";
    }
    const auto value = value_of(key);
    return value ? *value : options_.keep_unset ? "$" + key : std::string();
  }

  std::string braced() {
    if (at_end()) {
      throw ExpandError("missing '}'");
    }
    if (peek() == '{' || peek() == '}' || peek() == ':') {
      throw ExpandError("bad substitution");
    }
    if (++depth_ > kDeepest) {
      throw ExpandError("substitutions nested too deeply");
    }
    const std::string key = name();
    std::string result;
    if (peek() == '}' && !at_end()) {
      ++position_;
      const auto value = value_of(key);
      result = value ? *value : options_.keep_unset ? "${" + key + "}" : std::string();
    } else if (peek() == '/') {
      result = replaced(key);
    } else {
      result = modified(key);
    }
    --depth_;
    return result;
  }

  std::string modified(const std::string& key) {
    std::string written(1, take());
    const bool empty_is_unset = written == ":";
    if (empty_is_unset) {
      written += take();
    }
    const char kind = written.back();
    if (std::string_view("+-?#%").find(kind) == std::string_view::npos || kind == kNone) {
      throw ExpandError(kind == kNone ? "missing '}'"
                                      : "unsupported modifier '" + written + "' in substitution");
    }
    const std::string word = until('}', kind == '#' || kind == '%').text;
    const auto value = value_of(key);
    if (options_.keep_unset && !value) {
      return "${" + key + written + word + "}";
    }
    const bool usable = value && !(empty_is_unset && value->empty());
    switch (kind) {
      case '-':
        return usable ? *value : word;
      case '+':
        return usable ? word : std::string();
      case '?':
        if (!usable) {
          const std::string reason =
              value ? "is not allowed to be empty" : "is not allowed to be unset";
          throw ExpandError("'" + key + "': " + (word.empty() ? reason : word));
        }
        return *value;
      default:
        return cut(kind, word, value.value_or(""));
    }
  }

  // `#` and `%` cut the shortest match, doubled the longest.
  static std::string cut(char kind, std::string word, const std::string& value) {
    const bool longest = !word.empty() && word.front() == kind;
    const ShellPattern pattern(longest ? word.substr(1) : word);
    return kind == '#' ? pattern.without_prefix(value, longest)
                       : pattern.without_suffix(value, longest);
  }

  std::string replaced(const std::string& key) {
    ++position_;
    const bool all = peek() == '/';
    if (all) {
      ++position_;
    }
    const std::string pattern = until('/', true).text;
    const std::string word = until('}', true).text;
    const auto value = value_of(key);
    if (options_.keep_unset && !value) {
      return "${" + key + "/" + pattern + "/" + word + "}";
    }
    if (value && value->size() * word.size() > kMostReplaced) {
      throw ExpandError("the replacement in '" + key + "' is too long");
    }
    return ShellPattern(pattern).replaced(value.value_or(""), word, all);
  }

  std::string_view text_;
  const Variables& variables_;
  const ExpandOptions& options_;
  std::size_t position_ = 0;
  bool raw_escapes_ = false;
  int depth_ = 0;
  std::size_t substituted_ = 0;
};

}  // namespace

Expansion expand(std::string_view text, const Variables& variables, const ExpandOptions& options) {
  return Expander(text, variables, options).run();
}

std::vector<std::string> mentioned_variables(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t i = text.find('$'); i != std::string_view::npos; i = text.find('$', i + 1)) {
    std::size_t start = i + 1;
    if (start < text.size() && text[start] == '{') {
      ++start;
    }
    std::size_t end = start;
    while (end < text.size() && is_name_byte(text[end])) {
      ++end;
    }
    if (end > start) {
      names.emplace_back(text.substr(start, end - start));
    }
  }
  return names;
}

}  // namespace cairn::dockerfile
