// SPDX-License-Identifier: BSD-3-Clause
#include "registry/transport.hpp"

#include "../../support/fake_server.hpp"
#include "../../support/loopback_server.hpp"
#include "base/text.hpp"
#include "registry/errors.hpp"
#include "registry/retry.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>

namespace cairn::registry {
namespace {

using testing::answer;
using testing::FakeTcpServer;

class TransportTest : public ::testing::Test {
 protected:
  Answer get(const std::string& url, std::size_t most_bytes = 1000) {
    return transport_->send({"GET", Url::parse(url), {"X-Asked: yes"}, {}, most_bytes});
  }

  std::unique_ptr<Transport> transport_ = open_transport({{}, 2, 2});
};

TEST_F(TransportTest, GivesStatusHeadersAndBody) {
  const FakeTcpServer server({{"HTTP/1.1 401 No\r\nX-A:  b \r\nContent-Length: 2\r\n\r\nhi"}});
  const Answer got = get(server.url());
  EXPECT_EQ(got.status, 401);
  EXPECT_EQ(got.header("x-a"), "b");
  EXPECT_EQ(got.header("x-b"), "");
  EXPECT_EQ(got.body, "hi");
}

TEST_F(TransportTest, GivesAllHeadersOfOneName) {
  const FakeTcpServer server(
      {{"HTTP/1.1 100 Continue\r\nX-A: no\r\nX-A: no\r\n\r\nHTTP/1.1 200 OK\r\n"
        "X-A: 1\r\nX-B: b\r\nx-a: 2\r\nX-A: 3\r\nContent-Length: 0\r\n\r\n"}});
  const Answer got = get(server.url());
  EXPECT_EQ(got.all_headers("x-a"), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(got.all_headers("x-b"), std::vector<std::string>{"b"});
  EXPECT_TRUE(got.all_headers("x-c").empty());
  EXPECT_EQ(got.header("x-a"), "3");
}

TEST_F(TransportTest, KeepsItsConnection) {
  const FakeTcpServer server({{answer(200, "1"), answer(200, "2")}});
  EXPECT_EQ(get(server.url()).body, "1");
  EXPECT_EQ(get(server.url()).body, "2");
}

TEST_F(TransportTest, TakesNoMoreThanItIsAskedTo) {
  const FakeTcpServer server({{answer(200, std::string(2000, 'x'))}});
  try {
    get(server.url());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "GET " + server.url() + ": the answer is longer than 1.00 kB");
  }
}

/// A proxy that the environment names for everything.
class ProxyTest : public TransportTest {
 protected:
  ProxyTest() {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      set(name, "http://" + proxy_.address());
    for (const char* name : {"no_proxy", "NO_PROXY"})
      set(name, "");
  }
  ~ProxyTest() override {
    for (const auto& [name, value] : former_)
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  }
  std::string all_it_saw() { return join(proxy_.requests(), "\n"); }

  testing::LoopbackServer proxy_{{testing::LoopbackServer::http(403, "")}};

 private:
  void set(const std::string& name, const std::string& value) {
    const char* former = std::getenv(name.c_str());
    former_[name] = former ? std::optional<std::string>(former) : std::nullopt;
    ::setenv(name.c_str(), value.c_str(), 1);
  }

  std::map<std::string, std::optional<std::string>> former_;
};

TEST_F(ProxyTest, SeesNothingOfWhatIsForThisMachine) {
  const auto ok = testing::LoopbackServer::http(200, "");
  testing::LoopbackServer server({ok, ok, {.answer = "", .hang_up = true}});
  const std::string port = std::to_string(server.port());
  for (const std::string host : {"127.0.0.1:", "localhost:"}) {
    const Url url = Url::parse("http://" + host + port + "/");
    EXPECT_EQ(transport_->send({"GET", url, {"Authorization: Basic secret"}, {}}).status, 200);
  }
  EXPECT_EQ(server.requests().size(), 2U);
  EXPECT_ANY_THROW(get("https://" + server.address() + "/"));
  EXPECT_EQ(all_it_saw(), "");
}

TEST_F(ProxyTest, SeesNothingThatIsWithoutTls) {
  const Url url = Url::parse("http://r.invalid/");
  EXPECT_THROW(transport_->send({"GET", url, {"Authorization: Basic secret"}, {}}),
               UnreachableError);
  EXPECT_EQ(all_it_saw(), "");
}

TEST_F(ProxyTest, IsTakenForTlsAndSeesNoCredentials) {
  const Url url = Url::parse("https://r.invalid/");
  EXPECT_ANY_THROW(transport_->send({"GET", url, {"Authorization: Basic secret"}, {}}));
  EXPECT_EQ(all_it_saw().rfind("CONNECT r.invalid:443 ", 0), 0U);
  EXPECT_EQ(all_it_saw().find("secret"), std::string::npos);
}

class Letters : public Reader {
 public:
  explicit Letters(std::size_t count, std::size_t fail_at = ~std::size_t{0})
      : left_(count), fail_at_(fail_at) {}
  std::size_t read(char* buffer, std::size_t most) override {
    if (given_ >= fail_at_) throw Error("the source is gone");
    const std::size_t got = std::min({most, left_, std::size_t{1000}});
    std::fill_n(buffer, got, 'x');
    left_ -= got;
    given_ += got;
    return got;
  }

