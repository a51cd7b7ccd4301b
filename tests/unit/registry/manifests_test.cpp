// SPDX-License-Identifier: BSD-3-Clause
#include "registry/manifests.hpp"

#include "../../support/loopback_server.hpp"
#include "../../support/memory_registry.hpp"
#include "registry/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryRegistry;

class ManifestsTest : public ::testing::Test {
 protected:
  ManifestsTest() {
    ClientOptions options;
    options.retry = {2, std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                     [](std::chrono::milliseconds) {}, [] { return 0.0; }};
    options.find_credential = [](const std::string&) { return std::nullopt; };
    client_ = std::make_unique<Client>(registry_.transport(), options);
  }

  std::string error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  MemoryRegistry registry_;
  std::unique_ptr<Client> client_;
  oci::Reference repository_ = oci::Reference::parse("r.example/a");
};

TEST_F(ManifestsTest, ListsTagsPageByPage) {
  registry_.repositories["a"].tags = {{"c", ""}, {"a", ""}, {"d", ""}, {"b", ""}, {"e", ""}};
  EXPECT_THAT(list_tags(*client_, repository_), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(registry_.take_log().size(), 1U);
  registry_.tags_at_once = 2;
  EXPECT_THAT(list_tags(*client_, repository_), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(registry_.take_log(), ElementsAre("GET /v2/a/tags/list", "GET /v2/a/tags/list?last=b",
                                                "GET /v2/a/tags/list?last=d"));
}

TEST_F(ManifestsTest, ListsNoTagsOfWhatIsNotThere) {
  EXPECT_THAT(list_tags(*client_, repository_), IsEmpty());
  registry_.before = [](const Request&) {
    return MemoryRegistry::answer(200, {}, R"({"name": "a", "tags": null})");
  };
  EXPECT_THAT(list_tags(*client_, repository_), IsEmpty());
}

TEST_F(ManifestsTest, KnowsEveryFormOfALink) {
  std::string link;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.url.text() != "https://r.example/v2/a/tags/list") return std::nullopt;
    return MemoryRegistry::answer(200, {{"link", link}}, R"({"tags": ["first"]})");
  };
  registry_.repositories["a"].tags = {{"second", ""}};
  for (const char* form : {"</v2/a/tags/list?n=1>; rel=\"next\"", "<?n=1>;rel=next",
                           "<https://r.example/v2/a/tags/list?n=1>; REL=\"Next\"",
                           "</first>; rel=\"prev\", </v2/a/tags/list?n=1>; rel=\"next\""}) {
    link = form;
    EXPECT_THAT(list_tags(*client_, repository_), ElementsAre("first", "second")) << form;
  }
  for (const char* other : {"</first>; rel=\"prev\"", "nonsense", ">x<; rel=next"}) {
    link = other;
    EXPECT_THAT(list_tags(*client_, repository_), ElementsAre("first")) << other;
  }
}

TEST_F(ManifestsTest, RefusesAListThatIsNoneOrHasNoEnd) {
  std::string body = "nonsense", link;
  int status = 200;
  registry_.before = [&](const Request&) {
    return MemoryRegistry::answer(status, {{"link", link}}, body);
  };
  const auto error = [&] { return error_of([&] { list_tags(*client_, repository_); }); };
  const std::string url = "GET https://r.example/v2/a/tags/list";
  EXPECT_EQ(error(), url + ": expected a list at 'tags'");
  body = R"({"tags": 1})";
  EXPECT_EQ(error(), url + ": expected a list at 'tags'");
  body = R"({"tags": ["x"]})";
  link = "<?last=x>; rel=next";
  EXPECT_EQ(error(), "the list of the tags of 'r.example/a' has no end");
  status = 403;
  EXPECT_EQ(error(), url + ": 403");
}

TEST_F(ManifestsTest, EndsAListThatGoesOnForever) {
  int page = 0;
  registry_.before = [&](const Request&) {
    const std::string next = "<?last=" + std::to_string(++page) + ">; rel=next";
    return MemoryRegistry::answer(200, {{"link", next}}, R"({"tags": ["x"]})");
  };
  EXPECT_EQ(error_of([&] { list_tags(*client_, repository_); }),
            "the list of the tags of 'r.example/a' has no end");
  EXPECT_EQ(page, 10000);
}

TEST_F(ManifestsTest, AnswersWhatRefusedAPut) {
  registry_.before = [](const Request&) { return MemoryRegistry::error(409, "TAG_IMMUTABLE"); };
  const RemoteManifest document{oci::Digest::of("{}"), "x/y", "{}"};
  const auto refusal = put_manifest(*client_, repository_, "1", document);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(describe(refusal->request) + ": " + describe(refusal->answer),
            "PUT https://r.example/v2/a/manifests/1: 409 TAG_IMMUTABLE");
}

