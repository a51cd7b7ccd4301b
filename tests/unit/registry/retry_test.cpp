// SPDX-License-Identifier: BSD-3-Clause
#include "registry/retry.hpp"

#include "registry/errors.hpp"

#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

using std::chrono::milliseconds;

class Retry : public ::testing::Test {
 protected:
  Answer send(std::vector<Answer> answers) {
    sent_ = 0;
    return send_with_retries(policy_,
                             [&] { return answers.at(static_cast<std::size_t>(sent_++)); });
  }

  std::vector<long> pauses_;
  int sent_ = 0;
  RetryPolicy policy_{4, milliseconds(100), milliseconds(1000),
                      [this](milliseconds pause) { pauses_.push_back(pause.count()); },
                      [] { return 0.0; }};
};

Answer answer(int status, const std::string& retry_after = "") {
  Answer made;
  made.status = status;
  if (!retry_after.empty()) made.headers["retry-after"] = retry_after;
  return made;
}

using Pauses = std::vector<long>;

TEST_F(Retry, DoublesItsPauses) {
  EXPECT_EQ(send({answer(503), answer(500), answer(429), answer(200)}).status, 200);
  EXPECT_EQ(pauses_, (Pauses{50, 100, 200}));
}

TEST_F(Retry, WaitsAsLongAsItIsTold) {
  EXPECT_EQ(send({answer(429, "0"), answer(429, "7"), answer(200)}).status, 200);
  EXPECT_EQ(pauses_, (Pauses{0, 1000}));  // and no longer than its owner allows
  pauses_.clear();
  send({answer(429, "soon"), answer(200)});
  EXPECT_EQ(pauses_, (Pauses{50}));
}

TEST_F(Retry, ReadsADateAsWell) {
  const auto pause = asked_pause(answer(503, "Tue, 24 Nov 2026 10:00:30 GMT"), 1795514400);
  ASSERT_TRUE(pause);
  EXPECT_EQ(*pause, std::chrono::seconds(30));
  const auto past = asked_pause(answer(503, "Tue, 24 Nov 2015 10:00:30 GMT"), 1795514400);
  EXPECT_EQ(*past, milliseconds(0));
  EXPECT_FALSE(asked_pause(answer(503), 0));
}

TEST_F(Retry, GivesTheLastAnswerWhenItGivesUp) {
  EXPECT_EQ(send({answer(500), answer(500), answer(500), answer(502)}).status, 502);
  EXPECT_EQ(pauses_.size(), 3U);
}

TEST_F(Retry, TakesARefusalAsItIs) {
  for (const int status : {200, 401, 403, 404, 501, 507}) {
    EXPECT_EQ(send({answer(status)}).status, status);
    EXPECT_EQ(sent_, 1);
  }
}

TEST_F(Retry, TriesAgainWhenNothingCame) {
  int tries = 0;
  const auto third_comes = [&] {
    if (++tries < 3) throw TransientError("reset");
    return answer(200);
  };
  const auto none_comes = []() -> Answer { throw TransientError("reset"); };
  const auto nobody_is_there = []() -> Answer { throw UnreachableError("unknown"); };
  EXPECT_EQ(send_with_retries(policy_, third_comes).status, 200);
  EXPECT_EQ(tries, 3);
  EXPECT_THROW(send_with_retries(policy_, none_comes), TransientError);
  EXPECT_THROW(send_with_retries(policy_, nobody_is_there), UnreachableError);
}

}  // namespace
}  // namespace cairn::registry
