// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace cairn::engine {

/// What an engine can do; one row an engine and builder in docs/reference/engines.md.
struct Capabilities {
  bool secrets = false;      ///< RUN --mount=type=secret
  bool bind_mounts = false;  ///< RUN --mount=type=bind
  bool heredocs = false;
  bool pull_never = false;              ///< the builder can be told never to pull
  bool builds_unneeded_stages = false;  ///< legacy builder: they must be blanked (rule 5)
  bool dockerfile_ignore_file = false;  ///< `<Dockerfile>.dockerignore` is read
  bool container_ignore_file = false;   ///< `.containerignore` is read, and first
  bool health_timers = false;           ///< runs healthchecks itself
  bool detached = false;                ///< containers outlive the command that started them
  bool port_publishing = false;
  bool socket = false;            ///< answers the docker API on a socket
  bool syntax_directive = false;  ///< `# syntax=` is acted on (and fetched)
  int front_end = 0;  ///< N of the docker/dockerfile:1.N that is built in; 0: nobody has asked
  bool cache_sees_arguments = true;  ///< a step that an ARG changes is another step to its cache
  bool images_are_cache = false;     ///< a step is in the cache as long as an image ends with it
};

/// Where an engine is and who it is, as resolved at first configure: the content of engine.json
/// (schema cairn/engine/1, docs/reference/records.md).
struct Endpoint {
  std::string kind;      ///< docker, podman, buildah
  std::string builder;   ///< docker: buildx, buildkit (built into the CLI) or legacy; else empty
  std::string program;   ///< absolute path of the command line
  std::string version;   ///< docker: of the program, `28.2.2`; else empty
  std::string url;       ///< docker: unix:///…, tcp://…, ssh://…; podman, buildah: empty
  std::string identity;  ///< docker: Info.ID + ' ' + root; podman, buildah: graph root
  std::vector<std::string> global_flags;  ///< put right after the program (podman --root …)
  std::vector<std::string> build_flags;   ///< put after `build`
  std::vector<std::string> run_flags;     ///< put after `run`

  static Endpoint read(const std::string& path);
};

}  // namespace cairn::engine
