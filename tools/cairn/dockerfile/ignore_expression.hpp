// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace cairn::dockerfile {

/// Who reads a pattern: Go's filepath.Match, as the sources of a COPY are matched; or one of the
/// two that make a regular expression of a pattern unless it is plain text: docker's
/// moby/patternmatcher, which forgets to escape `|` and `{2}`, so that they are operators there;
/// and the older code of docker 20.10, podman and buildah, which forgets `+ ( )` too.
enum class PatternReading { glob, docker, older };

/// Whether a well-formed pattern says more as the regular expression that the engines make of it
/// than its wildcards do. Throws std::invalid_argument for an escape that is none, or none that is
/// read here.
bool needs_expression(std::string_view pattern, PatternReading reading);

/// That expression, for LinearPattern. Throws std::invalid_argument for what PCRE takes and Go's
/// expressions do not: a repetition of a repetition, which is what `a++`, `a*+` and `a+{2}` are,
/// and counts above 1,000.
std::string as_regular_expression(std::string_view pattern, PatternReading reading);

/// Whether `\<letter>` stands for a kind of character, as `\d` does.
bool is_class_escape(char letter);

}  // namespace cairn::dockerfile
