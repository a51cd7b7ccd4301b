// SPDX-License-Identifier: BSD-3-Clause
#include "engine/capabilities.hpp"

#include "base/error.hpp"

#include <array>
#include <charconv>

namespace cairn::engine {
namespace {

struct Row {
  std::string_view kind;
  std::string_view builder;
  int heredocs_major;  ///< first version with heredocs in RUN and COPY; 0: never
  int heredocs_minor;
  Capabilities can;
};

constexpr Capabilities kLegacy{.builds_unneeded_stages = true,
                               .health_timers = true,
                               .detached = true,
                               .port_publishing = true,
                               .socket = true};

constexpr Capabilities kBuildKit = [] {
  Capabilities can = kLegacy;
  can.builds_unneeded_stages = false;
  can.secrets = can.bind_mounts = can.dockerfile_ignore_file = can.syntax_directive = true;
  return can;
}();

constexpr Capabilities kBuildah{.secrets = true,
                                .bind_mounts = true,
                                .pull_never = true,
                                .dockerfile_ignore_file = true,
                                .container_ignore_file = true,
                                .cache_sees_arguments = false,
                                .images_are_cache = true};

constexpr Capabilities kPodman = [] {
  Capabilities can = kBuildah;
  can.detached = can.port_publishing = true;
  return can;
}();

// heredocs: BuildKit's built-in front end since dockerd 23, buildah since 1.33, podman since 4.8
// (which carries buildah 1.33).
constexpr std::array<Row, 5> kRows{{
    {"docker", "buildx", 23, 0, kBuildKit},
    {"docker", "buildkit", 23, 0, kBuildKit},
    {"docker", "legacy", 0, 0, kLegacy},
    {"podman", "", 4, 8, kPodman},
    {"buildah", "", 1, 33, kBuildah},
}};

// The Dockerfile front end of the BuildKit that each daemon was released with; the daemon's for
// buildx as well. Where a series moved on, what its first release had.
int docker_front_end(const std::string& version) {
  struct Release {
    int major, minor, front_end;
  };
  constexpr std::array<Release, 9> kReleases{{{29, 0, 20},
                                              {28, 5, 19},
                                              {28, 0, 13},
                                              {27, 0, 8},
                                              {26, 0, 7},
                                              {25, 0, 6},
                                              {24, 0, 5},
                                              {23, 0, 4},
                                              {20, 10, 2}}};
  for (const Release& release : kReleases) {
    if (is_at_least(version, release.major, release.minor)) return release.front_end;
  }
  return 0;
}

}  // namespace

bool is_at_least(const std::string& version, int major, int minor) {
  int numbers[2] = {0, 0};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (int& number : numbers) {
    const auto [stop, code] = std::from_chars(at, end, number);
    if (code != std::errc() || stop == end) break;
    at = stop + 1;
  }
  return numbers[0] > major || (numbers[0] == major && numbers[1] >= minor);
}

Capabilities capabilities_of(const std::string& kind, const std::string& builder,
                             const std::string& version) {
  for (const Row& row : kRows) {
    if (row.kind != kind || row.builder != builder) continue;
    Capabilities can = row.can;
    can.heredocs =
        row.heredocs_major != 0 && is_at_least(version, row.heredocs_major, row.heredocs_minor);
    if (can.syntax_directive) can.front_end = docker_front_end(version);
    return can;
  }
  if (kind == "docker") {
    throw UserError("unknown builder '" + builder + "': expected buildx, buildkit or legacy");
  }
  throw UserError("unknown engine '" + kind + "': expected docker, podman or buildah");
}

}  // namespace cairn::engine
