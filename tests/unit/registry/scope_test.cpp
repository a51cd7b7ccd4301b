// SPDX-License-Identifier: BSD-3-Clause
//
// What a push tells whom: scopes, tokens, and hosts that are not the registry.
#include "../../support/memory_registry.hpp"
#include "../../support/memory_source.hpp"
#include "registry/push.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::header_of;
using testing::MemoryRegistry;
using testing::MemorySource;
using ::testing::Not;

class ScopeTest : public ::testing::Test {
 protected:
  Client& client() {
    if (!client_) {
      ClientOptions options;
      options.retry = {3, std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                       [](std::chrono::milliseconds) {}, [] { return 0.0; }};
      options.plain_http = {"plain.example"};
      options.find_credential = [](const std::string&) {
        return Credential{"me", Secret("planted"), {}};
      };
      client_ = std::make_unique<Client>(registry_.transport(), options);
    }
    return *client_;
  }

  PushTarget target(const std::string& repository,
                    const std::vector<oci::Descriptor>& layers = {}) {
    return {oci::Reference::parse(repository), source_.image(source_.config("c"), layers),
            &source_};
  }

  /// A registry that wants a token, and its token server: a token is the scopes that it is for.
  void ask_for_tokens(const std::string& refused_scope = "none") {
    registry_.before = [this, refused_scope](const Request& request) -> std::optional<Answer> {
      const std::string url = request.url.text();
      if (request.url.host() == "auth.example") {
        scopes_.push_back(url.substr(url.find("scope=")));
        if (url.find(refused_scope) != std::string::npos) return MemoryRegistry::answer(401);
        return MemoryRegistry::answer(
            200, {}, canonical_json({{"token", "T" + std::to_string(generation_)}}));
      }
      if (header_of(request, "Authorization") == "Bearer T" + std::to_string(generation_)) {
        return std::nullopt;
      }
      return MemoryRegistry::answer(
          401, {{"www-authenticate", "Bearer realm=\"https://auth.example/t\""}});
    };
  }

  MemoryRegistry registry_;
  MemorySource source_;
  std::unique_ptr<Client> client_;
  std::vector<std::string> scopes_;
  int generation_ = 0;
};

TEST_F(ScopeTest, AsksOncePerRepositoryToPullAndPush) {
  ask_for_tokens();
  Pusher(client(), {1}).push({target("r.example/a", {source_.layer("l")})});
  EXPECT_THAT(scopes_, ElementsAre("scope=repository%3Aa%3Apull%2Cpush"));
}

TEST_F(ScopeTest, AsksToPullFromTheSourceOfAMount) {
  ask_for_tokens();
  PushTarget one = target("r.example/a");
  one.mount_from = {oci::Reference::parse("r.example/b")};
  Pusher(client(), {1}).push({one});
  EXPECT_THAT(scopes_,
              ElementsAre("scope=repository%3Aa%3Apull%2Cpush",
                          "scope=repository%3Aa%3Apull%2Cpush&scope=repository%3Ab%3Apull"));
}

TEST_F(ScopeTest, SendsWhatMayNotBeMounted) {
  ask_for_tokens("repository%3Ab%3Apull");
  PushTarget one = target("r.example/a");
  one.mount_from = {oci::Reference::parse("r.example/b")};
  EXPECT_EQ(Pusher(client(), {1}).push({one}).blobs_uploaded, 1);
}

TEST_F(ScopeTest, FetchesANewTokenWhenOneIsOld) {
  ask_for_tokens();
  int puts = 0;
  registry_.after = [&](const Request& request, Answer&) {
    if (request.method == "POST" || (request.method == "PUT" && puts++ == 0)) ++generation_;
  };
  EXPECT_EQ(Pusher(client(), {1}).push({target("r.example/a", {source_.layer("l")})}).manifests_put,
            1);
  EXPECT_GT(scopes_.size(), 2U);
}

