// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/progress.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::stack {
namespace {

struct ProcessLine {
  std::string name;
  long parent = 0;
};

// /proc/PID/stat: pid (comm) state ppid …; comm may hold blanks and parentheses (proc(5)).
ProcessLine read_process(long pid) {
  const std::string text =
      read_file_if_present("/proc/" + std::to_string(pid) + "/stat").value_or("");
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  ProcessLine line;
  line.name = text.substr(open + 1, close - open - 1);
  const std::vector<std::string> rest = split(text.substr(close + 1), ' ');
  if (rest.size() > 2) line.parent = std::atol(rest[2].c_str());
  return line;
}

long find_ninja() {
  constexpr int kNearby = 4;  // ninja -> sh -> (launcher) -> us
  long pid = ::getppid();
  for (int i = 0; i < kNearby && pid > 1; ++i) {
    const ProcessLine process = read_process(pid);
    if (process.name == "ninja" || process.name == "ninja-build") return pid;
    pid = process.parent;
  }
  return 0;
}

}  // namespace

Progress::Progress() {
  const long ninja = find_ninja();
  if (ninja == 0) return;
  const std::string path = "/proc/" + std::to_string(ninja) + "/fd/1";
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return;
  struct stat info {};
  // A plain file has ninja's own write position, which ours would fight with.
  const bool usable = ::fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || ::isatty(fd) == 1);
  if (!usable) {
    ::close(fd);
    return;
  }
  fd_ = fd;
  terminal_ = ::isatty(fd) == 1;
}

Progress::~Progress() {
  if (fd_ != 2) ::close(fd_);
}

void Progress::line(const std::string& text) const {
  // On a terminal, wipe ninja's status line; ninja draws it again by itself.
  const std::string bytes = (terminal_ ? "\r\x1b[K" : "") + ("cairn: " + text) + "\n";
  [[maybe_unused]] const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
}

}  // namespace cairn::stack
