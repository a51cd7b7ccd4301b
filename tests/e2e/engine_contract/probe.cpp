// SPDX-License-Identifier: BSD-3-Clause
//
// The one program in the images of the contract tests: static, so that an image of it alone runs.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int print(int count, char** words) {
  if (count > 0) std::printf("%s\n", words[0]);
  if (count > 1) std::fprintf(stderr, "%s\n", words[1]);
  return 0;
}

int print_all(int count, char** words) {
  for (int i = 0; i < count; ++i)
    std::printf("[%s]", words[i]);
  std::printf("\n");
  return 0;
}

int print_environment(const char* name) {
  const char* value = std::getenv(name);
  std::printf("%s\n", value != nullptr ? value : "(unset)");
  return 0;
}

int print_self() {
  char folder[4096];
  if (::getcwd(folder, sizeof folder) == nullptr) return 1;
  std::printf("%u %s\n", ::getuid(), folder);
  return 0;
}

int copy_input() {
  char buffer[4096];
  std::size_t got = 0;
  while ((got = std::fread(buffer, 1, sizeof buffer, stdin)) > 0)
    std::fwrite(buffer, 1, got, stdout);
  return 0;
}

int write_file(const char* path) {
  FILE* file = std::fopen(path, "w");
  if (file == nullptr) return 1;
  std::fputs("here\n", file);
  return std::fclose(file);
}

int expect_file(const char* path, const char* content) {
  FILE* file = std::fopen(path, "r");
  if (file == nullptr) return 1;
  char buffer[256] = {};
  const std::size_t got = std::fread(buffer, 1, sizeof buffer - 1, file);
  std::fclose(file);
  return content == nullptr || std::string(buffer, got) == content ? 0 : 1;
}

int serve(int port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 8) != 0) {
    std::perror("serve");
    return 1;
  }
  std::printf("serving\n");
  std::fflush(stdout);
  static const char kAnswer[] =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
  for (;;) {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client < 0) continue;
    char request[1024];
    if (::read(client, request, sizeof request) > 0) {
      [[maybe_unused]] const ssize_t put = ::write(client, kAnswer, sizeof kAnswer - 1);
    }
    ::close(client);
  }
}

int wait_for_ever(const char* sign) {
  if (sign != nullptr && write_file(sign) != 0) return 1;
  for (;;)
    ::pause();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  char** const rest = argv + 2;
  const int count = argc - 2;
  if (verb == "print") return print(count, rest);
  if (verb == "args") return print_all(count, rest);
  if (verb == "env" && count == 1) return print_environment(rest[0]);
  if (verb == "self") return print_self();
  if (verb == "cat") return copy_input();
  if (verb == "exit" && count == 1) return std::atoi(rest[0]);
  if (verb == "write" && count == 1) return write_file(rest[0]);
  if (verb == "expect" && count >= 1) return expect_file(rest[0], count > 1 ? rest[1] : nullptr);
  if (verb == "serve" && count == 1) return serve(std::atoi(rest[0]));
  if (verb == "wait") return wait_for_ever(count > 0 ? rest[0] : nullptr);
  std::fprintf(stderr, "probe: unknown verb '%s'\n", verb.c_str());
  return 2;
}
