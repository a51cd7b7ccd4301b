// SPDX-License-Identifier: BSD-3-Clause
//
// Several tags by one PUT, where a registry says that it has set them.
#include "several_tags_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;

TEST_F(SeveralTagsTest, GoByOneRequestWhereTheRegistryNamesThem) {
  registry_.tags_a_put = 10;
  std::vector<TagPut> batch = pushed("q.example/a", "1", {"1", "1.2", "latest"});
  const std::vector<TagPut> other = pushed("q.example/a", "2", {"2"});
  const std::vector<TagPut> child = pushed("q.example/b", "1", {"1", "latest"});
  batch.insert(batch.end(), other.begin(), other.end());
  batch.insert(batch.end(), child.begin(), child.end());
  int told = 0;
  there_->put_tags(batch, [&] { ++told; });
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=1&tag=1.2&tag=latest"), "2",
                                  together(child[0], "?tag=1&tag=latest")));
  EXPECT_EQ(told, 3);
  expect_set(batch);
}

TEST_F(SeveralTagsTest, AreTenAtMost) {
  registry_.tags_a_put = 100;
  std::vector<std::string> tags;
  for (int i = 0; i < 23; ++i)
    tags.push_back("t" + std::to_string(i));
  const std::vector<TagPut> batch = pushed("q.example/a", "1", tags);
  there_->put_tags(batch);
  EXPECT_EQ(puts().size(), 3U);
  expect_set(batch);
}

TEST_F(SeveralTagsTest, GoOneByOneWhereTheRegistryNamesNone) {
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b", "c"});
  there_->put_tags(batch);
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=a&tag=b&tag=c"), "a", "b", "c"));
  expect_set(batch);
  // It is not asked again, for another repository neither.
  const std::vector<TagPut> later = pushed("q.example/b", "2", {"d", "e"});
  there_->put_tags(later);
  EXPECT_THAT(puts(), ElementsAre("d", "e"));
  expect_set(later);
}

TEST_F(SeveralTagsTest, GoSideBySideWhereTheRegistryNamesNone) {
  push_.uploads = 2;
  renew();
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b"});
  std::mutex mutex;
  std::condition_variable changed;
  int on_their_way = 0;
  bool met = false;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.method != "PUT" || asks_for_several(request)) return std::nullopt;
    std::unique_lock lock(mutex);
    met = ++on_their_way == 2 || met;
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds(20), [&] { return met; });
    --on_their_way;
    return std::nullopt;
  };
  there_->put_tags(batch);
  EXPECT_TRUE(met);
  registry_.before = nullptr;
  expect_set(batch);
}

TEST_F(SeveralTagsTest, AreAskedOfEachHost) {
  renew("");
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    if (!asks_for_several(request) || request.url.text().find("no.example") == std::string::npos)
      return std::nullopt;
    return MemoryRegistry::error(404, "NOT_FOUND");
  };
  registry_.tags_a_put = 10;
  std::vector<TagPut> batch = pushed("no.example/a", "1", {"a", "b"});
  const std::vector<TagPut> other = pushed("yes.example/b", "2", {"c", "d"});
  batch.insert(batch.end(), other.begin(), other.end());
  there_->put_tags(batch);
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=a&tag=b"), "a", "b",
                                  together(other[0], "?tag=c&tag=d")));
  expect_set(batch);
}

TEST_F(SeveralTagsTest, AreMovedByThemselvesWhenTheAnswerLacksThem) {
  registry_.tags_a_put = 1;
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b", "c"});
  there_->put_tags(batch);
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=a&tag=b&tag=c"), "b", "c"));
  expect_set(batch);
}

TEST_F(SeveralTagsTest, AreMovedByThemselvesWhenTheAnswerNamesOthers) {
  registry_.after = [](const Request& request, Answer& answer) {
    if (asks_for_several(request)) answer.headers["oci-tag"] = "A, other, b.c";
  };
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b"});
  there_->put_tags(batch);
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=a&tag=b"), "a", "b"));
  expect_set(batch);
}

