// SPDX-License-Identifier: BSD-3-Clause
#include "stack/lock/lock.hpp"

#include "../../../support/fake_transport.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using oci::Digest;

const std::string kIndexType = "application/vnd.oci.image.index.v1+json";
const std::string kManifestType = "application/vnd.oci.image.manifest.v1+json";
const std::string kBase = "r.example/base:1";

std::string descriptor(const Digest& digest, const std::string& more = "") {
  return R"({"mediaType": "m", "size": 1, "digest": ")" + digest.to_string() + "\"" + more + "}";
}

std::string index_of(const std::string& seed) {
  return R"({"manifests": [)" +
         descriptor(Digest::of(seed + "amd64"),
                    R"(, "platform": {"os": "linux", "architecture": "amd64"})") +
         "," +
         descriptor(Digest::of(seed + "arm64"),
                    R"(, "platform": {"os": "linux", "architecture": "arm64"})") +
         "," +
         descriptor(Digest::of("a"),
                    R"(, "platform": {"os": "unknown", "architecture": "unknown"})") +
         "]}";
}

/// A stack of images on external bases, and a registry that serves `documents_` by path.
class LockTest : public ::testing::Test {
 protected:
  void SetUp() override { serve("/v2/base/manifests/1", kIndexType, index_of("1")); }

  void serve(const std::string& path, const std::string& type, const std::string& bytes) {
    documents_["https://r.example" + path] = {type, bytes};
  }

  void add_image(const std::string& name, const std::string& recipe,
                 const std::string& platform = "linux/amd64") {
    const fs::path folder = root() / "images" / name;
    write_file(root() / name / "Dockerfile", recipe);
    const Json description = {{"schema", "cairn/build-description/1"},
                              {"stack", "s"},
                              {"target", name},
                              {"image", name},
                              {"repository", "s.example/" + name},
                              {"platform", platform},
                              {"stack_file", stack_file().string()},
                              {"context", (root() / name).string()},
                              {"dockerfile", (root() / name / "Dockerfile").string()}};
    write_file(folder / "build.json", pretty_json(description));
    folders_.push_back(folder.string());
  }

  LockReport lock(LockMode mode = LockMode::fill, const std::vector<std::string>& names = {}) {
    write_file(stack_file(), pretty_json({{"schema", "cairn/stack/1"},
                                          {"stack", "s"},
                                          {"engine", "e"},
                                          {"index", "i"},
                                          {"store", "t"},
                                          {"lock", lock_file().string()},
                                          {"images", folders_}}));
    asked_.clear();
    registry::ClientOptions options;
    options.find_credential = [](const std::string&) { return std::nullopt; };
    registry::Client client(std::make_unique<testing::FakeTransport>(
                                [this](const registry::Request& request) {
                                  registry::Answer answer;
                                  const auto found = documents_.find(request.url.text());
                                  answer.status = found == documents_.end() ? 404 : 200;
                                  if (found == documents_.end()) return answer;
                                  answer.headers["content-type"] = found->second.first;
                                  answer.body = found->second.second;
                                  return answer;
                                },
                                asked_),
                            options);
    return lock_bases(stack_file(), mode, names, client);
  }

