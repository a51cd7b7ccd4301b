// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/evidence.hpp"

#include "release_fixture.hpp"
#include "stack/model/image_record.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class EvidenceOf : public ReleaseTest {
 protected:
  ImageFolder web() const { return family.folder("web", "linux/arm64"); }
  /// The one problem of the folder web().
  static std::string one(const std::string& what, const std::string& hint) {
    return "'web' (linux/arm64): " + what + "\n  " + hint + "\n";
  }
  static std::string command(const std::string& verb) {
    return "cairn " + verb + " @/build/cairn/images/web/aarch64";
  }
  const std::string again = "bring the records again from where it was built";
};

TEST_F(EvidenceOf, IsEveryPlatformOfEveryImage) {
  family.image("web").probes = {{"python", "3.11.2", {"python-{version}"}}};
  family.image("web").tests = {"starts", "answers"};
  family.write();
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.problems.size(), 0U);
  EXPECT_EQ(evidence.platforms.size(), 4U);
  const PlatformEvidence& one = evidence.platforms.at({"web", arm64});
  EXPECT_EQ(one.folder, web().path);
  EXPECT_EQ(one.arch, "aarch64");
  EXPECT_EQ(one.platform, arm64);
  EXPECT_EQ(one.image.config_digest, one.exported.config.digest.to_string());
  EXPECT_EQ(one.exported.manifest.digest, family.manifest("web", "linux/arm64"));
  ASSERT_EQ(one.probes.size(), 1U);
  EXPECT_EQ(one.probes[0].probe, "python");
  EXPECT_EQ(one.probes[0].version, "3.11.2");
  EXPECT_THAT(one.probes[0].tags, ElementsAre("python-3.11.2"));
  EXPECT_EQ(one.tests, 2);
  EXPECT_EQ(one.passed, 2);
  EXPECT_FALSE(one.emulated);
  EXPECT_THAT(evidence.revisions, ElementsAre("1f2e3d4c5b6a79880716253443526170f1e2d3c4"));
}

TEST_F(EvidenceOf, NamesTheStepThatIsMissing) {
  fs::remove(web().inspection());
  EXPECT_EQ(problems(), one("has not been inspected", command("inspect")));
  fs::remove(web().export_record());
  EXPECT_EQ(problems(), one("has not been exported", command("export")));
  fs::remove(web().image_record());
  EXPECT_EQ(problems(), one("has not been built", command("build")));
  fs::remove_all(web().path);
  EXPECT_EQ(problems(), one("no records of it",
                            "bring the records of a machine that builds it: "
                            "cmake -DCAIRN_RECORDS_FROM=<folder>"));
}

TEST_F(EvidenceOf, FindsAllProblems) {
  fs::remove(web().inspection());
  fs::remove(web().test_record("works"));
  fs::remove_all(family.folder("base", "linux/amd64").path);
  EXPECT_EQ(problems(),
            "'base' (linux/amd64): no records of it\n"
            "  bring the records of a machine that builds it: cmake "
            "-DCAIRN_RECORDS_FROM=<folder>\n" +
                one("has not been inspected", command("inspect")) +
                one("tests have not passed: 'works' (not run)",
                    command("test") + "; or say --allow-untested web"));
}

TEST_F(EvidenceOf, TellsWhereToWorkOnRecordsOfAnotherMachine) {
  change(web().build_description(), {{"stack_file", "/elsewhere/family.stack.json"}});
  fs::remove(web().inspection());
  EXPECT_EQ(problems(), one("has not been inspected",
                            "where it was built: cairn inspect web/aarch64; then bring the records "
                            "again"));
}

TEST_F(EvidenceOf, SeesAnImageThatWasBuiltAgain) {
  const ImageRecord old = ImageRecord::read(web().image_record());
  const std::string other = "sha256:" + std::string(64, 'e');
  change(web().image_record(), {{"config_digest", other}});
  EXPECT_EQ(problems(), one("was built again after its export", command("export")));
  change(web().image_record(), {{"config_digest", old.config_digest}});
  change(web().inspection(), {{"config_digest", other}});
  EXPECT_EQ(problems(), one("was built again after its inspection", command("inspect")));
  change(web().inspection(), {{"config_digest", old.config_digest}});
  change(web().test_record("works"), {{"config_digest", other}});
  EXPECT_EQ(problems(), one("tests have not passed: 'works' (of an earlier build)",
                            command("test") + "; or say --allow-untested web"));
}

