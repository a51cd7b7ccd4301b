// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/http_get.hpp"

#include "../../../support/in_child.hpp"
#include "../../../support/loopback_server.hpp"
#include "base/error.hpp"
#include "base/process.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using testing::LoopbackServer;

constexpr std::chrono::seconds kLimit{20};

std::string error_of(const std::string& address, std::chrono::milliseconds limit = kLimit) {
  try {
    const auto answer = http_get(address, "/slow", limit);
    return answer ? "an answer" : "nobody";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(HttpGet, ReadsAWholeAnswer) {
  LoopbackServer server({LoopbackServer::http(404, "gone"),
                         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"},
                         {"HTTP/1.1 200 OK\r\n\r\nto the end"}});
  const auto counted = http_get(server.address(), "api", kLimit);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->status, 404);
  EXPECT_EQ(counted->body, "gone");
  EXPECT_EQ(http_get(server.address(), "/", kLimit)->body, "abc");
  EXPECT_EQ(http_get(server.address(), "/", kLimit)->body, "to the end");
  EXPECT_EQ(server.requests().at(0), "GET /api HTTP/1.1\r\nHost: " + server.address() +
                                         "\r\nUser-Agent: cairn/" CAIRN_VERSION
                                         "\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

TEST(HttpGet, FindsNobody) {
  LoopbackServer forwarder({{"", true}});
  EXPECT_EQ(error_of(forwarder.address()), "nobody");
  std::string closed;
  {
    const LoopbackServer gone({});
    closed = gone.address();
  }
  EXPECT_EQ(error_of(closed), "nobody");
  EXPECT_FALSE(port_is_open(closed));
}

TEST(HttpGet, RefusesHalfAnAnswer) {
  LoopbackServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}});
  EXPECT_NE(error_of(server.address()), "an answer");
  EXPECT_NE(error_of(server.address()), "nobody");
}

TEST(HttpGet, WaitsNoLongerThanItsLimit) {
  LoopbackServer server({{"", false, true}});
  EXPECT_EQ(error_of(server.address(), std::chrono::milliseconds(200)),
            "no complete answer to GET /slow within 0.2 s");
}

TEST(HttpGet, RefusesWhatIsNoAddress) {
  EXPECT_EQ(error_of("localhost"), "expected HOST:PORT, got 'localhost'");
  EXPECT_EQ(error_of("127.0.0.1:no-such-port"),
            "looking up '127.0.0.1:no-such-port': Servname not supported for ai_socktype");
}

TEST(HttpGet, EndsWhenCairnIsToldToStop) {
  EXPECT_EQ(testing::in_child([] {
              install_interrupt_handlers();
              LoopbackServer server({{"", false, true, [] { ::kill(::getpid(), SIGINT); }}});
              return error_of(server.address());
            }),
            "interrupted");
}

TEST(PortIsOpen, TellsAServiceFromAForwarder) {
  LoopbackServer server({LoopbackServer::http(200, "")});
  EXPECT_TRUE(port_is_open(server.address()));
  LoopbackServer forwarder({{"", true}});
  EXPECT_FALSE(port_is_open(forwarder.address()));
}

}  // namespace
}  // namespace cairn::stack
