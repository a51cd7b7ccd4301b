// SPDX-License-Identifier: BSD-3-Clause
#include "registry/client.hpp"

#include "../../support/fake_transport.hpp"
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

using testing::sent_header;

const std::string kIndexType = "application/vnd.oci.image.index.v1+json";

Answer answer(int status, const std::string& body = "",
              std::map<std::string, std::string> headers = {}) {
  Answer made;
  made.status = status;
  made.body = body;
  made.headers = std::move(headers);
  return made;
}

class ClientTest : public ::testing::Test {
 protected:
  Client client(testing::FakeTransport::Answerer answerer) {
    ClientOptions options;
    options.retry = {3, std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                     [](std::chrono::milliseconds) {}, [] { return 0.0; }};
    options.plain_http = {"plain.example"};
    options.find_credential = [this](const std::string& repository) {
      logged_in_.push_back(repository);
      const auto own = logins_.find(repository);
      return own == logins_.end() ? login_ : own->second;
    };
    return Client(std::make_unique<testing::FakeTransport>(std::move(answerer), asked_), options);
  }

  std::string error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return "no error";
  }

  std::vector<Request> asked_;
  std::vector<std::string> logged_in_;
  std::optional<Credential> login_;
  std::map<std::string, std::optional<Credential>>
      logins_;  ///< of repositories that have their own
};

oci::Reference reference(const std::string& text) {
  return oci::Reference::parse(text);
}