TEST_F(EvidenceOf, SeesRecordsOfSomethingElse) {
  for (const char* file : {"image.json", "export.json"}) {
    const fs::path path = web().path / file;
    const std::string whole = read_file(path);
    const auto refused = [&](const std::string& member, const std::string& value) {
      change(path, {{member, value}});
      const std::string text = problems();
      write_file(path, whole);
      return text;
    };
    EXPECT_EQ(refused("stack", "other"),
              one(std::string(file) + " is of the stack 'other', not 'family'", again));
    EXPECT_EQ(refused("target", "base"),
              one(std::string(file) + " is of the target 'base', not 'web'", again));
    EXPECT_EQ(
        refused("repository", "ghcr.io/me/web"),
        one(std::string(file) + " is of the repository 'ghcr.io/me/web', not 'quay.io/me/web'",
            again));
    EXPECT_EQ(refused("variant", "cuda"),
              one(std::string(file) + " is of the variant 'cuda', not ''", again));
    EXPECT_EQ(
        refused("platform", "linux/amd64"),
        one(std::string(file) + " is of the platform 'linux/amd64', not 'linux/arm64'", again));
  }
}

TEST_F(EvidenceOf, SeesFilesThatAreNoRecords) {
  write_file(web().export_record(), "{}");
  EXPECT_EQ(problems(),
            one("@/build/cairn/images/web/aarch64/export.json: expected schema 'cairn/export/1', "
                "got ''",
                "configure again, so that the files are written by this version of Cairn"));
  write_file(web().image_record(), "[");
  const std::string text = problems();
  EXPECT_EQ(text.substr(0, text.find(": [json")),
            "'web' (linux/arm64): @/build/cairn/images/web/aarch64/image.json:1: not JSON");
  family.write();
  fs::remove(web().build_description());
  EXPECT_EQ(problems(),
            one("no build.json beside its records", "bring the image's folder as a whole"));
  family.write();
  write_file(web().inspection(), "{}");
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): @/build/cairn/images/web/aarch64/inspection.json: "
            "expected a string at 'config_digest'\n");
}

TEST_F(EvidenceOf, SeesProbesThatWereChanged) {
  const Json section = {{"name", "x"}, {"title", "X"}, {"commands", {{"true"}}}};
  change(web().inspect_description(), {{"sections", {section}}});
  EXPECT_EQ(problems(), one("its probes were changed after its inspection", command("inspect")));
}

TEST_F(EvidenceOf, SeesTagsThatNoProbeGave) {
  family.image("web").probes = {{"python", "3.11.2", {"python-{major}.{minor}"}}};
  family.write();
  const auto refused = [&](const Json& more) {
    Json probes = read_json(web().inspection()).at("probes");
    probes[0].update(more);
    change(web().inspection(), {{"probes", probes}});
    const std::string text = problems();
    family.write();
    return text;
  };
  EXPECT_EQ(refused({{"tags", {"python-3.11", "python-4"}}}),
            one("inspection.json has other tags than probe 'python' gives for '3.11.2'",
                command("inspect")));
  EXPECT_EQ(refused({{"version", "3.12.0"}}),
            one("inspection.json has other tags than probe 'python' gives for '3.12.0'",
                command("inspect")));
  EXPECT_EQ(refused({{"version", "x"}}),
            one("probe 'python': tag 'python-{major}.{minor}' needs a major number, and 'x' has "
                "none",
                "write TAGS python-{version}"));
  EXPECT_EQ(refused({{"name", "snake"}}),
            one("inspection.json has other probes than inspect.json", command("inspect")));
  family.image("web").probes = {{"python", "3.11.2", {"latest"}}};
  family.write();
  EXPECT_EQ(problems(),
            "'web' (linux/amd64): probe 'python' gives the tag 'latest', which every "
            "image has\n  write TAGS python-{version}\n" +
                one("probe 'python' gives the tag 'latest', which every image has",
                    "write TAGS python-{version}"));
}

