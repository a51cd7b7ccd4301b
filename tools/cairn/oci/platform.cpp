// SPDX-License-Identifier: BSD-3-Clause
#include "oci/platform.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <sys/utsname.h>
#include <vector>

namespace cairn::oci {
namespace {

struct Alias {
  std::string_view written;
  std::string_view architecture;
  std::string_view variant;
};

// containerd's normalisation (platforms/database.go), as far as Linux machines go. CMake has it as
// well, in cmake/cairn/detail/platforms.cmake: tests/unit/oci/platforms.txt holds both to the same.
constexpr std::array<Alias, 9> kAliases{{{"x86_64", "amd64", ""},
                                         {"x86-64", "amd64", ""},
                                         {"aarch64", "arm64", ""},
                                         {"armhf", "arm", "v7"},
                                         {"armel", "arm", "v6"},
                                         {"armv7l", "arm", "v7"},
                                         {"armv7", "arm", "v7"},
                                         {"i386", "386", ""},
                                         {"i686", "386", ""}}};

void normalise(Platform& platform) {
  for (const Alias& alias : kAliases) {
    if (platform.architecture != alias.written) continue;
    platform.architecture = alias.architecture;
    if (platform.variant.empty()) platform.variant = alias.variant;
  }
  if (platform.architecture == "arm64" && (platform.variant == "v8" || platform.variant == "8")) {
    platform.variant.clear();
  }
  if (platform.architecture == "amd64" && platform.variant == "v1") platform.variant.clear();
  if (platform.architecture != "arm") return;
  if (platform.variant.empty()) platform.variant = "v7";
  constexpr std::string_view kBare = "5678";
  if (platform.variant.size() == 1 && kBare.find(platform.variant) != std::string_view::npos) {
    platform.variant.insert(0, 1, 'v');
  }
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

}  // namespace

Platform Platform::parse(std::string_view text) {
  const std::vector<std::string> parts = split(to_lower(text), '/');
  if (parts.size() < 2 || parts.size() > 3 || !std::all_of(parts.begin(), parts.end(), is_word)) {
    throw UserError("invalid platform '" + std::string(text) +
                    "': expected OS/ARCHITECTURE[/VARIANT], as in 'linux/amd64'");
  }
  Platform platform{parts[0], parts[1], parts.size() == 3 ? parts[2] : ""};
  normalise(platform);
  return platform;
}

std::string Platform::to_string() const {
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

std::string Platform::arch_name() const {
  if (architecture == "amd64") return variant.empty() ? "x86_64" : "x86_64_" + variant;
  if (architecture == "arm64") return "aarch64";
  if (architecture == "386") return "i686";
  return architecture + variant;
}

Platform host_platform() {
  struct utsname names {};
  if (::uname(&names) != 0) throw Error("asking the kernel for the machine's architecture failed");
  return Platform::parse("linux/" + std::string(names.machine));
}

}  // namespace cairn::oci
