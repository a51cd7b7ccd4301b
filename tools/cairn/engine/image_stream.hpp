// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/process.hpp"
#include "engine/engine.hpp"

#include <functional>
#include <string>

/// Images that go through an engine's command line, gigabytes at a time.
namespace cairn::engine {

/// Runs a command line and hands its stdout to `taker`; ends it when `taker` wants no more. A
/// non-zero exit is thrown as refused.
void pipe_out_of(const Endpoint& endpoint, const Command& command, const std::string& doing,
                 const ByteTaker& taker);

/// Runs a command line whose stdin `produce` writes, and returns its stdout. A non-zero exit is
/// thrown as refused, also when the command ended before it had read everything.
std::string pipe_into(const Endpoint& endpoint, const Command& command, const std::string& doing,
                      const std::function<void(const OutputSink&)>& produce);

/// The ID in what a command line says of an image that it loaded: `Loaded image ID: sha256:…`, or
/// the bare ID; empty when it says names alone.
std::string loaded_id(const std::string& said);

}  // namespace cairn::engine
