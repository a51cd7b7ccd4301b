// SPDX-License-Identifier: BSD-3-Clause
//
// cairn_describe FILE…: writes what Cairn reads in each case beside it, as `<case>.expected`, for
// a person to judge.
#include "base/error.hpp"
#include "base/file.hpp"
#include "corpus/describe.hpp"

#include <iostream>

int main(int count, char** arguments) {
  try {
    for (int i = 1; i < count; ++i) {
      const std::string text = cairn::corpus::describe(arguments[i]);
      cairn::write_file(cairn::corpus::expected_file(arguments[i]), text);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << cairn::format_error(error);
    return 1;
  }
}
