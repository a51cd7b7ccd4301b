// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/in_child.hpp"
#include "base/file.hpp"
#include "engine/docker_engine.hpp"
#include "engine/podman_engine.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

using testing::eventually;

/// A command line that notes what it is to remove, and otherwise does as `script` says.
class Killed : public ::testing::Test {
 protected:
  Killed() {
    request_.image = "sha256:1";
    request_.name = "box";
  }

  Endpoint endpoint(const std::string& kind, const std::string& script) const {
    const std::filesystem::path program = folder_.path() / kind;
    write_file(program, "#!/bin/sh\ncase \" $* \" in *' rm '*) echo \"$*\" >>" +
                            (folder_.path() / "removed").string() + "; exit;; esac\n" + script +
                            "\n");
    std::filesystem::permissions(program, std::filesystem::perms(0755));
    Endpoint endpoint;
    endpoint.kind = kind;
    endpoint.builder = kind == "docker" ? "legacy" : "";
    endpoint.program = program;
    return endpoint;
  }
  std::string started() const { return folder_.path() / "started"; }

  /// What a process that does `work` leaves to be removed when it is killed.
  std::string removed_after_a_kill(const std::function<void()>& work) const {
    testing::ChildProcess owner(work);
    EXPECT_TRUE(eventually([this] { return std::filesystem::exists(started()); }));
    owner.kill();
    const auto removed = [this] {
      return read_file_if_present(folder_.path() / "removed").value_or("");
    };
    EXPECT_TRUE(eventually([&] { return removed().find('\n') != std::string::npos; }));
    return removed().substr(0, removed().find('\n'));
  }

  TempDir folder_{"cairn-killed-"};
  RunRequest request_;
};

TEST_F(Killed, ADetachedContainerIsRemoved) {
  const Endpoint docker = endpoint("docker", "echo id");
  EXPECT_EQ(removed_after_a_kill([&] {
              const auto engine = open_docker(docker);
              const auto container = engine->start(request_);
              write_file(started(), "");
              sleep_for(std::chrono::minutes(10));
            }),
            "rm --force --volumes box");
}

TEST_F(Killed, AContainerThatIsWaitedForIsRemoved) {
  const Endpoint podman = endpoint("podman", "echo >" + started() + "; exec sleep 600");
  EXPECT_EQ(removed_after_a_kill([&] { open_podman(podman)->run(request_); }),
            "rm --force --volumes --time 0 --ignore box");
}

/// What is removed when an interrupt comes while a container of an image's files is made.
class Interrupted : public Killed {
 protected:
  std::string removed_after_an_interrupt(const std::string& kind) const {
    const Endpoint engine = endpoint(kind, "echo >" + started() + "; exec sleep 600");
    testing::ChildProcess owner([&] {
      install_interrupt_handlers();
      try {
        open_image_files(engine, "sha256:1", "box");
      } catch (const std::exception&) {
      }
    });
    EXPECT_TRUE(eventually([this] { return std::filesystem::exists(started()); }));
    ::kill(owner.pid(), SIGINT);
    EXPECT_EQ(owner.wait(), 0);
    return read_file_if_present(folder_.path() / "removed").value_or("nothing");
  }
};

TEST_F(Interrupted, AContainerThatIsBeingMadeIsRemoved) {
  EXPECT_EQ(removed_after_an_interrupt("docker"), "rm --force --volumes box\n");
}

TEST_F(Interrupted, AContainerThatIsToBeMountedIsRemoved) {
  EXPECT_EQ(removed_after_an_interrupt("buildah"), "rm box\n");
}

}  // namespace
}  // namespace cairn::engine