TEST_F(ClientTest, AsksForEveryKindOfManifest) {
  Client one = client([](const Request&) {
    return answer(200, "{}", {{"content-type", kIndexType}});
  });
  const auto found = one.manifest(reference("r.example/a/b:1"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, oci::Digest::of("{}"));
  EXPECT_EQ(found->media_type, kIndexType);
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(describe(asked_[0]), "GET https://r.example/v2/a/b/manifests/1");
  EXPECT_EQ(
      std::count_if(asked_[0].headers.begin(), asked_[0].headers.end(),
                    [](const std::string& header) { return header.rfind("Accept: ", 0) == 0; }),
      4);
}

TEST_F(ClientTest, FindsDockersRegistryAndPlainOnes) {
  Client one = client([](const Request&) { return answer(404); });
  one.manifest(reference("debian"));
  one.manifest(reference("plain.example/x"));
  EXPECT_EQ(describe(asked_[0]),
            "GET https://registry-1.docker.io/v2/library/debian/manifests/latest");
  EXPECT_EQ(describe(asked_[1]), "GET http://plain.example/v2/x/manifests/latest");
}

TEST_F(ClientTest, TriesTlsOnThisMachineOnce) {
  Client one = client([](const Request& request) -> Answer {
    if (request.url.is_https()) throw TransientError("no TLS");
    return answer(404);
  });
  one.manifest(reference("localhost:5000/x"));
  one.manifest(reference("localhost:5000/x"));
  ASSERT_EQ(asked_.size(), 3U);
  EXPECT_EQ(describe(asked_[0]), "GET https://localhost:5000/v2/");
  EXPECT_EQ(describe(asked_[2]), "GET http://localhost:5000/v2/x/manifests/latest");
}

TEST_F(ClientTest, TakesNoNameForThisMachineThatBeginsLikeIt) {
  Client one = client([](const Request&) { return answer(404); });
  one.manifest(reference("127.0.0.1.r.example:5000/x"));
  EXPECT_EQ(describe(asked_.at(0)), "GET https://127.0.0.1.r.example:5000/v2/x/manifests/latest");
}

TEST_F(ClientTest, AbsentIs404AndNothingElse) {
  EXPECT_FALSE(
      client([](const Request&) { return answer(404); }).manifest(reference("r.example/x")));
  const auto status_gives = [&](int status, const std::string& body) {
    Client one = client([&](const Request&) { return answer(status, body); });
    return error_of([&] { one.digest(reference("r.example/x")); });
  };
  EXPECT_EQ(status_gives(403, R"({"errors": [{"code": "DENIED", "message": "not yours"}]})"),
            "HEAD https://r.example/v2/x/manifests/latest: 403 DENIED: not yours | log in with an "
            "account that may read it: docker login r.example");
  EXPECT_EQ(status_gives(401, ""),
            "HEAD https://r.example/v2/x/manifests/latest: 401 | log in with an account that may "
            "read it: docker login r.example");
  EXPECT_EQ(status_gives(500, "<html>"), "HEAD https://r.example/v2/x/manifests/latest: 500");
  EXPECT_EQ(status_gives(418, "{}"), "HEAD https://r.example/v2/x/manifests/latest: 418");
}

TEST_F(ClientTest, RefusesBytesOfAnotherDigest) {
  const std::string asked = oci::Digest::of("asked for").to_string();
  const std::string got = oci::Digest::of("{}").to_string();
  Client lying = client([](const Request&) { return answer(200, "{}"); });
  EXPECT_EQ(error_of([&] { lying.manifest(reference("r.example/x@" + asked)); }),
            "'r.example/x@" + asked + "': the bytes are of '" + got + "', not of '" + asked + "'");
  Client header = client([&](const Request&) {
    return answer(200, "{}", {{"docker-content-digest", asked}});
  });
  EXPECT_NE(error_of([&] { header.manifest(reference("r.example/x")); }), "no error");
  Client blob = client([](const Request&) { return answer(200, "{}"); });
  EXPECT_EQ(error_of([&] { blob.blob(reference("r.example/x"), oci::Digest::parse(asked), 100); }),
            "blob '" + asked + "' of 'r.example/x': the bytes are of '" + got + "', not of '" +
                asked + "'");
}

TEST_F(ClientTest, AsksForTheBytesWhereNoDigestIsTold) {
  Client one = client(
      [](const Request& request) { return answer(200, request.method == "HEAD" ? "" : "{}"); });
  EXPECT_EQ(one.digest(reference("r.example/x")), oci::Digest::of("{}"));
}

TEST_F(ClientTest, BelievesNoOtherDigestThanItAskedFor) {
  const std::string asked = oci::Digest::of("asked for").to_string();
  std::string told = oci::Digest::of("told").to_string();
  Client one = client([&](const Request&) {
    return answer(200, "", {{"docker-content-digest", told}});
  });
  EXPECT_EQ(one.digest(reference("r.example/x:1")), oci::Digest::parse(told));
  EXPECT_EQ(error_of([&] { one.digest(reference("r.example/x@" + asked)); }),
            "'r.example/x@" + asked + "': the registry calls it '" + told + "'");
  told = asked;
  EXPECT_EQ(one.digest(reference("r.example/x@" + asked)), oci::Digest::parse(asked));
}

Answer token_registry(const Request& request) {
  if (request.url.host() == "auth.example") return answer(200, R"({"token": "T"})");
  if (sent_header(request, "Authorization") == "Bearer T") return answer(200, "{}");
  return answer(401, "",
                {{"www-authenticate", R"(Bearer realm="https://auth.example/t?x=1",service="s")"}});
}

TEST_F(ClientTest, FetchesATokenOnceForARepository) {
  Client one = client(token_registry);
  EXPECT_TRUE(one.manifest(reference("r.example/a")));
  EXPECT_TRUE(one.manifest(reference("r.example/a:2")));
  ASSERT_EQ(asked_.size(), 4U);
  EXPECT_EQ(asked_[1].url.text(),
            "https://auth.example/t?x=1&service=s&scope=repository%3Aa%3Apull");
  EXPECT_EQ(sent_header(asked_[1], "Authorization"), "");  // anonymous
  EXPECT_TRUE(one.manifest(reference("r.example/b")));
  EXPECT_EQ(asked_.size(), 7U);  // a scope of its own
}

TEST_F(ClientTest, LogsInAtTheTokenServer) {
  login_ = Credential{"me", Secret("pw"), {}};
  Client one = client(token_registry);
  EXPECT_TRUE(one.manifest(reference("r.example/a")));
  EXPECT_EQ(sent_header(asked_[1], "Authorization"), "Basic " + encode_base64("me:pw"));
  EXPECT_EQ(logged_in_, std::vector<std::string>{"r.example/a"});
}

TEST_F(ClientTest, LogsInForEachRepository) {
  login_ = Credential{"me", Secret("pw"), {}};
  logins_["r.example/org/a"] = Credential{"robot", Secret("pw"), {}};
  logins_["r.example/open"] = std::nullopt;
  const std::string mine = "Basic " + encode_base64("me:pw");
  const std::string robot = "Basic " + encode_base64("robot:pw");
  Client one = client([&](const Request& request) {
    const bool org = request.url.text().find("/v2/org/") != std::string::npos;
    const bool open = request.url.text().find("/v2/open/") != std::string::npos;
    if (sent_header(request, "Authorization") == (open ? "" : org ? robot : mine))
      return answer(200, "{}");
    return answer(401, "", {{"www-authenticate", "Basic realm=\"x\""}});
  });
  for (const char* name : {"r.example/x", "r.example/org/a", "r.example/open", "r.example/x:2",
                           "r.example/org/a:2", "r.example/open:2"})
    EXPECT_TRUE(one.manifest(reference(name))) << name;
  // Only the first was not known to be wanted, and no login is looked for twice.
  EXPECT_EQ(asked_.size(), 7U);
  EXPECT_EQ(logged_in_,
            (std::vector<std::string>{"r.example/x", "r.example/org/a", "r.example/open"}));
}

TEST_F(ClientTest, GivesAnIdentityTokenInTheBody) {
  login_ = Credential{{}, {}, Secret("I D")};
  Client one = client(token_registry);
  EXPECT_TRUE(one.manifest(reference("r.example/a")));
  EXPECT_EQ(describe(asked_[1]), "POST https://auth.example/t?x=***");
  EXPECT_EQ(asked_[1].body,
            "grant_type=refresh_token&client_id=cairn&service=s&scope=repository%3Aa%3Apull&"
            "refresh_token=I%20D");
}

TEST_F(ClientTest, TellsNoPasswordInTheClear) {
  login_ = Credential{"me", Secret("pw"), {}};
  Client one = client([](const Request&) {
    return answer(401, "", {{"www-authenticate", R"(Bearer realm="http://auth.example/t")"}});
  });
  EXPECT_EQ(error_of([&] { one.manifest(reference("r.example/a")); }),
            "registry 'r.example' wants its password sent in the clear to 'http://auth.example/t' "
            "| log out of it to go on without a login, or have it use https");
  Client basic = client([](const Request&) {
    return answer(401, "", {{"www-authenticate", "Basic realm=\"x\""}});
  });
  EXPECT_NE(error_of([&] { basic.manifest(reference("plain.example/a")); }), "no error");
  for (const Request& request : asked_)
    EXPECT_EQ(sent_header(request, "Authorization"), "");
}

TEST_F(ClientTest, SaysThatALoginIsRefused) {
  login_ = Credential{"me", Secret("pw"), {}};
  Client one = client([](const Request& request) {
    if (request.url.host() == "auth.example") return answer(401);
    return answer(401, "", {{"www-authenticate", R"(Bearer realm="https://auth.example/t")"}});
  });
  EXPECT_EQ(error_of([&] { one.manifest(reference("r.example/a")); }),
            "GET https://auth.example/t?scope=repository%3Aa%3Apull: 401 | log in again: docker "
            "login r.example");
}

TEST_F(ClientTest, KeepsCredentialsFromWhereItIsSent) {
  login_ = Credential{"me", Secret("pw"), {}};
  const std::string body = "layer";
  Client one = client([&](const Request& request) {
    if (request.url.host() == "cdn.example") return answer(200, body);
    if (sent_header(request, "Authorization").empty()) {
      return answer(401, "", {{"www-authenticate", "Basic realm=\"x\""}});
    }
    return answer(307, "", {{"location", "https://cdn.example/b?sig=s"}});
  });
  EXPECT_EQ(one.blob(reference("r.example/x"), oci::Digest::of(body), 100), body);
  EXPECT_NE(sent_header(asked_[1], "Authorization"), "");
  EXPECT_EQ(asked_.back().url.host(), "cdn.example");
  EXPECT_EQ(sent_header(asked_.back(), "Authorization"), "");
}

TEST_F(ClientTest, FollowsNoRedirectForEverNorIntoTheClear) {
  Client circle = client([](const Request&) { return answer(302, "", {{"location", "/again"}}); });
  EXPECT_EQ(error_of([&] { circle.manifest(reference("r.example/x")); }),
            "GET https://r.example/again: redirected too often");
  Client clear = client([](const Request&) {
    return answer(302, "", {{"location", "http://cdn.example/"}});
  });
  EXPECT_EQ(error_of([&] { clear.manifest(reference("r.example/x")); }),
            "GET http://cdn.example/: redirected from https to http");
}

TEST_F(ClientTest, TellsTheTimeOfTheRegistryThatAnsweredLast) {
  std::string date;
  Client one = client([&](const Request& request) {
    if (request.url.host() == "cdn.example") return answer(404, "", {{"date", "Thu, 1 Jan 1970"}});
    const bool sends_away = request.url.text().ends_with("/away");
    return answer(sends_away ? 307 : 404, "",
                  {{"date", date}, {"location", "https://cdn.example/x"}});
  });
  EXPECT_EQ(one.now(), std::nullopt);
  one.manifest(reference("r.example/a"));
  EXPECT_EQ(one.now(), std::nullopt);
  date = "Sat, 08 Aug 2026 20:28:54 GMT";
  one.manifest(reference("r.example/a"));
  EXPECT_EQ(one.now(), 1786220934);
  one.manifest(reference("r.example/a:away"));  // the clock of where it is sent is nobody's
  EXPECT_EQ(one.now(), 1786220934);
  date = "nonsense";
  one.manifest(reference("r.example/a"));
  EXPECT_EQ(one.now(), 1786220934);
}

TEST_F(ClientTest, TriesAgainWhatMayPass) {
  int tries = 0;
  Client one = client([&](const Request&) { return answer(++tries < 3 ? 503 : 200, "{}"); });
  EXPECT_TRUE(one.manifest(reference("r.example/x")));
  EXPECT_EQ(tries, 3);
}

}  // namespace
}  // namespace cairn::registry
