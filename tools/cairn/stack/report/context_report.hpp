// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/scan/context.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace cairn::stack {

/// What to look at, without a build tree.
struct ContextQuestion {
  std::string context;
  std::string dockerfile;  ///< empty: Dockerfile or Containerfile in the context
  std::string stage;       ///< empty: the last
  std::map<std::string, std::string> build_args;
  std::string engine = "docker";  ///< `docker`, `docker-legacy`, `podman` or `buildah`
  std::string copy_to;            ///< an empty folder that gets what the engine would get
};

struct ContextAnswer {
  std::string digest;               ///< over the paths, kinds, modes and contents
  std::vector<std::string> doubts;  ///< why it is the whole context, if it is
  std::vector<ContextEntry> entries;
};

/// The paths that an image of this recipe is keyed by. Bases are not looked at: they are taken to
/// have no ONBUILD triggers. Throws UserError as a scan would.
ContextAnswer look_at_context(const ContextQuestion& question);

/// Schema cairn/context/1.
nlohmann::json to_json(const ContextQuestion& question, const ContextAnswer& answer);

/// One path a line, folders with a '/' behind; with `nul` every path ends in a NUL and is as it is.
std::string format_paths(const ContextAnswer& answer, bool nul);

}  // namespace cairn::stack