TEST_F(ScopeTest, FetchesOneTokenForAllThreads) {
  ask_for_tokens();
  std::vector<oci::Descriptor> layers;
  for (int i = 0; i < 30; ++i)
    layers.push_back(source_.layer(std::to_string(i)));
  Pusher(client(), {8}).push({target("r.example/a", layers)});
  EXPECT_THAT(scopes_, ElementsAre("scope=repository%3Aa%3Apull%2Cpush"));
}

TEST_F(ScopeTest, TellsNothingToWhereAnUploadIsSent) {
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    const bool elsewhere = request.url.host() == "store.example";
    if (elsewhere && request.method == "GET") return MemoryRegistry::answer(404);
    if (!header_of(request, "Authorization").empty() || elsewhere) return std::nullopt;
    return MemoryRegistry::answer(401, {{"www-authenticate", "Basic realm=\"x\""}});
  };
  registry_.after = [](const Request&, Answer& answer) {
    const auto where = answer.headers.find("location");
    if (where != answer.headers.end()) where->second = "https://store.example" + where->second;
  };
  EXPECT_EQ(Pusher(client(), {1}).push({target("r.example/a")}).blobs_uploaded, 1);
  int elsewhere = 0;
  for (const Request& request : registry_.requests()) {
    if (request.url.host() != "store.example") continue;
    ++elsewhere;
    EXPECT_EQ(header_of(request, "Authorization"), "") << describe(request);
  }
  EXPECT_GE(elsewhere, 2);
}

TEST_F(ScopeTest, MeetsNoChallengeOfAnotherHost) {
  std::vector<std::string> hosts;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    hosts.push_back(request.url.host());
    if (request.url.host() == "r.example") {
      return MemoryRegistry::answer(307, {{"location", "https://thief.example/x"}});
    }
    return MemoryRegistry::answer(
        401, {{"www-authenticate", "Bearer realm=\"https://thief.example/token\""}});
  };
  EXPECT_THROW(Pusher(client(), {1}).push({target("r.example/a")}), UserError);
  EXPECT_THROW(client().manifest(oci::Reference::parse("r.example/a")), UserError);
  for (const Request& request : registry_.requests())
    EXPECT_EQ(header_of(request, "Authorization"), "") << describe(request);
  EXPECT_THAT(hosts, ElementsAre("r.example", "thief.example", "r.example", "thief.example"));
}

TEST_F(ScopeTest, SendsNoUploadIntoTheClear) {
  registry_.after = [](const Request& request, Answer& answer) {
    const auto where = answer.headers.find("location");
    if (request.method == "POST") where->second = "http://r.example" + where->second;
  };
  try {
    Pusher(client(), {1}).push({target("r.example/a")});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(": redirected from https to http"));
  }
}

/// As some registries answer, which take passwords of programs that know no tokens as well.
TEST_F(ScopeTest, MeetsAChallengeOfAnyLine) {
  ask_for_tokens();
  const auto alone = registry_.before;
  registry_.before = [alone](const Request& request) {
    auto given = alone(request);
    if (given && given->status == 401) {
      given->earlier.emplace("www-authenticate", given->headers["www-authenticate"]);
      given->headers["www-authenticate"] = "Basic realm=\"x\"";
    }
    return given;
  };
  Pusher(client(), {1}).push({target("r.example/a")});
  EXPECT_THAT(scopes_, ElementsAre("scope=repository%3Aa%3Apull%2Cpush"));
  for (const Request& request : registry_.requests()) {
    if (request.url.host() == "r.example") {
      EXPECT_THAT(header_of(request, "Authorization"), Not(HasSubstr("Basic")));
    }
  }
}

TEST_F(ScopeTest, SendsNoPasswordInTheClear) {
  registry_.before = [](const Request&) {
    return MemoryRegistry::answer(401, {{"www-authenticate", "Basic realm=\"x\""}});
  };
  EXPECT_THROW(Pusher(client(), {1}).push({target("plain.example/a")}), UserError);
  for (const Request& request : registry_.requests())
    EXPECT_EQ(header_of(request, "Authorization"), "") << describe(request);
}

}  // namespace
}  // namespace cairn::registry
