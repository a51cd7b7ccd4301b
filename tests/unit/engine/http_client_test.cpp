// SPDX-License-Identifier: BSD-3-Clause
#include "engine/http_client.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cairn::engine {
namespace {

/// A server on a unix socket; each connection is answered from one list of answers, an empty
/// answer closing it.
class FakeServer {
 public:
  explicit FakeServer(std::vector<std::vector<std::string>> connections)
      : connections_(std::move(connections)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeServer() {
    ::shutdown(listener_, SHUT_RDWR);
    ::close(listener_);
    thread_.join();
  }
  std::string path() const { return folder_.path() / "s"; }

 private:
  void serve() {
    for (const std::vector<std::string>& answers : connections_) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      char buffer[4096];
      for (const std::string& answer : answers) {
        if (::read(fd, buffer, sizeof buffer) <= 0 || answer.empty()) break;
        if (::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      }
      if (!answers.empty() && answers.back() == "hold") {
        while (::read(fd, buffer, sizeof buffer) > 0) {
        }
      }
      ::close(fd);
    }
  }

  TempDir folder_{"cairn-http-"};
  std::vector<std::vector<std::string>> connections_;
  int listener_ = -1;
  std::thread thread_;
};

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
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
