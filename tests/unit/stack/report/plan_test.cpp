// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/plan.hpp"

#include "family.hpp"
#include "stack/inspect/inspection.hpp"
#include "stack/model/test_record.hpp"

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class PlanTest : public testing::FamilyTest {
 protected:
  void SetUp() override {
    FamilyTest::SetUp();
    Json tests = Json::array();
    for (const char* name : {"runs", "reads"}) {
      tests.push_back({{"name", name},
                       {"kind", "command"},
                       {"from", "app"},
                       {"command", Json::array({"/app"})}});
    }
    write_file(
        folder("app") / "test.json",
        pretty_json({{"schema", "cairn/test-description/1"}, {"target", "app"}, {"tests", tests}}));
  }

  /// All that a build makes: images, inspections (of nothing, so without a container), tests.
  void make_all() {
    build_all();
    for (const char* target : {"base", "app", "tool"}) {
      take_time(folder(target) / "image.json", 90);
      inspect_image(ImageFolder{folder(target)}, [] { return nullptr; });
      take_time(folder(target) / "inspection.json", 5);
    }
    const auto record = ImageRecord::read(folder("app") / "image.json");
    for (const TestDescription& test : TestsDescription::read(folder("app") / "test.json").tests) {
      TestRecord passed;
      passed.target = "app";
      passed.test = test.name;
      passed.kind = "command";
      passed.status = TestStatus::passed;
      passed.config_digest = record.config_digest;
      passed.test_key = make_test_key(test, record.config_digest, std::nullopt, {});
      passed.seconds = 20;
      write_file(ImageFolder{folder("app")}.test_record(test.name), passed.to_text());
    }
  }

  static void take_time(const fs::path& record, double seconds) {
    Json object = read_json(record);
    object["seconds"] = seconds;
    write_file(record, pretty_json(object));
  }

  bool tests_ = true;

  std::string plan(const std::vector<ImageFolder>& only = {}) {
    StackView view(stack_file(), opener());
    return format_plan(make_plan(view, {only, tests_}));
  }
};

TEST_F(PlanTest, HasNothingToDoWhenAllIsDone) {
  make_all();
  EXPECT_EQ(plan(), "family: nothing to do: 3 images are fresh, inspected and tested\n");
}

TEST_F(PlanTest, BeginsWithEverything) {
  EXPECT_EQ(plan(),
            "build    base  ?  never built here\n"
            "inspect  base  ?  after its build\n"
            "build    app   ?  never built here\n"
            "inspect  app   ?  after its build\n"
            "test     app   ?  runs, reads: after its build\n"
            "build    tool  ?  never built here\n"
            "inspect  tool  ?  after its build\n"
            "expected: unknown; 7 steps were never timed\n");
}

TEST_F(PlanTest, SaysWhatHangsOnAParent) {
  make_all();
  write_file(source("base") / "start.sh", "echo two\n");
  EXPECT_EQ(plan(),
            "build      base  1 min 30 s  file start.sh changed\n"
            "inspect    base       5.0 s  after its build\n"
            "(build)    app   1 min 30 s  if base changes\n"
            "(inspect)  app        5.0 s  after its build\n"
            "(test)     app       40.0 s  runs, reads: after its build\n"
            "(build)    tool  1 min 30 s  if base changes\n"
            "(inspect)  tool       5.0 s  after its build\n"
            "expected: 5 min 25 s in all, 3 min 40 s along the longest path (base -> app)\n"
            "(in brackets: only if a parent comes out different)\n");
}

TEST_F(PlanTest, KnowsThatAChildMustBeBuiltWhateverItsParentDoes) {
  make_all();
  write_file(source("base") / "start.sh", "echo two\n");
  write_file(source("app") / "own", "");
  EXPECT_NE(plan().find("\nbuild      app "), std::string::npos) << plan();
}

TEST_F(PlanTest, FindsWhatWasBuiltBefore) {
  make_all();
  write_file(source("base") / "start.sh", "echo two\n");
  build("base");
  write_file(source("base") / "start.sh", "echo one\n");
  // The image of the first build is still there: so are its children's.
  EXPECT_EQ(plan(), "reuse  base  -  the same key was built before\n");
}

TEST_F(PlanTest, RunsOnlyTestsThatHaveNotPassed) {
  make_all();
  fs::remove(ImageFolder{folder("app")}.test_record("reads"));
  EXPECT_EQ(plan(),
            "test  app  ?  reads: not passed yet\n"
            "expected: unknown; 1 step was never timed\n");
}

TEST_F(PlanTest, KeepsToWhatWasAskedFor) {
  EXPECT_EQ(plan({ImageFolder{folder("tool")}}),
            "build    base  ?  never built here\n"
            "inspect  base  ?  after its build\n"
            "build    tool  ?  never built here\n"
            "inspect  tool  ?  after its build\n"
            "expected: unknown; 4 steps were never timed\n");
}

TEST_F(PlanTest, LeavesTestsOutWhenAskedTo) {
  make_all();
  fs::remove(ImageFolder{folder("app")}.test_record("reads"));
  tests_ = false;
  EXPECT_EQ(plan(), "family: nothing to do: 3 images are fresh and inspected\n");
}

TEST_F(PlanTest, SaysWhatCannotBeBuilt) {
  make_all();
  recipe("base", "FORM debian:12\n");
  const std::string text = plan();
  EXPECT_EQ(text.find("fail  base  -  " + (source("base") / "Dockerfile").string() + ":1:1"), 0U)
      << text;
  EXPECT_NE(text.find("\nfail  app   -  base cannot be built\n"), std::string::npos) << text;
}

TEST_F(PlanTest, TakesTimesOfTheStoreWhereTheTreeHasNone) {
  make_all();
  for (const auto& entry : fs::directory_iterator(root() / "store/records")) {
    for (const auto& record : fs::directory_iterator(entry.path()))
      take_time(record.path(), 120);
  }
  // Another tree of the same store, whose base differs.
  fs::remove(folder("base") / "image.json");
  write_file(source("base") / "start.sh", "echo two\n");
  EXPECT_NE(plan().find("build      base   2 min 0 s  never built here\n"), std::string::npos)
      << plan();
}

TEST_F(PlanTest, WritesJson) {
  write_file(source("tool") / ".dockerignore", "*\n");
  make_all();
  recipe("tool", read_file(source("tool") / "Dockerfile") + "USER 1\n");
  StackView view(stack_file(), opener());
  EXPECT_EQ(to_json(make_plan(view)), Json::parse(R"({
    "schema": "cairn/plan/1", "stack": "family", "images": 3, "seconds": 95.0,
    "critical_path": 95.0, "critical_images": ["tool"], "untimed": 0,
    "steps": [
      {"verb": "build", "target": "tool", "platform": "linux/amd64", "certain": true, "tests": [],
       "after": [], "seconds": 90.0,
       "reason": "Dockerfile: stage 1 changed"},
      {"verb": "inspect", "target": "tool", "platform": "linux/amd64", "certain": true,
       "tests": [], "after": [0], "seconds": 5.0, "reason": "after its build"}]})"));
}

}  // namespace
}  // namespace cairn::stack
