// SPDX-License-Identifier: BSD-3-Clause
#include "base/pattern.hpp"

#include "base/error.hpp"

#include <fmt/core.h>

#include <pcre2.h>
#include <vector>

namespace cairn {
namespace {

// ECMAScript where PCRE2 differs by default: `$` only at the very end, `[]` never matches, `\u`.
constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS |
                                   PCRE2_ALT_BSUX | PCRE2_MATCH_UNSET_BACKREF;

std::string describe(int error) {
  PCRE2_UCHAR buffer[256];
  pcre2_get_error_message(error, buffer, sizeof buffer);
  std::string text;
  for (const PCRE2_UCHAR* c = buffer; *c != 0; ++c)
    text += static_cast<char>(*c);
  return text;
}

using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

PCRE2_SPTR bytes_of(std::string_view text) {
  // An empty view may hold no address, and PCRE2 wants one.
  return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
}

}  // namespace

struct Pattern::Code {
  explicit Code(pcre2_code* compiled) : code(compiled) {}
  ~Code() { pcre2_code_free(code); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  static std::shared_ptr<const Code> compile(std::string_view text, std::uint32_t options) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code =
        pcre2_compile(bytes_of(text), text.size(), options, &error, &offset, nullptr);
    if (code == nullptr) {
      throw UserError(fmt::format("invalid regular expression '{}': {} at offset {}", text,
                                  describe(error), offset),
                      "the dialect is ECMAScript's; put \\ before a special character");
    }
    return std::make_shared<const Code>(code);
  }

  pcre2_code* code;
};

Pattern::Pattern(std::string_view text)
    : text_(text), code_(Code::compile(text, kOptions | PCRE2_MATCH_INVALID_UTF)) {}

bool Pattern::found_in(std::string_view text) const {
  return first_group(text).has_value();
}

std::optional<std::string> Pattern::first_group(std::string_view text) const {
  const MatchData data(pcre2_match_data_create_from_pattern(code_->code, nullptr),
                       &pcre2_match_data_free);
  const int count =
      pcre2_match(code_->code, bytes_of(text), text.size(), 0, 0, data.get(), nullptr);
  if (count == PCRE2_ERROR_NOMATCH) return std::nullopt;
  if (count < 0) {
    throw Error(fmt::format("regular expression '{}' gave up: {}", text_, describe(count)));
  }
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
  const std::size_t group = count > 1 && ends[2] != PCRE2_UNSET ? 1 : 0;
  return std::string(text.substr(ends[2 * group], ends[2 * group + 1] - ends[2 * group]));
}

LinearPattern::LinearPattern(std::string_view text)
    : text_(text), code_(Pattern::Code::compile(text, kOptions)) {}

bool LinearPattern::found_in(std::string_view text) const {
  const MatchData data(pcre2_match_data_create_from_pattern(code_->code, nullptr),
                       &pcre2_match_data_free);
  int result = PCRE2_ERROR_DFA_WSSIZE;
  for (std::size_t size = 1 << 10; result == PCRE2_ERROR_DFA_WSSIZE && size <= 1 << 24; size *= 8) {
    std::vector<int> workspace(size);
    result = pcre2_dfa_match(code_->code, bytes_of(text), text.size(), 0, PCRE2_DFA_SHORTEST,
                             data.get(), nullptr, workspace.data(), workspace.size());
  }
  if (result == PCRE2_ERROR_NOMATCH) return false;
  if (result < 0) {
    throw Error(fmt::format("regular expression '{}' gave up: {}", text_, describe(result)));
  }
  return true;
}

}  // namespace cairn
