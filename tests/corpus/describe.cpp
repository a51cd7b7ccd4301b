// SPDX-License-Identifier: BSD-3-Clause
#include "corpus/describe.hpp"

#include "base/file.hpp"

namespace cairn::corpus {

std::filesystem::path expected_file(const std::filesystem::path& file) {
  return std::filesystem::path(file).replace_extension(".expected");
}

std::string describe(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  const std::string expected = read_file_if_present(expected_file(file)).value_or("");
  return file.extension() == ".dockerignore" ? describe_ignore_file(text, expected)
                                             : describe_recipe(text, expected);
}

}  // namespace cairn::corpus
