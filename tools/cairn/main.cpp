// SPDX-License-Identifier: BSD-3-Clause
#include "commands/command_line.hpp"

int main(int argc, char** argv) {
  return cairn::commands::run_main(argc, argv, cairn::commands::verbs());
}
