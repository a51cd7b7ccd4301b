// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/inspection.hpp"

#include "../../../support/built_image.hpp"
#include "base/error.hpp"
#include "base/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;

/// A probe `name` whose command is `sh -c script`.
Json probe(const std::string& name, const std::string& script, const Json& more = Json::object()) {
  Json object = {{"name", name}, {"command", {"sh", "-c", script}}, {"from", "foundation"}};
  object.update(more);
  return object;
}

class InspectionTest : public ::testing::Test {
 protected:
  InspectionTest() {
    // Containers are processes of this machine.
    app.world->on_run = [](const engine::RunRequest& request) -> engine::RunResult {
      Command command;
      command.argv = *request.entrypoint;
      command.argv.insert(command.argv.end(), request.command.begin(), request.command.end());
      const ProcessResult result = run_process(command);
      return {result.exit_status, false, result.out, result.err, {}};
    };
    describe({probe("python", "echo Python 3.11.2",
                    {{"tags", {"python-{major}.{minor}", "python-{version}"}}}),
              probe("lab", "echo 4.6.1 >&2")},
             {Json::parse(R"({"name": "python", "title": "Python Packages",
                              "headline": [["sh", "-c", "echo Python 3.11.2"]],
                              "commands": [["printf", "numpy\\n\\033[1mscipy\\033[0m\\n"]]})")});
  }

  void describe(const std::vector<Json>& probes, const std::vector<Json>& sections = {}) const {
    app.describe_inspection({{"probes", probes}, {"sections", sections}, {"time_limit", 20}});
  }
  InspectResult inspect() {
    return inspect_image(app.folder(), [this] { return app.open(); });
  }
  std::string error_of() {
    try {
      inspect();
    } catch (const UserError& error) {
      return error.what() + (error.hint().empty() ? "" : "|" + error.hint());
    }
    return "no error";
  }
  std::filesystem::path stored() const {
    const auto description = InspectDescription::read(app.folder().inspect_description());
    return app.store() / "inspections" /
           (std::string(64, 'c') + "-" + description.digest() + ".json");
  }

  testing::BuiltImage app;
};

TEST_F(InspectionTest, AsksEverythingInOneContainer) {
  const InspectResult result = inspect();
  EXPECT_TRUE(result.ran);
  EXPECT_EQ(result.command_count, 3U) << "the probe and the headline share a command";
  ASSERT_EQ(app.world->runs.size(), 1U);
  EXPECT_EQ(app.world->runs[0].image, app.record.engine_id);
  EXPECT_EQ(app.world->runs[0].time_limit, std::chrono::seconds(20));
  EXPECT_THAT(result.inspection.tags, ElementsAre("python-3.11", "python-3.11.2", "lab-4.6.1"));
}

TEST_F(InspectionTest, WritesWhatFallsOutOfIt) {
  inspect();
  EXPECT_EQ(read_file(app.folder().tags()),
            "quay.io/me/app:x86_64-latest\nquay.io/me/app:x86_64-python-3.11\n"
            "quay.io/me/app:x86_64-python-3.11.2\nquay.io/me/app:x86_64-lab-4.6.1\n");
  EXPECT_EQ(read_file(app.folder().manifest()),
            "# Build manifest for image: app on linux/amd64\n\n## Build Info\n\n"
            "- Build timestamp: 2026-11-24T14:00:00Z\n"
            "- Docker image: `quay.io/me/app:x86_64-latest`\n- Platform: linux/amd64\n"
            "- Docker image size: 655 MB\n- Config digest: `" +
                app.record.config_digest +
                "`\n\n## Python Packages\n\nPython 3.11.2\n\n"
                "`printf 'numpy\\n\\033[1mscipy\\033[0m\\n'`:\n\n```text\nnumpy\nscipy\n```\n");
  EXPECT_EQ(read_file(app.folder().history()),
            "| `2026-11-24T14:00:00Z` | `quay.io/me/app:x86_64-python-3.11`<br />"
            "`quay.io/me/app:x86_64-python-3.11.2`<br />`quay.io/me/app:x86_64-lab-4.6.1` | "
            "[Build manifest](./x86_64-default-app-cccccccccccc) |\n");
}

TEST_F(InspectionTest, PutsTheVariantInFrontOfTags) {
  app.record.variant = "cuda12";
  app.write_record();
  describe({probe("v", "echo 1.0")});
  inspect();
  EXPECT_EQ(read_file(app.folder().tags()),
            "quay.io/me/app:x86_64-cuda12-latest\nquay.io/me/app:x86_64-cuda12-v-1.0\n");
}

TEST_F(InspectionTest, KnowsAnImageOfThisFolder) {
  inspect();
  std::filesystem::remove_all(app.store());
  std::filesystem::remove(app.folder().tags());
  const InspectResult again = inspect();
  EXPECT_FALSE(again.ran);
  EXPECT_EQ(app.opened, 1);
  EXPECT_THAT(again.inspection.tags, ElementsAre("python-3.11", "python-3.11.2", "lab-4.6.1"));
  EXPECT_TRUE(std::filesystem::exists(app.folder().tags()));
}

TEST_F(InspectionTest, KnowsAnImageOfTheStore) {
  const std::string text = inspect().inspection.to_text();
  for (const auto& path : {app.folder().inspection(), app.folder().tags(), app.folder().manifest()})
    std::filesystem::remove(path);
  EXPECT_FALSE(inspect().ran);
  EXPECT_EQ(app.opened, 1);
  EXPECT_EQ(read_file(app.folder().inspection()), text);
  EXPECT_EQ(read_file(stored()), text);
}

TEST_F(InspectionTest, LeavesEqualFilesAlone) {
  inspect();
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  const std::filesystem::path files[] = {app.folder().tags(), app.folder().manifest(),
                                         app.folder().history(), app.folder().inspection()};
  for (const auto& path : files)
    std::filesystem::last_write_time(path, long_ago);
  inspect();
  for (const auto& path : files)
    EXPECT_EQ(std::filesystem::last_write_time(path), long_ago) << path;
}

TEST_F(InspectionTest, AsksAnotherImageOrOtherThingsAgain) {
  inspect();
  app.record.config_digest = "sha256:" + std::string(64, 'd');
  app.write_record();
  EXPECT_TRUE(inspect().ran);
  describe({probe("python", "echo Python 3.11.2")});
  EXPECT_TRUE(inspect().ran);
  app.describe_inspection({{"probes", Json::array({probe("python", "echo Python 3.11.2")})},
                           {"repository_url", "https://x"}});
  EXPECT_FALSE(inspect().ran) << "what only the manifest shows asks nothing of the image";
}

TEST_F(InspectionTest, TakesADamagedRecordForNone) {
  const std::string whole = inspect().inspection.to_text();
  for (const std::string& text : {std::string(), whole.substr(0, whole.size() / 2),
                                  std::string("[]"), std::string("{\"schema\": 1}")}) {
    write_file(app.folder().inspection(), text);
    write_file(stored(), text);
    EXPECT_TRUE(inspect().ran) << text;
    EXPECT_EQ(Inspection::read_if_current(app.folder().inspection(), app.record.config_digest,
                                          inspect().inspection.description)
                  ->tags.size(),
              3U);
  }
}

TEST_F(InspectionTest, ReadsBackWhatItWrote) {
  const Inspection inspection = inspect().inspection;
  const auto again = Inspection::read_if_current(app.folder().inspection(),
                                                 inspection.config_digest, inspection.description);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->to_text(), inspection.to_text());
  EXPECT_EQ(again->probes.at(0).version.patch, "2");
  EXPECT_EQ(again->probes.at(0).from, "foundation");
  EXPECT_EQ(again->sections.at(0).commands.at(0).output, "numpy\nscipy\n");
}

