// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/endpoint_check.hpp"

#include "base/error.hpp"

#include <fmt/core.h>

namespace cairn::stack {

void check_endpoint(engine::Engine& engine) {
  const std::string now = engine.identity();
  const engine::Endpoint& configured = engine.endpoint();
  if (now == configured.identity) return;
  throw UnreachableError(
      fmt::format("the {} engine that answers is '{}', but this build tree was configured for '{}'",
                  configured.kind, now, configured.identity),
      "start that engine again, or switch on purpose: cmake --fresh, or -DCAIRN_ENGINE=" +
          configured.kind);
}

}  // namespace cairn::stack
