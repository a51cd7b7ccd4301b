// SPDX-License-Identifier: BSD-3-Clause
#include "contract.hpp"

#include "base/error.hpp"

#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace cairn::engine {
namespace {

std::string required_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw Error(std::string(name) + " is not set");
  return value;
}

}  // namespace

EngineContract::EngineContract()
    : engine(open_engine(Endpoint::read(required_variable("CAIRN_TEST_ENDPOINT")))) {
  std::filesystem::create_directory(folder.path() / "context");
  std::filesystem::copy_file(required_variable("CAIRN_TEST_PROBE"),
                             folder.path() / "context" / "probe");
}

std::string EngineContract::unique(const std::string& word) const {
  return "contract-" + std::to_string(::getpid()) + "-" + word;
}

std::string EngineContract::reference(const std::string& word) const {
  return "cairn.invalid/" + unique("x") + "/" + word + ":1";
}

BuildRequest EngineContract::request(const std::string& recipe) const {
  BuildRequest request;
  request.context = folder.path() / "context";
  request.dockerfile = folder.path() / "Dockerfile";
  request.platform = engine->native_platform();
  write_file(request.dockerfile, recipe);
  return request;
}

std::string EngineContract::build(const std::string& recipe) {
  return engine->build(request(recipe), {}, {});
}

std::string EngineContract::probe_image() {
  return build("FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\"]\n");
}

RunRequest EngineContract::run_request(const std::string& image,
                                       std::vector<std::string> command) const {
  RunRequest run;
  run.image = image;
  run.name = unique(::testing::UnitTest::GetInstance()->current_test_info()->name());
  run.command = std::move(command);
  return run;
}

std::string EngineContract::error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "expected an error";
  return {};
}

bool EngineContract::eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

std::string http_get(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &where.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0) {
    const std::string_view asked = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    char buffer[1024];
    ssize_t got = ::send(fd, asked.data(), asked.size(), MSG_NOSIGNAL);
    while (got > 0 && (got = ::read(fd, buffer, sizeof buffer)) > 0) {
      answer.append(buffer, static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

}  // namespace cairn::engine

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (std::getenv("CAIRN_TEST_ENDPOINT") == nullptr || std::getenv("CAIRN_TEST_PROBE") == nullptr) {
    std::fputs("CAIRN_TEST_ENDPOINT and CAIRN_TEST_PROBE must be set; run.sh does\n", stderr);
    return 2;
  }
  return RUN_ALL_TESTS();
}