 private:
  std::size_t left_, fail_at_, given_ = 0;
};

TEST_F(TransportTest, SendsABodyInPieces) {
  testing::LoopbackServer server({testing::LoopbackServer::http(201, "")});
  Request request{"PUT", Url::parse("http://" + server.address() + "/x"), {}, {}};
  request.body_bytes = 3000;
  request.open_body = [] { return std::make_unique<Letters>(3000); };
  EXPECT_EQ(transport_->send(request).status, 201);
  const std::string head = server.requests().front();
  EXPECT_NE(head.find("PUT /x "), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 3000"), std::string::npos);
  EXPECT_EQ(head.find("Expect"), std::string::npos);
}

TEST_F(TransportTest, SaysWhatTheReaderOfABodySaid) {
  // One that answered before the body is there would hang up on it.
  testing::LoopbackServer server({{.answer = "", .hold = true}});
  Request request{"PUT", Url::parse("http://" + server.address() + "/x"), {}, {}};
  request.body_bytes = 300000;
  request.open_body = [] { return std::make_unique<Letters>(300000, 2000); };
  try {
    transport_->send(request);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the source is gone");
  }
}

TEST_F(TransportTest, HandsOnABodyInPiecesAndARefusalWhole) {
  const FakeTcpServer server({{answer(200, std::string(5000, 'x')), answer(403, "no")}});
  Request request{"GET", Url::parse(server.url()), {}, {}, 10};
  std::string got;
  bool begun = false;
  request.on_body = [&](std::string_view piece, bool anew) {
    EXPECT_EQ(anew, !begun);
    begun = true;
    got += piece;
  };
  EXPECT_EQ(transport_->send(request).body, "");
  EXPECT_EQ(got.size(), 5000U);
  EXPECT_EQ(transport_->send(request).body, "no");
  EXPECT_EQ(got.size(), 5000U);
}

TEST_F(TransportTest, CallsACutAnswerTransient) {
  const FakeTcpServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}});
  EXPECT_THROW(get(server.url()), TransientError);
}

TEST_F(TransportTest, SaysThatNobodyListens) {
  std::string url;
  {
    const FakeTcpServer gone({});
    url = gone.url();
  }
  try {
    get(url);
    FAIL();
  } catch (const TransientError& error) {
    FAIL() << error.what();
  } catch (const UnreachableError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("GET " + url + ": Failed to connect to 127.0.0.1", 0),
              0U)
        << error.what();
    EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
  }
}

TEST_F(TransportTest, WaitsForAServerThatWasThereAndIsBeingRestarted) {
  using testing::LoopbackServer;
  auto server = std::make_unique<LoopbackServer>(std::vector{LoopbackServer::http(200, "first")});
  const int port = server->port();
  const std::string url = "http://" + server->address() + "/";
  EXPECT_EQ(get(url).body, "first");
  server.reset();
  RetryPolicy policy;
  policy.sleep = [&](std::chrono::milliseconds) {
    server =
        std::make_unique<LoopbackServer>(std::vector{LoopbackServer::http(200, "second")}, port);
  };
  EXPECT_EQ(send_with_retries(policy, [&] { return get(url); }).body, "second");
}

TEST_F(TransportTest, DescribesWhatARegistrySaid) {
  Answer said;
  said.status = 404;
  said.body = R"({"errors": [{"code": "NAME_UNKNOWN", "message": "who?"}, {"code": "X"}]})";
  EXPECT_EQ(describe(said), "404 NAME_UNKNOWN: who?");
  said.body = R"({"errors": "nonsense"})";
  EXPECT_EQ(describe(said), "404");
}

}  // namespace
}  // namespace cairn::registry