TEST_F(EvidenceOf, CountsNoTestThatDidNotPass) {
  family.image("web").tests = {"a", "b", "c", "d", "e", "f"};
  family.write();
  change(web().test_record("a"), {{"status", "failed"}});
  change(web().test_record("b"), {{"status", "skipped"}});
  change(web().test_record("c"), {{"status", "error"}});
  fs::remove(web().test_record("d"));
  change(web().test_record("e"), {{"target", "base"}});
  EXPECT_EQ(problems(),
            one("tests have not passed: 'a' (failed), 'b' (skipped), 'c' (error), 'd' (not run), "
                "'e' (of another test)",
                command("test") + "; or say --allow-untested web"));
  GateOptions options;
  options.allow_untested = {"web"};
  EXPECT_EQ(problems(options), "");
  EXPECT_EQ(gathered(options).platforms.at({"web", arm64}).passed, 1);
}

TEST_F(EvidenceOf, CountsNoPassThatAnswersForNothing) {
  change(web().test_record("works"), {{"test_key", ""}});
  EXPECT_EQ(problems(), one("tests have not passed: 'works' (its inputs changed while it ran, or "
                            "cannot be read)",
                            command("test") + "; or say --allow-untested web"));
}

TEST_F(EvidenceOf, WantsATestThatGates) {
  family.image("web").tests.clear();
  family.write();
  const std::string hint =
      "declare one: add_docker_test(web COMMAND true); or say --allow-untested web";
  EXPECT_EQ(problems(),
            "'web' (linux/amd64): has no tests\n  " + hint + "\n" + one("has no tests", hint));
  GateOptions options;
  options.allow_untested = {"web"};
  EXPECT_EQ(problems(options), "");
  family.image("web").tests = {"works"};
  family.write();
  Json tests = read_json(web().test_description()).at("tests");
  tests[0]["report"] = true;
  change(web().test_description(), {{"tests", tests}});
  EXPECT_EQ(problems(), one("has no tests but reports", hint));
  fs::remove(web().test_description());
  EXPECT_EQ(problems(), one("has no tests", hint));
}

TEST_F(EvidenceOf, TakesEmulatedTestsOnlyWhenItsOwnerSaysSo) {
  change(web().build_description(), {{"native", false}});
  EXPECT_EQ(problems(), one("was built and tested by emulation",
                            "build it on such a machine: CAIRN_ENDPOINT_aarch64; or write "
                            "ACCEPT_EMULATED ON"));
  EXPECT_TRUE(gathered().platforms.at({"web", arm64}).emulated);
  change(family.release_file(), {{"accept_emulated", true}});
  EXPECT_EQ(problems(), "");
}

TEST_F(EvidenceOf, KnowsTheImagesThatOptionsName) {
  GateOptions options;
  options.without = {"wbe"};
  EXPECT_EQ(thrown([&] { gathered(options); }),
            "stack 'family' publishes no image 'wbe'\nhint: did you mean 'web'?");
  options = {};
  options.allow_untested = {"bse"};
  EXPECT_EQ(thrown([&] { gathered(options); }),
            "stack 'family' publishes no image 'bse'\nhint: did you mean 'base'?");
}

TEST(RequireNoProblems, ThrowsAllOfThemWithTheFirstHint) {
  EXPECT_EQ(testing::thrown_by([] { require_no_problems({}); }), "nothing");
  EXPECT_EQ(testing::thrown_by([] {
              require_no_problems({{"one", "do this"}, {"two", "or"}});
            }),
            "one\ntwo\nhint: do this");
}

TEST_F(EvidenceOf, WantsDockersManifestsForDockersList) {
  const auto file = family.folder("web", "linux/arm64").export_record();
  Json manifest = read_json(file).at("manifest");
  manifest["media_type"] = "application/vnd.oci.image.manifest.v1+json";
  change(file, {{"manifest", manifest}});
  EXPECT_EQ(problems(), "");  // an OCI index may name both
  change(family.release_file(), {{"docker_types", true}});
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): its manifest is 'application/vnd.oci.image.manifest.v1+json', "
            "which docker's manifest list cannot name\n  write MEDIA_TYPES oci\n");
}

}  // namespace
}  // namespace cairn::stack
