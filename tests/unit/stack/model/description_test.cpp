// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/description.hpp"

#include "fake_stack.hpp"
#include "stack/model/inspect_description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::thrown_by;
using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr const char* kAgain =
    "\nhint: configure again, so that the files are written by this version of Cairn";

Json image_json() {
  return {{"schema", "cairn/build-description/1"},
          {"stack", "family"},
          {"target", "web"},
          {"image", "web"},
          {"repository", "quay.io/me/web"},
          {"platform", "linux/amd64"},
          {"stack_file", "/s"},
          {"context", "/c"},
          {"dockerfile", "/c/Dockerfile"}};
}

class Description : public ::testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "x.json"; }
  /// A value of null takes the member away.
  BuildDescription read(const Json& more = Json::object()) const {
    Json object = image_json();
    object.merge_patch(more);
    write_file(file(), pretty_json(object));
    return BuildDescription::read(file());
  }
  std::string refusal(const Json& more) const {
    return thrown_by([&] { read(more); });
  }
  std::string in_file(const std::string& text) const { return file().string() + ": " + text; }
  std::string damaged(const std::string& text) const {
    return in_file(text) + "\nhint: configure again, so that it is written anew";
  }

 private:
  TempDir folder_{"cairn-description-test-"};
};

TEST_F(Description, NeedsWhatEveryImageHas) {
  for (const char* member : {"stack", "target", "image", "repository", "platform", "stack_file",
                             "context", "dockerfile"}) {
    EXPECT_EQ(refusal({{member, nullptr}}),
              damaged(std::string("expected a string at '") + member + "'"));
    EXPECT_EQ(refusal({{member, 1}}),
              damaged(std::string("expected a string at '") + member + "'"));
  }
}

TEST_F(Description, NamesTheFileWhateverIsWrongInIt) {
  EXPECT_EQ(refusal({{"variant", 1}}), damaged("expected a string at 'variant'"));
  EXPECT_EQ(refusal({{"native", "yes"}}), damaged("expected true or false at 'native'"));
  EXPECT_EQ(refusal({{"keep_images", "2"}}), damaged("expected a whole number at 'keep_images'"));
  EXPECT_EQ(refusal({{"flags", "x"}}), damaged("expected a list at 'flags'"));
  EXPECT_EQ(refusal({{"flags", {1}}}), damaged("expected a list of strings at 'flags'"));
  EXPECT_EQ(refusal({{"labels", {1}}}), damaged("expected an object at 'labels'"));
  EXPECT_EQ(refusal({{"labels", {{"a", 1}}}}), damaged("expected a string at 'labels.a'"));
  EXPECT_EQ(refusal({{"parents", {{{"target", "x"}}}}}),
            damaged("expected a string at 'directory'"));
  EXPECT_EQ(refusal({{"generated", {Json::object()}}}), damaged("expected a string at 'from'"));
  EXPECT_EQ(refusal({{"platform", "linux"}}),
            damaged("invalid platform 'linux': expected OS/ARCHITECTURE[/VARIANT], as in "
                    "'linux/amd64'"));
}

TEST_F(Description, AForeignSchemaSaysHowToGoOn) {
  EXPECT_EQ(refusal({{"schema", "cairn/build-description/9"}}),
            in_file("expected schema 'cairn/build-description/1', got "
                    "'cairn/build-description/9'") +
                kAgain);
  EXPECT_EQ(refusal({{"schema", nullptr}}),
            in_file("expected schema 'cairn/build-description/1', got ''") + kAgain);
  write_file(file(), "[]");
  EXPECT_EQ(thrown_by([&] { BuildDescription::read(file()); }),
            in_file("expected schema 'cairn/build-description/1', got ''") + kAgain);
}

TEST_F(Description, DamageIsSaidWithItsLine) {
  write_file(file(), "{\n\"schema\": \n");
  EXPECT_THAT(thrown_by([&] { BuildDescription::read(file()); }),
              StartsWith(file().string() + ":3: not JSON: "));
  fs::remove(file());
  EXPECT_EQ(thrown_by([&] { BuildDescription::read(file()); }),
            "reading '" + file().string() + "': No such file or directory");
}

TEST_F(Description, LocalNamesTellPlatformsAndVariantsApart) {
  EXPECT_EQ(read().local_name(), "quay.io/me/web:latest");
  EXPECT_EQ(read({{"variant", "cuda12"}}).local_name(), "quay.io/me/web:cuda12-latest");
  const Json foreign{{"native", false}, {"platform", "linux/arm64"}};
  EXPECT_EQ(read(foreign).local_name(), "quay.io/me/web:aarch64-latest");
  EXPECT_EQ(read({{"native", false}, {"variant", "x"}}).local_name(),
            "quay.io/me/web:x86_64-x-latest");
  EXPECT_EQ(read().title(), "web");
  EXPECT_EQ(read(foreign).title(), "web (linux/arm64)");
}

TEST_F(Description, WhatIsNotGivenHasItsDefault) {
  const BuildDescription image = read();
  EXPECT_TRUE(image.native);
  EXPECT_FALSE(image.is_parent);
  EXPECT_FALSE(image.generated_context);
  EXPECT_EQ(image.refresh, "never");
  EXPECT_EQ(image.keep_images, 1);
  EXPECT_EQ(image.build_slots, 2);
  EXPECT_TRUE(read({{"source", "generated"}}).generated_context);
}

TEST_F(Description, AStackKnowsTheEngineOfEachMachine) {
  write_file(file(), R"({"schema": "cairn/stack/1", "stack": "s", "engine": "/e", "index": "/i",
    "store": "/r", "engines": {"aarch64": "/arm"}, "images": ["/a"],
    "members": [{"repository": "r", "target": "t"}]})");
  const StackFile stack = StackFile::read(file());
  EXPECT_EQ(stack.engine_file_for("aarch64"), "/arm");
  EXPECT_EQ(stack.engine_file_for("x86_64"), "/e");
  EXPECT_THAT(stack.images, ElementsAre("/a"));
  ASSERT_EQ(stack.members.size(), 1U);
  EXPECT_EQ(stack.members[0].target, "t");
  write_file(file(), R"({"schema": "cairn/stack/1", "stack": "s", "engine": "/e", "index": "/i"})");
  EXPECT_EQ(thrown_by([&] { StackFile::read(file()); }), damaged("expected a string at 'store'"));
}

TEST_F(Description, ProbesAndSectionsNeedCommands) {
  const auto refused = [&](const Json& more) {
    Json object = {{"schema", "cairn/inspect-description/1"}, {"target", "web"}};
    object.update(more);
    write_file(file(), pretty_json(object));
    return thrown_by([&] { InspectDescription::read(file()); });
  };
  EXPECT_EQ(refused(Json::object()), "nothing");
  EXPECT_EQ(refused({{"probes", {{{"name", "python"}}}}}),
            damaged("expected a command as an array of strings at probe 'python'"));
  EXPECT_EQ(refused({{"probes", {{{"name", "p"}, {"command", {"a", 1}}}}}}),
            damaged("expected a command as an array of strings at probe 'p'"));
  EXPECT_EQ(refused({{"sections", {{{"name", "s"}, {"commands", {"ls"}}}}}}),
            damaged("expected a command as an array of strings at 'commands'"));
  EXPECT_EQ(refused({{"time_limit", "x"}}), damaged("expected a whole number at 'time_limit'"));
}

}  // namespace
}  // namespace cairn::stack
