// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

namespace cairn::commands {

/// What verbs reach the world through; real but in tests.
struct Context {
  engine::Opener open_engine = engine::open_engine;
};

}  // namespace cairn::commands
