// SPDX-License-Identifier: BSD-3-Clause
#include "archive/byte_queue.hpp"

#include "base/error.hpp"
#include "base/time.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

namespace cairn::archive {
namespace {

std::string rest_of(ByteQueue& queue) {
  std::string all;
  for (std::string_view piece = queue.next(); !piece.empty(); piece = queue.next())
    all.append(piece);
  return all;
}

TEST(ByteQueue, HandsOverWhatAnotherThreadWrites) {
  std::string all;
  for (int i = 0; i < 300000; ++i)
    all += std::to_string(i);
  ByteQueue queue([&](const ByteQueue::Push& push) {
    for (std::size_t at = 0; at < all.size(); at += 1000)
      ASSERT_TRUE(push(std::string_view(all).substr(at, 1000)));
  });
  EXPECT_EQ(rest_of(queue), all);
  EXPECT_EQ(queue.next(), "");
}

TEST(ByteQueue, ThrowsWhatTheProducerThrewBehindWhatItWrote) {
  ByteQueue queue([](const ByteQueue::Push& push) {
    push("half");
    throw Error("the engine is gone");
  });
  EXPECT_EQ(queue.next(), "half");
  try {
    queue.next();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the engine is gone");
  }
}

TEST(ByteQueue, EndsAProducerWhoseReaderHasGone) {
  std::atomic<bool> told = false;
  {
    ByteQueue queue([&](const ByteQueue::Push& push) {
      while (push(std::string(100000, 'x'))) {
      }
      told = true;
    });
    EXPECT_FALSE(queue.next().empty());
  }
  EXPECT_TRUE(told);
}

TEST(ByteQueue, HoldsSomeMegabytesAtMost) {
  std::atomic<std::size_t> written = 0;
  ByteQueue queue([&](const ByteQueue::Push& push) {
    while (push(std::string(100000, 'x')))
      written += 100000;
  });
  EXPECT_FALSE(queue.next().empty());
  EXPECT_TRUE(poll_until([&] { return written > 7000000; }, std::chrono::seconds(20)));
  EXPECT_LT(written, 10000000U);
}

}  // namespace
}  // namespace cairn::archive
