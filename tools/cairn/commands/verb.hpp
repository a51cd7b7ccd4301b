// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "commands/context.hpp"

#include <functional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name CLI11 has
class App;
}

namespace cairn::commands {

/// One verb of the command line. `add_options` declares its options on `app` and returns what to
/// run once they are parsed; the options live in that closure, the context outlives it. Verbs never
/// exit and never touch globals.
struct Verb {
  std::string name;
  std::string summary;
  std::string example;
  /// Unset for a verb of `cairn-remote`, which `cairn` starts for it.
  std::function<std::function<ExitCode()>(CLI::App& app, const Context& context)> add_options;
};

/// Every verb, in the order that `cairn --help` lists them.
const std::vector<Verb>& verbs();

Verb affected_verb();
Verb build_verb();
Verb clean_verb();
Verb context_verb();
Verb copy_verb();
Verb doctor_verb();
Verb export_verb();
Verb graph_verb();
Verb import_verb();
Verb inspect_verb();
Verb lock_verb();
Verb plan_verb();
Verb push_verb();
Verb release_verb();
Verb scan_verb();
Verb shell_verb();
Verb status_verb();
Verb store_verb();
Verb test_verb();
Verb why_verb();

}  // namespace cairn::commands
