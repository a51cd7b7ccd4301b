// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/source.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// `text` split on blanks, without regard to quotes: FROM, COPY, ADD, EXPOSE, VOLUME.
std::vector<Piece> split_blanks(const Piece& text);

/// `text` split on blanks outside of quotes; quotes and escapes stay in the words: ENV, LABEL, ARG.
std::vector<std::string> split_quoted(std::string_view text, char escape);

/// What a text that may be a JSON array turned out to be.
struct JsonWords {
  enum class Kind { not_json, strings, mixed };
  Kind kind = Kind::not_json;
  std::vector<std::string> words;
};

/// An instruction is in JSON form only when all the rest of it is an array of strings; an array
/// with anything else in it is an error for the caller to report, all other text is shell form.
JsonWords parse_json_words(std::string_view text);

}  // namespace cairn::dockerfile
