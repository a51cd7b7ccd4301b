// SPDX-License-Identifier: BSD-3-Clause
#include "release_fixture.hpp"
#include "stack/release/plan.hpp"

namespace cairn::stack {
namespace {

const ReleaseFacts kFacts{"20261129T084700Z-3f9a0c12", 1795942020,
                          "0123456789abcdef0123456789abcdef01234567", "2.4.1"};

class PlanText : public ReleaseTest {
 protected:
  PlanText() {
    family.images = {{"base"}, {"web", "base"}};
    family.image("base").platforms = {"linux/amd64"};
    family.image("web").platforms = {"linux/amd64"};
    family.image("web").probes = {{"python", "3.11.2", {"python-{major}.{minor}"}}};
    family.description = {{"tags", {"latest", "stable"}}, {"arch_tags", false}};
    family.write();
    change(family.folder("web").build_description(), {{"native", false}});
    change(family.release_file(), {{"accept_emulated", true}});
    evidence = gathered();
    images = merge(description(), evidence);
    TagHolder old;
    old.digest = "sha256:" + std::string(64, 'd');
    old.known = true;
    holders["quay.io/me/base:latest"] = old;
    old.digest = images[1].index.descriptor.digest.to_string();
    holders["quay.io/me/web:latest"] = old;
    old = {"sha256:" + std::string(64, 'e'), {}, "python", "3.12.1", 0, true};
    holders["quay.io/me/web:python-3.11"] = old;
    plan = decide(description(), wanted_tags(description(), kFacts, images), holders, {});
  }
  std::string index(std::size_t image) const {
    return images[image].index.descriptor.digest.to_string();
  }
  std::string brief(std::size_t image) const { return index(image).substr(7, 12); }
  std::string manifest(const std::string& target) const {
    return family.manifest(target).hex().substr(0, 12);
  }

  Evidence evidence;
  std::vector<MergedImage> images;
  std::map<std::string, TagHolder> holders;
  Plan plan;
  const PlanCost cost{1500000, 17};
};

TEST_F(PlanText, IsATableOfImagesAndTags) {
  EXPECT_EQ(plan_table(plan, images, evidence, cost),
            "image  platform                digest        tests  revision\n"
            "base   linux/amd64             " +
                manifest("base") + "  1/1    1f2e3d4c5b6a\n" + "web    linux/amd64 (emulated)  " +
                manifest("web") +
                "  1/1    1f2e3d4c5b6a\n"
                "\n"
                "tag                         action     from          to\n"
                "quay.io/me/base:stable      create     -             " +
                brief(0) + "\n" + "quay.io/me/web:stable       create     -             " +
                brief(1) + "\n" +
                "quay.io/me/web:python-3.11  withhold   eeeeeeeeeeee                "
                "python 3.11.2 is older than 3.12.1\n"
                "quay.io/me/base:latest      move       dddddddddddd  " +
                brief(0) + "\n" + "quay.io/me/web:latest       unchanged  " + brief(1) + "  " +
                brief(1) +
                "\n"
                "\n"
                "5 tags: create 2, move 1, unchanged 1, withhold 1; 1.50 MB to upload, about 17 "
                "requests\n");
}

TEST_F(PlanText, NamesWhatIsLeftOutAndWhatIsWrong) {
  evidence.left_out = {"site", "tool"};
  plan.tags.erase(plan.tags.begin() + 1, plan.tags.end());
  plan.problems = {{"something", "hint"}};
  const std::string text = plan_table(plan, {}, evidence, {0, 1});
  EXPECT_EQ(text,
            "image  platform  digest  tests  revision\n"
            "\n"
            "tag                     action  from  to\n"
            "quay.io/me/base:stable  create  -     " +
                brief(0) +
                "\n"
                "\n"
                "left out: site, tool\n"
                "problem: something\n"
                "1 tag: create 1; 0 B to upload, about 1 request\n");
}

TEST_F(PlanText, IsJsonOfTheSame) {
  evidence.left_out = {"site"};
  plan.problems = {{"something", "hint"}};
  const Json json = plan_json(plan, kFacts, images, evidence, cost, "'quay.io'");
  const Json& web = json.at("images").at(1);
  EXPECT_EQ(web.dump(), Json({{"target", "web"},
                              {"repository", "quay.io/me/web"},
                              {"variant", ""},
                              {"index", index(1)},
                              {"platforms",
                               {{{"platform", "linux/amd64"},
                                 {"manifest", family.manifest("web").to_string()},
                                 {"config", images[1].platforms[0].image.config_digest},
                                 {"tests", 1},
                                 {"passed", 1},
                                 {"emulated", true},
                                 {"revision", "1f2e3d4c5b6a79880716253443526170f1e2d3c4"},
                                 {"folder", family.folder("web").path.string()}}}}})
                            .dump());
  EXPECT_EQ(json.at("tags").size(), 5U);
  EXPECT_EQ(json.at("tags").at(2).dump(), Json({{"repository", "quay.io/me/web"},
                                                {"tag", "python-3.11"},
                                                {"kind", "merged"},
                                                {"target", "web"},
                                                {"action", "withhold"},
                                                {"old", "sha256:" + std::string(64, 'e')},
                                                {"new", index(1)},
                                                {"why", "python 3.11.2 is older than 3.12.1"},
                                                {"platforms", {"linux/amd64"}},
                                                {"missing", Json::array()},
                                                {"probe", "python"},
                                                {"version", "3.11.2"}})
                                              .dump());
  Json rest = json;
  rest.erase("images");
  rest.erase("tags");
  EXPECT_EQ(rest.dump(), Json({{"schema", "cairn/release-plan/1"},
                               {"id", "20261129T084700Z-3f9a0c12"},
                               {"destination", "'quay.io'"},
                               {"time", "2026-11-29T08:47:00Z"},
                               {"commit", kFacts.commit},
                               {"version", "2.4.1"},
                               {"left_out", {"site"}},
                               {"revisions", {"1f2e3d4c5b6a79880716253443526170f1e2d3c4"}},
                               {"problems", {{{"what", "something"}, {"hint", "hint"}}}},
                               {"bytes", 1500000},
                               {"requests", 17}})
                             .dump());
}

}  // namespace
}  // namespace cairn::stack
