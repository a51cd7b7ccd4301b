// SPDX-License-Identifier: BSD-3-Clause
#include "registry/parallel.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace cairn::registry {

void in_parallel(std::size_t count, int threads, std::atomic<bool>& stop,
                 const std::function<void(std::size_t)>& act) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < count && !stop; i = next++) {
      try {
        act(i);
      } catch (...) {
        const std::lock_guard guard(mutex);
        if (!failure) failure = std::current_exception();
        stop = true;
      }
    }
  };
  std::vector<std::thread> others;
  const std::size_t all = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t i = 1; i < all; ++i)
    others.emplace_back(work);
  work();
  for (std::thread& one : others)
    one.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cairn::registry
