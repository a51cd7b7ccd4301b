// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

/// The word of `known` nearest to `word`, when near enough to be a typing slip.
std::optional<std::string> did_you_mean(std::string_view word,
                                        const std::vector<std::string>& known);

std::string format_bytes(std::uint64_t bytes);  ///< `1.94 GB`, decimal units as engines print
std::string format_seconds(double seconds);     ///< `0.4 s`, `12.3 s`, `4 min 30 s`
std::string join(const std::vector<std::string>& items, std::string_view separator);

/// The last `count` lines of `text`.
std::string last_lines(std::string_view text, std::size_t count);

/// `word` as a POSIX shell reads it back; unquoted where that is safe.
std::string shell_quote(std::string_view word);
std::string shell_quote(const std::vector<std::string>& words);

/// Splits a command line as a POSIX shell would (quotes and backslashes; no expansions).
/// Throws UserError on an open quote.
std::vector<std::string> shell_split(std::string_view line);

std::vector<std::string> split(std::string_view text, char separator);
std::vector<std::string> split_lines(std::string_view text);  ///< without their ends
bool starts_with_digit(std::string_view text);
std::string trim(std::string_view text);
std::string to_lower(std::string_view text);

/// Removes ANSI escape sequences (ECMA-48 CSI and OSC).
std::string without_ansi(std::string_view text);

}  // namespace cairn
