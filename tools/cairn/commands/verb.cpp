// SPDX-License-Identifier: BSD-3-Clause
#include "commands/verb.hpp"

namespace cairn::commands {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{scan_verb(),   build_verb(), inspect_verb(), test_verb(),
                                     status_verb(), shell_verb(), clean_verb()};
  return all;
}

}  // namespace cairn::commands