TEST_F(InspectionTest, StartsNoContainerForNothing) {
  describe({});
  EXPECT_TRUE(inspect().inspection.tags.empty());
  EXPECT_EQ(app.opened, 0);
  EXPECT_EQ(read_file(app.folder().tags()), "quay.io/me/app:x86_64-latest\n");
}

TEST_F(InspectionTest, SaysWhatIsWrongWithAProbe) {
  describe({probe("mute", "true")});
  EXPECT_EQ(error_of(),
            "probe 'mute' printed nothing: sh -c true|a probe prints a version; try its command "
            "in the image: cairn shell");
  describe({probe("bad", "echo no; exit 3")});
  EXPECT_EQ(error_of(),
            "probe 'bad' failed with status 3: sh -c 'echo no; exit 3'\nno|try the "
            "command in the image: cairn shell");
  describe({probe("odd", "echo 1.2+x")});
  EXPECT_EQ(error_of(),
            "probe 'odd' gives the invalid tag 'odd-1.2+x': sh -c 'echo 1.2+x'|a tag "
            "has letters, digits, '_', '.' and '-', at most 128; cut the version with "
            "MATCH");
  describe({probe("one", "echo 1.0", {{"tags", {"v-{version}"}}}),
            probe("two", "echo 1.0", {{"tags", {"v-{version}"}}})});
  EXPECT_EQ(error_of(),
            "probes 'one' and 'two' give the same tag 'v-1.0'|put a name in front: "
            "TAGS two-{version}");
  describe({probe("x", "echo " + std::string(121, '1'))});
  EXPECT_EQ(error_of(), "tag 'x86_64-x-" + std::string(121, '1') +
                            "' has 130 characters, at most 128 are allowed|cut the version with "
                            "MATCH");
  EXPECT_FALSE(std::filesystem::exists(app.folder().inspection()));
  EXPECT_FALSE(std::filesystem::exists(app.folder().tags()));
}

TEST_F(InspectionTest, SaysWhatIsWrongWithASection) {
  const auto section = [](const std::string& script) {
    return std::vector<Json>{
        {{"name", "s"}, {"commands", Json::array({Json::array({"sh", "-c", script})})}}};
  };
  describe({}, section("true"));
  EXPECT_EQ(error_of(),
            "section 's' printed nothing: sh -c true|try the command in the image: cairn shell");
  describe({}, section("no-such-program-here 2>/dev/null"));
  EXPECT_EQ(error_of(),
            "section 's' failed with status 127: sh -c 'no-such-program-here "
            "2>/dev/null'|is the program in the image and on its PATH? look with: "
            "cairn shell");
  describe({}, section("echo to stderr >&2"));
  EXPECT_EQ(error_of(), "no error");
}

TEST_F(InspectionTest, KeepsWhatItKnewWhenItFails) {
  inspect();
  const std::string before = read_file(app.folder().inspection());
  describe({probe("mute", "true")});
  EXPECT_NE(error_of(), "no error");
  EXPECT_EQ(read_file(app.folder().inspection()), before);
}

TEST_F(InspectionTest, NeedsTheImage) {
  app.world->images.clear();
  const std::string way_out = "|cairn build " + app.folder().path.string();
  EXPECT_EQ(error_of(), "image 'app' (sha256:111111111111) is no longer in the engine" + way_out);
  std::filesystem::remove(app.folder().image_record());
  EXPECT_EQ(error_of(), "image 'app' has not been built" + way_out);
}

}  // namespace
}  // namespace cairn::stack
