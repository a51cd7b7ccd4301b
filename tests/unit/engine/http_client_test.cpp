// SPDX-License-Identifier: BSD-3-Clause
#include "engine/http_client.hpp"

#include "../../support/fake_server.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

using testing::FakeServer;

std::string ok(const std::string& body) {
  return testing::answer(200, body);
}

HttpClient client_of(const FakeServer& server) {
  return HttpClient([path = server.path()] { return connect_unix(path); });
}

const std::chrono::seconds kLimit{20};

TEST(HttpClient, KeepsOneConnection) {
  const FakeServer server({{ok("one"), ok("two")}});
  HttpClient client = client_of(server);
  EXPECT_EQ(client.send({"GET", "/1", {}}, kLimit).body, "one");
  EXPECT_EQ(client.send({"GET", "/2", {}}, kLimit).body, "two");
}

TEST(HttpClient, OpensAnIdleConnectionAgainThatWasClosed) {
  const FakeServer server({{ok("one")}, {ok("two")}});
  HttpClient client = client_of(server);
  EXPECT_EQ(client.send({"GET", "/1", {}}, kLimit).body, "one");
  EXPECT_EQ(client.send({"GET", "/2", {}}, kLimit).body, "two");
}

TEST(HttpClient, GivesUpWhereAFreshConnectionAnswersNothing) {
  const FakeServer server({{""}});
  HttpClient client = client_of(server);
  try {
    client.send({"GET", "/", {}}, kLimit);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the connection ended without an answer");
  }
}

TEST(HttpClient, GivesUpAtItsTimeLimit) {
  const FakeServer server({{"hold"}});
  HttpClient client = client_of(server);
  try {
    client.send({"GET", "/", {}}, std::chrono::milliseconds(50));
    FAIL();
  } catch (const Error& error) {
    // The server wrote "hold", which is no answer yet.
    EXPECT_STREQ(error.what(), "no answer in time");
  }
}

TEST(HttpClient, SaysWhereNobodyListens) {
  HttpClient client([] { return connect_unix("/nonexistent/docker.sock"); });
  try {
    client.send({"GET", "/", {}}, kLimit);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "connecting to '/nonexistent/docker.sock': No such file or directory");
  }
  EXPECT_THROW(connect_unix(std::string(200, 'x')), Error);
}

TEST(HttpClient, SpeaksThroughACommand) {
  Command command;
  command.argv = {"/bin/sh", "-c",
                  "read line; printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi'; cat"};
  HttpClient client([&] { return connect_command(command); });
  EXPECT_EQ(client.send({"GET", "/", {}}, kLimit).body, "hi");
}

}  // namespace
}  // namespace cairn::engine
