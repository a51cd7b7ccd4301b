// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// A regular expression as users write it in probes and tests: ECMAScript's dialect, read by PCRE2
/// (which also takes what RE2 users expect, `(?i)` and `\z`; std::regex overflows its stack on
/// long logs). `^` and `$` are the ends of the whole text, unless `(?m)` says lines.
class Pattern {
 public:
  /// Throws UserError `invalid regular expression '(': <what> at offset 1`.
  explicit Pattern(std::string_view text);

  /// Whether it is found anywhere in `text`.
  bool found_in(std::string_view text) const;
  /// What its first group matched, or the whole match where it has no group; nothing when it is
  /// not found.
  std::optional<std::string> first_group(std::string_view text) const;

  const std::string& text() const { return text_; }

 private:
  friend class LinearPattern;
  struct Code;
  std::string text_;
  std::shared_ptr<const Code> code_;
};

/// A regular expression without back references, tried in all ways side by side as RE2 does: no
/// repetition in a repetition makes it take long. The dialect is that of Pattern.
class LinearPattern {
 public:
  /// Throws UserError as Pattern does.
  explicit LinearPattern(std::string_view text);

  /// Whether it is found anywhere in `text`, which is UTF-8. Throws Error for other bytes.
  bool found_in(std::string_view text) const;

 private:
  std::string text_;
  std::shared_ptr<const Pattern::Code> code_;
};

}  // namespace cairn