TEST_F(SeveralTagsTest, AreMovedByThemselvesAfterARefusal) {
  for (const int status : {400, 404, 405, 414, 431, 500, 501}) {
    renew();
    registry_.before = [status](const Request& request) -> std::optional<Answer> {
      if (!asks_for_several(request)) return std::nullopt;
      return MemoryRegistry::error(status, "UNSUPPORTED");
    };
    const std::string tag = "a" + std::to_string(status);
    const std::vector<TagPut> batch = pushed("q.example/a", "1", {tag, tag + "b"});
    there_->put_tags(batch);
    there_->put_tags(batch);
    const auto sent = registry_.take_log();
    EXPECT_EQ(std::count_if(
                  sent.begin(), sent.end(),
                  [](const std::string& line) { return line.find("?tag=") != std::string::npos; }),
              status == 500 ? 2 : 1)  // what may pass is sent again
        << status;
    expect_set(batch);
  }
}

TEST_F(SeveralTagsTest, AreMovedByThemselvesWhenNoAnswerComes) {
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    if (asks_for_several(request)) throw registry::TransientError("cut");
    return std::nullopt;
  };
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b"});
  there_->put_tags(batch);
  expect_set(batch);
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    if (request.method == "PUT") throw registry::TransientError("cut");
    return std::nullopt;
  };
  renew();
  EXPECT_THROW(there_->put_tags(pushed("q.example/a", "1", {"c", "d"})), UnreachableError);
}

TEST_F(SeveralTagsTest, DoNotCountUnderAnotherDigest) {
  registry_.tags_a_put = 10;
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b"});
  registry_.after = [](const Request& request, Answer& answer) {
    if (asks_for_several(request))
      answer.headers["docker-content-digest"] = oci::Digest::of("other").to_string();
  };
  EXPECT_THROW(there_->put_tags(batch), Error);
}

/// One that must stay is told; the others go on together.
TEST_F(SeveralTagsTest, LeaveWhatMustStay) {
  registry_.tags_a_put = 10;
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b", "kept"});
  const std::vector<TagPut> later = pushed("q.example/b", "2", {"c", "d"});
  there_->put_tags(pushed("q.example/b", "2", {"e", "f"}));
  registry_.take_log();
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    if (request.method != "PUT" || request.url.text().find("kept") == std::string::npos)
      return std::nullopt;
    return MemoryRegistry::error(409, "TAG_IMMUTABLE");
  };
  try {
    there_->put_tags(batch);
    FAIL();
  } catch (const ImmutableTagError& error) {
    EXPECT_THAT(error.tags(), ElementsAre("q.example/a:kept"));
  }
  there_->put_tags(later);
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=a&tag=b&tag=kept"), "a", "b", "kept",
                                  together(later[0], "?tag=c&tag=d")));
  expect_set({batch[0], batch[1], later[0], later[1]});
}

/// What is thrown before a request leaves stops it, and all that would come after.
TEST_F(SeveralTagsTest, DoNotLeaveOnceTheLeaseIsLost) {
  const std::vector<TagPut> batch = pushed("q.example/a", "1", {"a", "b", "c"});
  int told = 0;
  const auto lose = [&] {
    if (++told == 3) throw UserError("lost");
  };
  EXPECT_THROW(there_->put_tags(batch, lose), UserError);
  EXPECT_THAT(puts(), ElementsAre(together(batch[0], "?tag=a&tag=b&tag=c"), "a"));
}

TEST_F(SeveralTagsTest, ReachAsFarAsRequestsDo) {
  registry_.tags_a_put = 10;
  std::vector<TagPut> moves = pushed("q.example/a", "1", {"a", "b", "c"});
  const std::vector<TagPut> more = pushed("q.example/b", "2", {"d", "e"});
  moves.insert(moves.end(), more.begin(), more.end());
  EXPECT_EQ(there_->reach(moves, 0, 4), 3U);  // one request tells
  EXPECT_EQ(there_->reach(moves, 2, 4), 1U);  // and what needs none to tell goes before it
  there_->put_tags(more);
  EXPECT_EQ(there_->reach(moves, 0, 4), 5U);
  EXPECT_EQ(there_->reach(moves, 0, 1), 3U);
  EXPECT_EQ(there_->reach(moves, 4, 9), 1U);
  renew();
  registry_.tags_a_put = 0;
  there_->put_tags(more);
  EXPECT_EQ(there_->reach(moves, 0, 4), 4U);
  EXPECT_EQ(there_->reach(moves, 0, 0), 1U);
}

}  // namespace
}  // namespace cairn::publish
