// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/process.hpp"
#include "commands/command_line.hpp"

#include <fmt/core.h>

int main(int argc, char** argv) {
  cairn::install_interrupt_handlers();
  try {
    return static_cast<int>(cairn::commands::run_command_line(argc, argv));
  } catch (const cairn::Error& error) {
    fmt::print(stderr, "{}\n", cairn::format_error(error));
    return static_cast<int>(error.exit_code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", cairn::format_error(error));
    return static_cast<int>(cairn::ExitCode::failed);
  }
}
