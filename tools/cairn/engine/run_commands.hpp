// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <string>
#include <vector>

/// Command lines that docker and podman share, as values: tested as text.
namespace cairn::engine {

/// `<program> [-H <url>] <global flags>`: how every command line begins.
std::vector<std::string> engine_words(const Endpoint& endpoint);

/// Adds `more` to `words`.
void append(std::vector<std::string>& words, const std::vector<std::string>& more);

/// The network a container of `request` gets: its own, else the one in its flags or in
/// `run_flags`, else empty.
std::string effective_network(const Endpoint& endpoint, const RunRequest& request);

/// `words` without `--network X`, `--network=X` and their short form `--net`.
std::vector<std::string> without_network(const std::vector<std::string>& words);

/// `run --rm …`: a container that is removed at its end. `id_file` exists once it was made.
Command run_command(const Endpoint& endpoint, const RunRequest& request,
                    const std::string& id_file);

/// `run --detach …`.
Command start_command(const Endpoint& endpoint, const RunRequest& request,
                      const std::string& id_file);

Command exec_command(const Endpoint& endpoint, const std::string& container,
                     const std::vector<std::string>& argv);

Command logs_command(const Endpoint& endpoint, const std::string& container);

/// Removes a container of that name, running or not, with its volumes.
Command remove_container_command(const Endpoint& endpoint, const std::string& name);

/// An interactive shell, bash where the image has it.
Command interactive_command(const Endpoint& endpoint, const std::string& image,
                            const std::string& name);

/// Adds what `build` takes from `request`, which all builders call alike, the context last, and
/// withholds what they would take from the environment beside it.
void append_build_request(Command& command, const BuildRequest& request);

/// `<words> <more…>` after engine_words.
Command plain_command(const Endpoint& endpoint, const std::vector<std::string>& words);

}  // namespace cairn::engine
