// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "commands/verb.hpp"

#include <vector>

namespace cairn::remote {

/// The verbs that speak to registries or read and write archives. They live in a program of their
/// own, `cairn-remote`, which `cairn` starts for them: loading libcurl and libarchive costs as much
/// as a whole scan, and every build scans.
const std::vector<commands::Verb>& verbs();

struct PublishingOptions;
/// What `cairn doctor` does, under whatever name.
ExitCode examine(const PublishingOptions& options);

commands::Verb copy_verb();
commands::Verb doctor_verb();
commands::Verb export_verb();
commands::Verb import_verb();
commands::Verb lock_verb();
commands::Verb push_verb();
commands::Verb release_verb();
commands::Verb store_verb();

}  // namespace cairn::remote