class PutTagsTest : public ManifestsTest {
 protected:
  PutTags put(const std::function<void()>& before_send = {}) {
    return put_tags(*client_, repository_, {"a", "b", "c"}, document_, before_send);
  }
  const RemoteManifest document_{oci::Digest::of("{}"), "x/y", "{}"};
};

TEST_F(PutTagsTest, TellsWhatTheRegistrySaysThatItSet) {
  const std::string digest = document_.digest.to_string();
  testing::LoopbackServer server(
      {{"HTTP/1.1 201 Created\r\nOCI-Tag: c\r\nContent-Length: 0\r\n"
        "oci-tag: a\r\nOCI-Tag: other\r\nDocker-Content-Digest: " +
        digest + "\r\n\r\n"}});
  ClientOptions options;
  options.plain_http = {server.address()};
  Client client(options);
  const auto repository = oci::Reference::parse(server.address() + "/a");
  const PutTags put = put_tags(client, repository, {"a", "b", "c"}, document_);
  EXPECT_FALSE(put.refusal);
  EXPECT_THAT(put.tags, ElementsAre("a", "c"));
  EXPECT_EQ(
      server.requests().at(0).rfind("PUT /v2/a/manifests/" + digest + "?tag=a&tag=b&tag=c ", 0), 0U)
      << server.requests().at(0);
}

TEST_F(PutTagsTest, KnowsLinesThatAProxyMadeOne) {
  registry_.before = [](const Request&) {
    return MemoryRegistry::answer(201, {{"oci-tag", "b, c"}});
  };
  EXPECT_THAT(put().tags, ElementsAre("b", "c"));
}

TEST_F(PutTagsTest, TellsNoneWhereTheRegistryDoesNotKnowTheParameter) {
  const PutTags done = put();
  EXPECT_FALSE(done.refusal);
  EXPECT_THAT(done.tags, IsEmpty());
  EXPECT_TRUE(registry_.repositories["a"].manifests.contains(document_.digest.to_string()));
  EXPECT_TRUE(registry_.repositories["a"].tags.empty());
}

TEST_F(PutTagsTest, TellsNoneOfARefusalAndOfAnotherDigest) {
  registry_.before = [](const Request&) { return MemoryRegistry::error(409, "TAG_IMMUTABLE"); };
  const PutTags refused = put();
  ASSERT_TRUE(refused.refusal);
  EXPECT_THAT(refused.tags, IsEmpty());
  const std::string request =
      "PUT https://r.example/v2/a/manifests/" + document_.digest.to_string() + "?tag=a&tag=b&tag=c";
  EXPECT_EQ(describe(refused.refusal->request), request);
  registry_.before = [](const Request&) {
    return MemoryRegistry::answer(201, {{"docker-content-digest", "sha256:x"}, {"oci-tag", "a"}});
  };
  EXPECT_EQ(error_of([&] { put(); }), request + ": the registry calls it 'sha256:x', not '" +
                                          document_.digest.to_string() + "'");
}

TEST_F(PutTagsTest, SendsAgainWhatGotNoAnswer) {
  int sent = 0, told = 0;
  registry_.before = [&](const Request&) -> std::optional<Answer> {
    if (++sent == 1) throw TransientError("cut");
    return MemoryRegistry::answer(201, {{"oci-tag", "a"}});
  };
  EXPECT_THAT(put([&] { ++told; }).tags, ElementsAre("a"));
  EXPECT_EQ(told, 2);
  registry_.before = [](const Request&) -> std::optional<Answer> { throw TransientError("cut"); };
  EXPECT_THROW(put(), UnreachableError);
}

TEST(ImmutableTag, IsToldByCodeOrMessage) {
  const auto is = [](int status, const std::string& code, const std::string& message) {
    return is_immutable_tag(MemoryRegistry::error(status, code, message));
  };
  for (const int status : {400, 403, 405, 409, 412}) {
    EXPECT_TRUE(is(status, "TAG_IMMUTABLE", ""));
    EXPECT_TRUE(is(status, "TAG_INVALID", "the repository is Immutable"));
    EXPECT_TRUE(is(status, "DENIED", "tag '1' cannot be overwritten"));
    EXPECT_FALSE(is(status, "DENIED", "requested access is denied"));
  }
  for (const int status : {200, 401, 404, 429, 500})
    EXPECT_FALSE(is(status, "TAG_IMMUTABLE", "immutable")) << status;
}

}  // namespace
}  // namespace cairn::registry
