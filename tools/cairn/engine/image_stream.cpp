// SPDX-License-Identifier: BSD-3-Clause
#include "engine/image_stream.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "engine/child.hpp"
#include "engine/cli.hpp"
#include "engine/image_json.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace cairn::engine {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} * 1024;

FileDescriptor opened(int fd, const char* what) {
  if (fd < 0) throw_errno("making", what);
  return FileDescriptor(fd);
}

/// A file in memory for what a command says.
FileDescriptor said() {
  return opened(::memfd_create("cairn-said", MFD_CLOEXEC), "file in memory");
}

std::string content_of(const FileDescriptor& file) {
  ::lseek(file.get(), 0, SEEK_SET);
  return read_to_end(file.get(), "what the engine said");
}

void wait_for_end(Child& child) {
  while (!child.wait_for(std::chrono::milliseconds(200)))
    check_interrupted();
}

/// What ended is thrown as refused unless it ended well.
void check_end(const Endpoint& endpoint, const std::string& doing, const Child& child,
               const FileDescriptor& out, const FileDescriptor& err) {
  if (child.exit_status() == 0) return;
  ProcessResult result;
  result.exit_status = child.exit_status();
  result.out = content_of(out);
  result.err = content_of(err);
  throw_refused(endpoint, doing, result);
}

/// Thrown to the producer when the command reads no more.
struct NobodyReads : Error {
  NobodyReads() : Error("nobody reads any more") {}
};

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    check_interrupted();
    const ssize_t put = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && (errno == EPIPE || errno == ECONNRESET)) throw NobodyReads();
    if (put < 0) throw_errno("writing to", "an engine");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace

void pipe_out_of(const Endpoint& endpoint, const Command& command, const std::string& doing,
                 const ByteTaker& taker) {
  require_program(endpoint);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("making", "pipe");
  const FileDescriptor from = opened(ends[0], "pipe");
  FileDescriptor to = opened(ends[1], "pipe");
  const FileDescriptor err = said();
  Child child(command, {-1, to.get(), err.get()});
  to.reset();
  std::vector<char> buffer(kBuffer);
  for (;;) {
    // This may be a thread that signals do not reach.
    pollfd wanted{from.get(), POLLIN, 0};
    const int ready = ::poll(&wanted, 1, 200);
    check_interrupted();
    if (ready <= 0) continue;
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("reading from", endpoint.program);
    if (got == 0) break;
    if (!taker({buffer.data(), static_cast<std::size_t>(got)})) {
      child.end(std::chrono::seconds(1));
      return;
    }
  }
  wait_for_end(child);
  const FileDescriptor nothing = said();
  check_end(endpoint, doing, child, nothing, err);
}

std::string pipe_into(const Endpoint& endpoint, const Command& command, const std::string& doing,
                      const std::function<void(const OutputSink&)>& produce) {
  require_program(endpoint);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw_errno("making", "socket pair");
  }
  FileDescriptor ours = opened(ends[0], "socket pair");
  FileDescriptor theirs = opened(ends[1], "socket pair");
  const FileDescriptor out = said();
  const FileDescriptor err = said();
  Child child(command, {theirs.get(), out.get(), err.get()});
  theirs.reset();
  bool all_read = true;
  try {
    produce([&](std::string_view bytes) { send_all(ours.get(), bytes); });
  } catch (const NobodyReads&) {
    all_read = false;
  }
  ours.reset();
  wait_for_end(child);
  check_end(endpoint, doing, child, out, err);
  if (!all_read) throw Error(endpoint.kind + " did not read all it was given to " + doing);
  return content_of(out);
}

std::string loaded_id(const std::string& said) {
  constexpr std::size_t kHex = 64;
  std::size_t run = 0;
  for (std::size_t at = 0; at < said.size(); ++at) {
    const bool hex = std::isxdigit(static_cast<unsigned char>(said[at])) != 0;
    run = hex ? run + 1 : 0;
    if (run == kHex) return full_id(said.substr(at + 1 - kHex, kHex));
  }
  return "";
}

}  // namespace cairn::engine
