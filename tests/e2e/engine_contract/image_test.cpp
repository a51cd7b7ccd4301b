// SPDX-License-Identifier: BSD-3-Clause
#include "contract.hpp"

#include <algorithm>
#include <cstdlib>

namespace cairn::engine {
namespace {

const ListedImage* find(const std::vector<ListedImage>& images, const std::string& id) {
  const auto found = std::find_if(images.begin(), images.end(),
                                  [&](const ListedImage& image) { return image.id == id; });
  return found == images.end() ? nullptr : &*found;
}

TEST_F(EngineContract, SaysWhoAnswers) {
  EXPECT_EQ(engine->identity(), engine->endpoint().identity);
  EXPECT_EQ(engine->native_platform(), oci::host_platform());
}

TEST_F(EngineContract, ListsTagsAndUntagsImages) {
  const std::string id = build("FROM scratch\nCOPY probe /listed\n");
  EXPECT_EQ(id.rfind("sha256:", 0), 0U) << id;
  const std::string first = reference("first");
  const std::string second = reference("second");
  engine->tag(id, first);
  engine->tag(id, second);

  const std::vector<ListedImage> listed = engine->list();
  const ListedImage* image = find(listed, id);
  ASSERT_NE(image, nullptr);
  std::vector<std::string> names = image->names;
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{first, second}));
  EXPECT_GT(image->size, 1000U);

  engine->untag(second);
  engine->untag(second);  // gone already: nothing to do
  EXPECT_FALSE(engine->inspect(second));
  ASSERT_TRUE(engine->inspect(first));
  EXPECT_EQ(engine->inspect(first)->id, id);
  EXPECT_TRUE(engine->remove(id));
  EXPECT_FALSE(engine->inspect(id));
  EXPECT_FALSE(engine->inspect(first));
}

TEST_F(EngineContract, ShowsNamesInTheirCanonicalForm) {
  const std::string id = build("FROM scratch\nCOPY probe /canonical\n");
  const std::string name = "docker.io/library/" + unique("short") + ":1";
  engine->tag(id, name);
  EXPECT_EQ(engine->inspect(id)->names, std::vector<std::string>{name});
  EXPECT_TRUE(engine->remove(id));
}

TEST_F(EngineContract, MovesANameToAnotherImage) {
  const std::string old = build("FROM scratch\nCOPY probe /old\n");
  const std::string young = build("FROM scratch\nCOPY probe /young\n");
  ASSERT_NE(old, young);
  const std::string name = reference("moves");
  engine->tag(old, name);
  engine->tag(young, name);
  EXPECT_EQ(engine->inspect(name)->id, young);
  ASSERT_TRUE(engine->inspect(old));
  EXPECT_TRUE(engine->inspect(old)->names.empty());
  EXPECT_TRUE(engine->remove(old));
  EXPECT_TRUE(engine->remove(young));
}

TEST_F(EngineContract, RemovesAnImageWithAllItsNamesOnce) {
  const std::string id = build("FROM scratch\nCOPY probe /removed\n");
  engine->tag(id, reference("one"));
  engine->tag(id, reference("two"));
  EXPECT_TRUE(engine->remove(id));
  EXPECT_FALSE(engine->remove(id));
  EXPECT_EQ(find(engine->list(), id), nullptr);
}

TEST_F(EngineContract, TellsNothingOfUnknownImages) {
  EXPECT_FALSE(engine->inspect(reference("never-built")));
  EXPECT_FALSE(engine->inspect("sha256:" + std::string(64, 'a')));
}

TEST_F(EngineContract, DescribesEverythingThatMakesTheIdentity) {
  const std::string id = build(
      "FROM scratch\nCOPY probe /probe\nENV A=1 B=\"x y\"\nEXPOSE 8080\nVOLUME /v\nLABEL l=1\n"
      "USER 1000:100\nWORKDIR /w\nSTOPSIGNAL SIGINT\nSHELL [\"/probe\", \"-c\"]\n"
      "HEALTHCHECK --interval=2s --retries=4 CMD [\"/probe\", \"exit\", \"0\"]\n"
      "ONBUILD COPY x /x\nENTRYPOINT [\"/probe\"]\nCMD [\"args\", \"a\"]\n");
  const std::optional<ImageInfo> image = engine->inspect(id);
  ASSERT_TRUE(image);
  const oci::ImageConfig& config = image->config;
  EXPECT_EQ(image->id, id);
  // In a containerd store an image is known by its manifest's digest.
  const char* store = std::getenv("CAIRN_DOCKERD_STORE");
  const bool by_manifest = is("docker") && store != nullptr && std::string(store) == "containerd";
  EXPECT_EQ(image->config_digest.rfind("sha256:", 0), 0U);
  EXPECT_EQ(image->config_digest != id, by_manifest);
  // Another process has not seen the build, and must find the same.
  EXPECT_EQ(open_engine(engine->endpoint())->inspect(id)->config_digest, image->config_digest);
  EXPECT_GT(image->size, 1000U);
  EXPECT_EQ(image->created.substr(0, 2), "20") << image->created;
  EXPECT_EQ(config.platform, oci::host_platform());
  EXPECT_GE(config.diff_ids.size(), 1U);
  EXPECT_EQ(config.user, "1000:100");
  EXPECT_NE(std::find(config.env.begin(), config.env.end(), "B=x y"), config.env.end());
  EXPECT_EQ(config.entrypoint, std::vector<std::string>{"/probe"});
  EXPECT_EQ(config.cmd, (std::vector<std::string>{"args", "a"}));
  EXPECT_EQ(config.working_dir, "/w");
  EXPECT_EQ(config.exposed_ports, std::vector<std::string>{"8080/tcp"});
  EXPECT_EQ(config.volumes, std::vector<std::string>{"/v"});
  EXPECT_EQ(config.labels, (std::map<std::string, std::string>{{"l", "1"}}));
  EXPECT_EQ(config.stop_signal, "SIGINT");
  EXPECT_EQ(config.shell, (std::vector<std::string>{"/probe", "-c"}));
  ASSERT_TRUE(config.healthcheck);
  EXPECT_EQ(config.healthcheck->test, (std::vector<std::string>{"CMD", "/probe", "exit", "0"}));
  EXPECT_EQ(config.healthcheck->interval, 2'000'000'000LL);
  EXPECT_EQ(config.healthcheck->retries, 4);
  EXPECT_EQ(config.on_build, std::vector<std::string>{"COPY x /x"});
  EXPECT_TRUE(engine->remove(id));
}

}  // namespace
}  // namespace cairn::engine
