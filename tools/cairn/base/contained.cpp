// SPDX-License-Identifier: BSD-3-Clause
#include "base/contained.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <signal.h>
#include <string>
#include <sys/stat.h>

namespace cairn {
namespace {

namespace fs = std::filesystem;

/// `/proc/<pid>/stat`: the name in parentheses may hold anything, also parentheses.
pid_t parent_of(const fs::path& process) {
  std::ifstream file(process / "stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  constexpr std::size_t kStateAndBlanks = 4;
  return static_cast<pid_t>(std::strtol(text.c_str() + name_end + kStateAndBlanks, nullptr, 10));
}

// One that has ended has no root any more. (fs::equivalent would call that another one than ours.)
bool has_own_root(const fs::path& process) {
  struct stat ours {};
  struct stat theirs {};
  if (::stat("/", &ours) != 0 || ::stat((process / "root").c_str(), &theirs) != 0) return false;
  return ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino;
}

}  // namespace

bool kill_contained(pid_t ancestor) {
  std::multimap<pid_t, pid_t> children;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    children.emplace(parent_of(entry.path()), static_cast<pid_t>(std::atoi(name.c_str())));
  }
  bool any = false;
  std::set<pid_t> open{ancestor};
  while (!open.empty()) {
    const pid_t next = open.extract(open.begin()).value();
    const auto [first, last] = children.equal_range(next);
    for (auto child = first; child != last; ++child) {
      open.insert(child->second);
      if (!has_own_root("/proc/" + std::to_string(child->second))) continue;
      any = ::kill(child->second, SIGKILL) == 0 || any;
    }
  }
  return any;
}

}  // namespace cairn
