// SPDX-License-Identifier: BSD-3-Clause
#include "commands/verb.hpp"

namespace cairn::commands {

Verb lock_verb() {
  return {"lock", "Pins the bases that a stack does not make itself, in a file for git", {}, {}};
}

Verb export_verb() {
  return {"export", "Puts images into the store as registries will get them", {}, {}};
}

Verb import_verb() {
  return {"import", "Brings exported images from the store into the engine", {}, {}};
}

Verb store_verb() {
  return {"store", "Checks the store, frees what nobody needs, shows what takes its space", {}, {}};
}

Verb copy_verb() {
  return {"copy", "Copies images by digest between an OCI layout and a registry, verified", {}, {}};
}

Verb push_verb() {
  return {"push",
          "Pushes exported images by digest, so that a release finds them; no tag moves",
          {},
          {}};
}

Verb release_verb() {
  return {"release", "Publishes a family as one release; finishes it, or takes it back", {}, {}};
}

Verb doctor_verb() {
  return {"doctor",
          "Compares what is published with its release and its declaration; mends nothing",
          {},
          {}};
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{scan_verb(),   build_verb(),   inspect_verb(), test_verb(),
                                     status_verb(), why_verb(),     plan_verb(),    affected_verb(),
                                     graph_verb(),  context_verb(), shell_verb(),   clean_verb(),
                                     lock_verb(),   copy_verb(),    export_verb(),  import_verb(),
                                     store_verb(),  push_verb(),    release_verb(), doctor_verb()};
  return all;
}

}  // namespace cairn::commands
