// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "dockerfile/dockerfile.hpp"

#include <functional>
#include <string>

namespace cairn::dockerfile {

/// The message of the UserError that `action` throws; `(nothing thrown)` when it does not.
inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

inline Dockerfile read(const std::string& text,
                       const std::map<std::string, std::string>& arguments = {}) {
  return parse(text, "Dockerfile", arguments);
}

inline std::string error_of(const std::string& text) {
  return message_of([&text] { read(text); });
}

/// The texts of its parts: their names are for people.
inline std::string key_of(const Dockerfile& file) {
  std::string text;
  for (const RecipePart& part : recipe_parts(file, needed_stages(file, "")))
    text += part.text;
  return text;
}

inline std::string key_of(const std::string& text) {
  return key_of(read(text));
}

/// The text of the first instruction behind `FROM scratch`.
inline std::string text_of(const std::string& instruction) {
  return read("FROM scratch\n" + instruction).stages.at(0).instructions.at(0).text;
}

}  // namespace cairn::dockerfile
