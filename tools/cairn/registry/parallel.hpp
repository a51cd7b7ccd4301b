// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace cairn::registry {

/// Calls `act` for 0 to `count` - 1, in this order, by at most `threads` threads. The first failure
/// sets `stop`, begins nothing more, and is thrown when all threads have ended.
void in_parallel(std::size_t count, int threads, std::atomic<bool>& stop,
                 const std::function<void(std::size_t)>& act);

}  // namespace cairn::registry
