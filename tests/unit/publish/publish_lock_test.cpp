// SPDX-License-Identifier: BSD-3-Clause
#include "publish_fixture.hpp"

#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace cairn::publish {
namespace {

using PublishLockTest = PublishTest;

TEST_F(PublishLockTest, LetsOnePublisherOfAStoreAtATimeToAPlace) {
  family_.write();
  const stack::ReleaseDescription release = description();
  MemoryDestination other(place_);
  PublishOptions others = options_;
  std::vector<std::string> heard;
  std::promise<void> waits;
  others.say = [&](const std::string& line) {
    heard.push_back(line);
    if (heard.size() == 1) waits.set_value();
  };
  PublishReport second;
  std::thread thread;
  std::once_flag once;
  bool came = false;
  destination_.before = [&](const std::string&) {
    std::call_once(once, [&] {
      thread = std::thread([&] { second = cairn::publish::publish(release, other, others); });
      came = waits.get_future().wait_for(std::chrono::minutes(1)) == std::future_status::ready;
    });
  };
  const PublishReport first = cairn::publish::publish(release, destination_, options_);
  thread.join();
  EXPECT_TRUE(came);
  EXPECT_THAT(heard, ::testing::ElementsAre("waiting for process " + std::to_string(::getpid()) +
                                            ", which publishes to 'memory/quay.io/me/base'"));
  EXPECT_NE(first.id, "");
  EXPECT_EQ(second.id, "");  // it found all of it done
}

}  // namespace
}  // namespace cairn::publish
