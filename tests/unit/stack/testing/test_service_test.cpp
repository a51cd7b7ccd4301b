// SPDX-License-Identifier: BSD-3-Clause
#include "../../../support/loopback_server.hpp"
#include "base/error.hpp"
#include "testing_fixture.hpp"

namespace cairn::stack {
namespace {

using engine::Health;
using ::testing::HasSubstr;
using testing::LoopbackServer;
using ::testing::SizeIs;

class ServiceTest : public TestingFixture {
 protected:
  ServiceTest() { test.kind = TestKind::service; }
  /// Whatever happens, the container is gone at the end, once.
  ~ServiceTest() override { EXPECT_EQ(container->removed, runs_); }

  std::string verdict() {
    ++runs_;
    container->running = true;
    return TestingFixture::verdict();
  }
  /// Asks `server` for /api.
  void ask(const LoopbackServer& server) {
    container->address = server.address();
    test.port = 8888;
    test.http_get = "/api";
  }

 private:
  int runs_ = 0;
};

TEST_F(ServiceTest, WaitsForHealthThenStops) {
  test.wait_healthy = 20;
  container->log = "ready\n";
  container->on_health = [this] {
    // 'unhealthy' is not the end: a slow start passes through it.
    const Health healths[] = {Health::starting, Health::unhealthy, Health::healthy};
    return healths[std::min(container->asked, 3) - 1];
  };
  EXPECT_EQ(verdict(), "passed");
  EXPECT_EQ(container->asked, 3);
  EXPECT_EQ(container->stopped, 1);
  EXPECT_EQ(outcome.log, "ready\n");
  EXPECT_TRUE(world->runs.at(0).published_ports.empty());
}

TEST_F(ServiceTest, SaysThatItIsNotHealthyInTime) {
  test.wait_healthy = 1;
  container->log = "why\n";
  container->on_health = [] { return Health::unhealthy; };
  EXPECT_EQ(verdict(), "failed: not healthy within 1.0 s (unhealthy)");
  EXPECT_EQ(outcome.log, "why\n");
  EXPECT_EQ(container->stopped, 1);
}

TEST_F(ServiceTest, SaysThatItEnded) {
  test.wait_healthy = 20;
  container->exit_status = 4;
  container->log = "no config\n";
  container->on_health = [this] {
    container->running = false;
    return Health::starting;
  };
  EXPECT_EQ(verdict(), "failed: the container ended with status 4");
  EXPECT_EQ(outcome.log, "no config\n");
  EXPECT_EQ(container->stopped, 0);
}

TEST_F(ServiceTest, SaysThatThereIsNoHealthcheck) {
  test.wait_healthy = 20;
  container->on_health = [] { return Health::none; };
  EXPECT_EQ(verdict(), "error: the image has no HEALTHCHECK to wait for");
  EXPECT_THAT(outcome.log, HasSubstr("\ncairn: hint: wait for a port instead: WAIT_PORT 30 "
                                     "PORT 8080"));
}

TEST_F(ServiceTest, TellsTheImageFromTheEngine) {
  test.wait_healthy = 20;
  container->on_health = []() -> Health { throw UnreachableError("docker does not answer"); };
  EXPECT_EQ(verdict(), "error: docker does not answer") << "nothing is known of the image";
}

TEST_F(ServiceTest, IsRemovedWhenCairnIsToldToStop) {
  test.wait_healthy = 20;
  container->on_health = []() -> Health { throw Interrupted(); };
  EXPECT_THROW(verdict(), Interrupted);
}

TEST_F(ServiceTest, WaitsForAPort) {
  // The forwarder accepts while nobody listens behind it.
  LoopbackServer server({{"", true}, {"", true}, LoopbackServer::http(200, "")});
  container->address = server.address();
  test.port = 8080;
  test.wait_port = 20;
  EXPECT_EQ(verdict(), "passed");
  EXPECT_EQ(world->runs.at(0).published_ports, std::vector<int>{8080});
  EXPECT_THAT(server.requests(), SizeIs(0));
}

TEST_F(ServiceTest, SaysThatNothingListens) {
  LoopbackServer server({{"", true}});
  container->address = server.address();
  test.port = 8080;
  test.wait_port = 1;
  EXPECT_EQ(verdict(), "failed: nothing listens on port 8080 within 1.0 s");
}

TEST_F(ServiceTest, AsksOnce) {
  LoopbackServer server({{"", true}, LoopbackServer::http(200, "{\"version\": \"2.14\"}")});
  ask(server);
  test.expect_body = "\"version\": \"2\\.";
  EXPECT_EQ(verdict(), "passed");
  ASSERT_THAT(server.requests(), SizeIs(1));
  EXPECT_THAT(server.requests()[0], HasSubstr("GET /api HTTP/1.1\r\nHost: " + server.address()));
}

TEST_F(ServiceTest, JudgesTheStatus) {
  LoopbackServer server({LoopbackServer::http(403, "forbidden")});
  ask(server);
  EXPECT_EQ(verdict(), "failed: expected status 200 for GET /api, got 403");
  test.expect_status = 403;
  EXPECT_EQ(verdict(), "passed");
}

TEST_F(ServiceTest, JudgesTheBody) {
  LoopbackServer server({LoopbackServer::http(200, "one\ntwo")});
  ask(server);
  test.expect_body = "three";
  EXPECT_EQ(verdict(), "failed: the body of GET /api does not match 'three':\none\ntwo");
}

TEST_F(ServiceTest, JudgesAnAnswerThatIsNoHttp) {
  LoopbackServer server({{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}});
  ask(server);
  EXPECT_THAT(verdict(), ::testing::StartsWith("failed: "));
}

TEST_F(ServiceTest, SaysThatNoAnswerCameInTime) {
  LoopbackServer server({{"", false, true}});
  ask(server);
  test.wait_port = 1;
  EXPECT_EQ(verdict(), "failed: no complete answer to GET /api within 1.0 s");
}

TEST_F(ServiceTest, JudgesHowItStopsAndWhatItSaid) {
  container->exit_status = 143;
  container->log = "bye\n";
  EXPECT_EQ(verdict(), "passed") << "a stopped service has any status";
  test.expect_exit = 0;
  EXPECT_EQ(verdict(), "failed: expected exit status 0 after the stop, got 143");
  test.expect_exit = 143;
  test.expect_stderr = "bye";
  EXPECT_EQ(verdict(), "passed") << "both streams come as one";
  test.reject_stdout = "bye";
  EXPECT_EQ(verdict(), "failed: stdout matches 'bye', which it must not");
}

}  // namespace
}  // namespace cairn::stack
