// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/build_log.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace cairn::stack {
namespace {

constexpr std::size_t kKept = 65536;

void write_to(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put <= 0) return;  // a full disk must not stop the build: the build itself will say so
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace

BuildLog::BuildLog(const std::filesystem::path& path, bool verbose) : verbose_(verbose) {
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ < 0) throw_errno("writing", path.string());
}

BuildLog::~BuildLog() {
  ::close(fd_);
}

engine::OutputSink BuildLog::sink() {
  return [this](std::string_view piece) { add(piece); };
}

void BuildLog::add(std::string_view piece) {
  write_to(fd_, piece);
  if (verbose_) write_to(2, piece);
  end_ += piece;
  if (end_.size() > 2 * kKept) end_.erase(0, end_.size() - kKept);
}

std::string BuildLog::tail(std::size_t lines) const {
  return last_lines(end_, lines);
}

}  // namespace cairn::stack
