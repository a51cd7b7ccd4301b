// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "contract.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::engine {
namespace {

// With the host's network the port is one of this machine, which another test may hold.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&where), size), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size), 0);
  ::close(fd);
  return ntohs(where.sin_port);
}

class ServiceContract : public EngineContract {
 protected:
  std::string health_image(const std::string& options) {
    return build("FROM scratch\nCOPY probe /probe\nHEALTHCHECK " + options +
                 " CMD [\"/probe\", \"expect\", \"/well\"]\nENTRYPOINT [\"/probe\"]\n");
  }
};

TEST_F(ServiceContract, AnswersAtItsAddress) {
  const int port = free_port();
  RunRequest request = run_request(probe_image(), {"serve", std::to_string(port)});
  request.published_ports = {port};
  const std::unique_ptr<Container> service = engine->start(request);
  EXPECT_FALSE(service->id().empty());
  EXPECT_TRUE(service->running());
  const std::string address = service->address(port);
  EXPECT_EQ(address.rfind("127.0.0.1:", 0), 0U) << address;
  EXPECT_TRUE(eventually([&] { return http_get(address) == "ok"; })) << service->logs();
  EXPECT_EQ(service->logs(), "serving\n");
}

TEST_F(ServiceContract, AnswersOnTheHostsNetworkAtThePortItself) {
  const int port = free_port();
  RunRequest request = run_request(probe_image(), {"serve", std::to_string(port)});
  request.published_ports = {port};
  request.network = "host";
  const std::unique_ptr<Container> service = engine->start(request);
  EXPECT_EQ(service->address(port), "127.0.0.1:" + std::to_string(port));
  EXPECT_TRUE(eventually([&] { return http_get(service->address(port)) == "ok"; }));
}

TEST_F(ServiceContract, RunsCommandsInside) {
  const std::unique_ptr<Container> service = engine->start(run_request(probe_image(), {"wait"}));
  const RunResult printed = service->exec({"/probe", "print", "out", "err"}, {});
  EXPECT_EQ(printed.out, "out\n");
  EXPECT_EQ(printed.err, "err\n");
  EXPECT_EQ(service->exec({"/probe", "exit", "7"}, {}).exit_status, 7);
  EXPECT_EQ(service->exec({"/probe", "write", "/made"}, {}).exit_status, 0);
  EXPECT_EQ(service->exec({"/probe", "expect", "/made", "here\n"}, {}).exit_status, 0);
  EXPECT_TRUE(service->exec({"/probe", "wait"}, std::chrono::milliseconds(700)).timed_out);
  EXPECT_TRUE(service->running());
}

TEST_F(ServiceContract, BecomesHealthy) {
  const std::string id = health_image("--interval=1s --retries=60");
  const std::unique_ptr<Container> service = engine->start(run_request(id, {"wait"}));
  EXPECT_EQ(service->health(), Health::starting);
  ASSERT_EQ(service->exec({"/probe", "write", "/well"}, {}).exit_status, 0);
  EXPECT_TRUE(eventually([&] { return service->health() == Health::healthy; }));
}

TEST_F(ServiceContract, BecomesUnhealthyAfterItsRetries) {
  const std::string id = health_image("--interval=500ms --retries=2");
  const std::unique_ptr<Container> service = engine->start(run_request(id, {"wait"}));
  EXPECT_TRUE(eventually([&] { return service->health() == Health::unhealthy; }));
}

TEST_F(ServiceContract, HasNoHealthWithoutACheck) {
  const std::unique_ptr<Container> service = engine->start(run_request(probe_image(), {"wait"}));
  EXPECT_EQ(service->health(), Health::none);
}

TEST_F(ServiceContract, StopsAndSaysHowItEnded) {
  const std::string id = probe_image();
  const std::unique_ptr<Container> service = engine->start(run_request(id, {"wait"}));
  service->stop(std::chrono::seconds(1));
  EXPECT_FALSE(service->running());
  EXPECT_NE(service->exit_status(), 0);
}

TEST_F(ServiceContract, ShowsItsOwnExitStatus) {
  const std::unique_ptr<Container> service =
      engine->start(run_request(probe_image(), {"exit", "5"}));
  EXPECT_TRUE(eventually([&] { return !service->running(); }));
  EXPECT_EQ(service->exit_status(), 5);
  EXPECT_NE(error_of([&] { service->exec({"/probe", "exit", "0"}, {}); }), "");
}

TEST_F(ServiceContract, HoldsItsImageUntilItGoes) {
  const std::string id =
      build("FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\"]\nENV HELD=1\n");
  engine->tag(id, reference("held"));
  {
    const std::unique_ptr<Container> service = engine->start(run_request(id, {"wait"}));
    EXPECT_FALSE(engine->remove(id));
    EXPECT_EQ(engine->inspect(id)->names, std::vector<std::string>{reference("held")});
  }
  // Its name is free again, and its image.
  EXPECT_EQ(engine->run(run_request(id, {"exit", "0"})).exit_status, 0);
  EXPECT_TRUE(engine->remove(id));
}

}  // namespace
}  // namespace cairn::engine
