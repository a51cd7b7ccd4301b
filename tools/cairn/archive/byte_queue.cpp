// SPDX-License-Identifier: BSD-3-Clause
#include "archive/byte_queue.hpp"

#include "base/error.hpp"
#include "base/process.hpp"

#include <utility>

namespace cairn::archive {
namespace {

constexpr std::size_t kPiece = std::size_t{512} * 1024;
constexpr std::size_t kMostHeld = std::size_t{8} * 1024 * 1024;

}  // namespace

ByteQueue::ByteQueue(std::function<void(const Push&)> produce)
    : thread_([this, produce = std::move(produce)] {
        std::exception_ptr failed;
        try {
          produce([this](std::string_view bytes) {
            filling_.append(bytes);
            if (filling_.size() < kPiece) return !interrupted();
            return push(std::exchange(filling_, {}));
          });
        } catch (...) {
          failed = std::current_exception();
        }
        if (!filling_.empty()) push(std::exchange(filling_, {}));
        const std::lock_guard guard(mutex_);
        failed_ = failed;
        ended_ = true;
        changed_.notify_all();
      }) {}

ByteQueue::~ByteQueue() {
  {
    const std::lock_guard guard(mutex_);
    unwanted_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

bool ByteQueue::push(std::string_view bytes) {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return held_ < kMostHeld || unwanted_; });
  if (unwanted_ || interrupted()) return false;
  held_ += bytes.size();
  pieces_.emplace_back(bytes);
  changed_.notify_all();
  return true;
}

std::string_view ByteQueue::next() {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return !pieces_.empty() || ended_; });
  if (interrupted()) throw Interrupted();
  if (pieces_.empty()) {
    if (failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
    return {};
  }
  current_ = std::move(pieces_.front());
  pieces_.pop_front();
  held_ -= current_.size();
  changed_.notify_all();
  return current_;
}

}  // namespace cairn::archive