  std::string error_of(LockMode mode, const std::vector<std::string>& names = {}) {
    try {
      lock(mode, names);
    } catch (const Error& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
    return "no error";
  }

  fs::path root() const { return folder_.path(); }
  fs::path stack_file() const { return root() / "s.stack.json"; }
  fs::path lock_file() const { return root() / "cairn.lock"; }

  TempDir folder_{"cairn-lock-test-"};
  std::map<std::string, std::pair<std::string, std::string>> documents_;
  std::vector<std::string> folders_;
  std::vector<registry::Request> asked_;
};

TEST_F(LockTest, PinsEachPlatformOfAnIndex) {
  add_image("web", "FROM " + kBase + "\n");
  lock();
  const LockFile written = LockFile::read(lock_file());
  const LockedBase& base = written.bases.at(kBase);
  EXPECT_EQ(base.digest, Digest::of(index_of("1")));
  ASSERT_EQ(base.platforms.size(), 2U);
  EXPECT_EQ(written.pinned(kBase, oci::Platform::parse("linux/arm64")),
            "r.example/base@" + Digest::of("1arm64").to_string());
  EXPECT_EQ(written.pinned("r.example/other:1", oci::Platform::parse("linux/arm64")), std::nullopt);
}

TEST_F(LockTest, PinsALoneManifestByItsConfig) {
  const std::string config = R"({"os": "linux", "architecture": "arm", "variant": "v7"})";
  const std::string manifest =
      R"({"config": )" + descriptor(Digest::of(config)) + R"(, "layers": []})";
  serve("/v2/lone/manifests/latest", kManifestType, manifest);
  serve("/v2/lone/blobs/" + Digest::of(config).to_string(), "x", config);
  add_image("web", "FROM r.example/lone\n", "linux/arm/v7");
  lock();
  EXPECT_EQ(LockFile::read(lock_file())
                .pinned("r.example/lone:latest", oci::Platform::parse("linux/arm/v7")),
            "r.example/lone@" + Digest::of(manifest).to_string());
}

TEST_F(LockTest, LooksUpOnlyWhatItMust) {
  add_image("web", "FROM " + kBase + "\n");
  add_image("pinned", "FROM r.example/x@" + Digest::of("x").to_string() + "\n");
  lock();
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(lock().lines.at(0).state, LockState::kept);
  EXPECT_EQ(asked_.size(), 0U);
}

TEST_F(LockTest, MovesOnlyWhenToldTo) {
  serve("/v2/more/manifests/1", kIndexType, index_of("more"));
  add_image("web", "FROM " + kBase + "\n");
  add_image("more", "FROM r.example/more:1\n");
  lock();
  const std::string before = read_file(lock_file());
  serve("/v2/base/manifests/1", kIndexType, index_of("2"));
  serve("/v2/more/manifests/1", kIndexType, index_of("more 2"));
  EXPECT_FALSE(lock().changed());

  const LockReport stale = lock(LockMode::check, {"r.example/base:1"});
  EXPECT_EQ(format_report(stale, LockMode::check),
            "stale       " + kBase + "  sha256:" + Digest::of(index_of("1")).hex().substr(0, 12) +
                " -> sha256:" + Digest::of(index_of("2")).hex().substr(0, 12) + "\n" +
                "kept        r.example/more:1  sha256:" +
                Digest::of(index_of("more")).hex().substr(0, 12) + "\n");
  EXPECT_EQ(read_file(lock_file()), before);

  EXPECT_TRUE(lock(LockMode::update, {"r.example/base:1"}).changed());
  const LockFile after = LockFile::read(lock_file());
  EXPECT_EQ(after.bases.at(kBase).digest, Digest::of(index_of("2")));
  EXPECT_EQ(after.bases.at("r.example/more:1").digest, Digest::of(index_of("more")));
}

TEST_F(LockTest, DropsWhatNobodyUses) {
  add_image("web", "FROM " + kBase + "\n");
  lock();
  write_file(root() / "web/Dockerfile", "FROM scratch\n");
  EXPECT_EQ(lock().lines.at(0).state, LockState::dropped);
  EXPECT_EQ(LockFile::read(lock_file()).bases.size(), 0U);
  EXPECT_EQ(format_report(lock(), LockMode::fill),
            "no recipe of the stack stands on an external base\n");
}

TEST_F(LockTest, SaysWhatIsWrong) {
  add_image("web", "FROM " + kBase + "\n", "linux/arm/v7");
  EXPECT_EQ(error_of(LockMode::fill),
            "base 'r.example/base:1' of 'web' has no linux/arm/v7: it has linux/amd64, linux/arm64 "
            "| take that platform out of PLATFORMS, or stand the image on another base");
  EXPECT_FALSE(fs::exists(lock_file()));
  EXPECT_EQ(error_of(LockMode::update, {"r.example/bose:1"}),
            "no recipe of the stack stands on 'r.example/bose:1' | did you mean "
            "'r.example/base:1'?");
  documents_.clear();
  EXPECT_EQ(error_of(LockMode::fill),
            "base 'r.example/base:1' is not in the registry 'r.example' | correct the reference in "
            "the recipe");
}

TEST_F(LockTest, ReadsNoDamagedLock) {
  add_image("web", "FROM " + kBase + "\n");
  const std::string where = lock_file().string();
  write_file(lock_file(), R"({"schema": "cairn/lock/1"})");
  EXPECT_EQ(error_of(LockMode::fill),
            where + ": expected an object at 'bases' | make it anew: cairn lock --update");
  write_file(lock_file(), R"({"schema": "cairn/lock/1", "bases": {"x": {"digest": "1"}}})");
  EXPECT_EQ(error_of(LockMode::fill),
            "invalid digest '1': expected 'sha256:' and 64 lower-case hex digits | ");
}

TEST_F(LockTest, RefusesAPlatformThatIsNotLocked) {
  add_image("web", "FROM " + kBase + "\n");
  lock();
  try {
    LockFile::read(lock_file()).pinned(kBase, oci::Platform::parse("linux/s390x"));
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(std::string(error.what()),
              "'" + kBase + "' is locked in '" + lock_file().string() + "' without linux/s390x");
    EXPECT_EQ(error.hint(), "look for it again: cairn lock --update " + kBase);
  }
}

TEST_F(LockTest, AnswersInJson) {
  add_image("web", "FROM " + kBase + "\n");
  const Json answer = to_json(lock());
  EXPECT_EQ(answer, Json({{"schema", "cairn/lock-report/1"},
                          {"lock", lock_file().string()},
                          {"bases",
                           {{{"reference", kBase},
                             {"state", "locked"},
                             {"before", nullptr},
                             {"after", Digest::of(index_of("1")).to_string()}}}}}));
}

}  // namespace
}  // namespace cairn::stack
