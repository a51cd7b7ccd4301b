// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "commands/command_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::commands {

/// What one command line gave.
struct Answer {
  int exit_code = 0;
  std::string out;
  std::string error;  ///< as main prints it; empty when it did not fail
};

/// Runs `cairn <words>` in this process.
inline Answer run_verb(std::vector<std::string> words, const Context& context = {}) {
  std::vector<char*> argv;
  words.insert(words.begin(), "cairn");
  for (std::string& word : words)
    argv.push_back(word.data());
  Answer answer;
  ::testing::internal::CaptureStdout();
  try {
    answer.exit_code =
        static_cast<int>(run_command_line(static_cast<int>(argv.size()), argv.data(), context));
  } catch (const Error& error) {
    answer.exit_code = static_cast<int>(error.exit_code());
    answer.error = format_error(error);
  }
  answer.out = ::testing::internal::GetCapturedStdout();
  return answer;
}

}  // namespace cairn::commands
