// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/platform.hpp"

#include <map>
#include <string>
#include <vector>

namespace cairn::engine {

struct BuildSecret {
  std::string id;
  std::string source;  ///< absolute path of a file
};

struct BuildRequest {
  std::string context;     ///< folder that holds exactly what the builder may see
  std::string dockerfile;  ///< absolute path, outside the context
  oci::Platform platform;
  bool emulated = false;  ///< platform is not the engine's own
  std::string target;     ///< stage; empty: the last
  std::map<std::string, std::string> build_args;
  std::map<std::string, std::string> labels;
  std::vector<BuildSecret> secrets;
  std::vector<std::string> ssh;
  std::string network;  ///< empty: the engine's default
  std::vector<std::string> added_hosts;
  std::vector<std::string> flags;  ///< CAIRN_BUILD_FLAGS, as they are
  bool no_cache = false;
};

}  // namespace cairn::engine
