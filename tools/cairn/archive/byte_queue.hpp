// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cairn::archive {

/// Reads what another thread writes: turns an engine that pushes a stream into one that can be
/// asked for its next bytes, and lets both work at once. Holds at most some MiB.
class ByteQueue {
 public:
  /// Takes the next bytes; false when nobody wants more, and the producer should end.
  using Push = std::function<bool(std::string_view)>;

  /// Starts `produce` in a thread of its own.
  explicit ByteQueue(std::function<void(const Push&)> produce);
  /// Tells the producer to end, and waits for that.
  ~ByteQueue();
  ByteQueue(const ByteQueue&) = delete;
  ByteQueue& operator=(const ByteQueue&) = delete;

  /// The next piece, good until the next call; empty at the end. Throws what the producer threw,
  /// once all it had written before has been read.
  std::string_view next();

 private:
  bool push(std::string_view bytes);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  std::size_t held_ = 0;
  std::string filling_;  ///< of the producer's thread alone
  std::string current_;  ///< of the reader's
  bool ended_ = false;
  bool unwanted_ = false;
  std::exception_ptr failed_;
  std::thread thread_;
};

}  // namespace cairn::archive
