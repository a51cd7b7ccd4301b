// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Holds no image, and does nothing.
class EmptyEngine : public engine::Engine {
 public:
  explicit EmptyEngine(engine::Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  const engine::Endpoint& endpoint() const override { return endpoint_; }
  const engine::Capabilities& capabilities() const override { refuse(); }
  std::string identity() override { return endpoint_.identity; }
  oci::Platform native_platform() override { refuse(); }
  std::vector<engine::ListedImage> list() override { return {}; }
  std::optional<engine::ImageInfo> inspect(const std::string&) override { return std::nullopt; }
  void tag(const std::string&, const std::string&) override { refuse(); }
  void untag(const std::string&) override { refuse(); }
  bool remove(const std::string&) override { refuse(); }
  void pull(const std::string&, const oci::Platform&, const engine::OutputSink&) override {
    refuse();
  }
  std::string build(const engine::BuildRequest&, const engine::OutputSink&,
                    const std::function<void()>&) override {
    refuse();
  }
  void save(const std::string&, const engine::ByteTaker&) override { refuse(); }
  std::string load(engine::ArchiveForm,
                   const std::function<void(const engine::OutputSink&)>&) override {
    refuse();
    return "";
  }
  engine::RunResult run(const engine::RunRequest&) override { refuse(); }
  std::unique_ptr<engine::Container> start(const engine::RunRequest&) override { refuse(); }
  Command shell_command(const std::string&, const std::string&) override { refuse(); }

 private:
  [[noreturn]] static void refuse() { throw Error("a scan does not ask for this"); }
  engine::Endpoint endpoint_;
};

/// A stack of one image, whose folder looks as after a build, an inspection and one scan.
class ScanTest : public ::testing::Test {
 protected:
  ScanTest() {
    const fs::path context = root_.path() / "context";
    write_file(context / "Dockerfile", "FROM scratch\nCOPY file /\n");
    write_file(context / "file", "content\n");
    const fs::path engine = root_.path() / "engine.json";
    write_file(engine, pretty_json({{"schema", "cairn/engine/1"},
                                    {"kind", "docker"},
                                    {"builder", "buildkit"},
                                    {"program", "docker"},
                                    {"url", "unix:///nowhere"},
                                    {"identity", "TEST:ENGINE /nowhere"}}));
    write_file(stack_file(), pretty_json({{"schema", "cairn/stack/1"},
                                          {"stack", "demo"},
                                          {"engine", engine.string()},
                                          {"index", (root_.path() / "demo.index").string()},
                                          {"store", (root_.path() / "store").string()},
                                          {"images", {image_.path.string()}},
                                          {"members", Json::array()}}));
    write_file(image_.build_description(),
               pretty_json({{"schema", "cairn/build-description/1"},
                            {"stack", "demo"},
                            {"target", "base"},
                            {"image", "base"},
                            {"repository", "base"},
                            {"platform", "linux/amd64"},
                            {"stack_file", stack_file().string()},
                            {"context", context.string()},
                            {"dockerfile", (context / "Dockerfile").string()}}));
    for (const char* file : {"image.json", "identity", "config", "inspection.json", "tags.txt",
                             "manifest.md", "history.md"}) {
      write_file(image_.path / file, "{}\n");
    }
    scan();
  }

  fs::path stack_file() const { return root_.path() / "demo.stack.json"; }

  ScanResult scan() {
    return scan_stack(stack_file(), [](const engine::Endpoint& endpoint) {
      return std::make_unique<EmptyEngine>(endpoint);
    });
  }

  int absences() const { return KeyFile::read_if_present(image_.key())->absent; }

  TempDir root_{"cairn-scan-test-"};
  ImageFolder image_{root_.path() / "images" / "base" / "x86_64"};
};

TEST_F(ScanTest, RaisesTheCounterForAFileThatNinjaIsNotToldOf) {
  ASSERT_TRUE(KeyFile::read_if_present(image_.key())->error.empty());
  ASSERT_EQ(absences(), 0);
  int expected = 0;
  for (const char* file : {"image.json", "identity", "tags.txt", "manifest.md", "history.md"}) {
    fs::remove(image_.path / file);
    EXPECT_THAT(scan().rewritten, ElementsAre(image_.path.string())) << file;
    EXPECT_EQ(absences(), ++expected) << file;
    write_file(image_.path / file, "{}\n");
  }
}

TEST_F(ScanTest, LeavesToNinjaWhatNinjaSees) {
  fs::remove(image_.config());
  fs::remove(image_.image_record());
  fs::remove(image_.inspection());
  fs::remove(image_.tags());
  EXPECT_THAT(scan().rewritten, IsEmpty());
  EXPECT_EQ(absences(), 0);
}

TEST_F(ScanTest, WritesTheKeyAgain) {
  fs::remove(image_.key());
  EXPECT_THAT(scan().rewritten, ElementsAre(image_.path.string()));
  EXPECT_EQ(absences(), 0);
}

TEST_F(ScanTest, IsQuickOnceEverythingIsOldEnough) {
  // Two looks at most: the first one still sees folders as young as the clock is coarse.
  const struct timespec pause = {0, 100'000'000};
  ::nanosleep(&pause, nullptr);
  scan();
  EXPECT_EQ(scan().unchanged, 1U);
}

}  // namespace
}  // namespace cairn::stack
