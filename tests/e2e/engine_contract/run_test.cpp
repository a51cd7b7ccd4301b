// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/process.hpp"
#include "contract.hpp"

#include <algorithm>
#include <filesystem>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cairn::engine {
namespace {

TEST_F(EngineContract, RunGivesStatusAndBothStreamsApart) {
  const std::string id = probe_image();
  const RunResult printed = engine->run(run_request(id, {"print", "to out", "to err"}));
  EXPECT_EQ(printed.exit_status, 0);
  EXPECT_EQ(printed.out, "to out\n");
  EXPECT_EQ(printed.err, "to err\n");
  EXPECT_FALSE(printed.timed_out);
  for (const int status : {1, 3, 42}) {
    const RunResult failed = engine->run(run_request(id, {"exit", std::to_string(status)}));
    EXPECT_EQ(failed.exit_status, status);
    EXPECT_EQ(failed.err, "");
  }
}

TEST_F(EngineContract, RunHandsOverArgumentsUnchanged) {
  const std::string id = probe_image();
  const RunResult result =
      engine->run(run_request(id, {"args", "a b", "", "'q'", "$HOME", "-x", "*"}));
  EXPECT_EQ(result.out, "[a b][]['q'][$HOME][-x][*]\n");
}

TEST_F(EngineContract, RunUsesEntrypointAndCommandOfTheImage) {
  const std::string id = build(
      "FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\", \"args\"]\nCMD [\"default\"]\n");
  EXPECT_EQ(engine->run(run_request(id, {})).out, "[default]\n");
  EXPECT_EQ(engine->run(run_request(id, {"other"})).out, "[other]\n");

  RunRequest none = run_request(id, {"/probe", "args", "no", "entrypoint"});
  none.entrypoint = std::vector<std::string>{};
  EXPECT_EQ(engine->run(none).out, "[no][entrypoint]\n");

  RunRequest own = run_request(id, {"last"});
  own.entrypoint = std::vector<std::string>{"/probe", "args", "own"};
  EXPECT_EQ(engine->run(own).out, "[own][last]\n");
}

TEST_F(EngineContract, RunSetsEnvironmentUserFolderAndInput) {
  const std::string id = probe_image();
  RunRequest request = run_request(id, {"env", "WORD"});
  request.environment = {{"WORD", "two words"}};
  EXPECT_EQ(engine->run(request).out, "two words\n");

  request = run_request(id, {"self"});
  request.user = "1234";
  request.working_dir = "/";
  EXPECT_EQ(engine->run(request).out, "1234 /\n");

  request = run_request(id, {"cat"});
  request.input = "from stdin\n";
  EXPECT_EQ(engine->run(request).out, "from stdin\n");
}

TEST_F(EngineContract, RunOfAProgramThatIsNotThereIsStatus127) {
  RunRequest request = run_request(probe_image(), {"/nonesuch"});
  request.entrypoint = std::vector<std::string>{};
  const RunResult result = engine->run(request);
  EXPECT_EQ(result.exit_status, 127);
  EXPECT_NE(result.err.find("/nonesuch"), std::string::npos) << result.err;
}

TEST_F(EngineContract, RunEndsAtItsTimeLimitAndLeavesNothing) {
  const std::string id = probe_image();
  RunRequest request = run_request(id, {"wait"});
  request.time_limit = std::chrono::milliseconds(1500);
  EXPECT_TRUE(engine->run(request).timed_out);
  // The name is free again and nothing holds the image.
  request = run_request(id, {"exit", "0"});
  EXPECT_EQ(engine->run(request).exit_status, 0);
  EXPECT_TRUE(engine->remove(id));
}

TEST_F(EngineContract, RunRemovesItsContainerWhenInterrupted) {
  const std::string id =
      build("FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\"]\nENV I=1\n");
  const std::filesystem::path shared = folder.path() / "shared";
  std::filesystem::create_directory(shared);
  RunRequest request = run_request(id, {"wait", "/shared/up"});
  request.flags = {"--volume", shared.string() + ":/shared"};

  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    install_interrupt_handlers();
    int status = 0;
    try {
      const std::unique_ptr<Engine> own = open_engine(engine->endpoint());
      own->run(request);
    } catch (const Interrupted&) {
      status = 130;
    } catch (const std::exception&) {
      status = 1;
    }
    ::_exit(status);
  }
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(shared / "up"); }));
  ::kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 130);

  EXPECT_EQ(engine->run(run_request(id, {"exit", "0"})).exit_status, 0);
  EXPECT_TRUE(engine->remove(id));
}

TEST_F(EngineContract, RunRefusesAnImageThatIsNotThere) {
  const std::string missing = reference("not-there");
  const std::string error = error_of([&] { engine->run(run_request(missing, {"exit", "0"})); });
  if (is("docker")) {
    EXPECT_EQ(error.rfind("docker refused to run '" + missing + "': ", 0), 0U) << error;
  } else if (is("podman")) {
    EXPECT_EQ(error,
              "podman refused to run '" + missing + "': Error: " + missing + ": image not known");
  } else {
    EXPECT_EQ(error, "buildah has no image '" + missing + "'");
  }
}

TEST_F(EngineContract, RunOfAnImageWithTriggersDoesNotRunThem) {
  const std::string id =
      build("FROM scratch\nCOPY probe /probe\nENTRYPOINT [\"/probe\"]\nONBUILD COPY file /file\n");
  EXPECT_EQ(engine->run(run_request(id, {"print", "fine"})).out, "fine\n");
  EXPECT_TRUE(engine->remove(id));
}

TEST_F(EngineContract, RunWithoutNetworkWhereTheEngineHasThat) {
  RunRequest request = run_request(probe_image(), {"print", "alone"});
  request.network = "none";
  const std::vector<std::string>& flags = engine->endpoint().run_flags;
  if (is("buildah") && std::find(flags.begin(), flags.end(), "chroot") != flags.end()) {
    EXPECT_NE(error_of([&] { engine->run(request); }).find("cannot set --network"),
              std::string::npos);
    return;
  }
  EXPECT_EQ(engine->run(request).out, "alone\n");
}

}  // namespace
}  // namespace cairn::engine
