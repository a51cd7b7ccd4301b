// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/input_key.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "stack/model/key_file.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace cairn::stack {
namespace {

constexpr const char* kRecipe = "ARG REGISTRY\nFROM scratch\nARG COLOR=red\nCOPY . /\n";

BuildDescription plain_image() {
  BuildDescription image;
  image.target = "web";
  image.platform = oci::Platform::parse("linux/amd64");
  return image;
}

Recipe recipe_of(const std::string& text) {
  Recipe recipe;
  recipe.file = dockerfile::parse(text, "Dockerfile");
  recipe.needed = dockerfile::needed_stages(recipe.file, "");
  return recipe;
}

ContextEntry file_entry(const std::string& path, std::uint32_t mode) {
  ContextEntry entry;
  entry.path = path;
  entry.stamp.kind = PathKind::file;
  entry.stamp.mode = 0100000 | mode;
  return entry;
}

InputKeys keys_of(const BuildDescription& image, const std::string& text = kRecipe,
                  const std::vector<ContextEntry>& entries = {file_entry("a", 0644)}) {
  return input_keys(key_parts(image, recipe_of(text), {entries, {}}, {}, ""));
}

TEST(InputKey, ChangesWithEverythingThatGoesIn) {
  using Change = std::function<void(BuildDescription&)>;
  const std::vector<Change> changes{[](auto& image) { image.labels["a"] = "b"; },
                                    [](auto& image) { image.network = "none"; },
                                    [](auto& image) { image.added_hosts = {"x:1.2.3.4"}; },
                                    [](auto& image) { image.ssh = {"default"}; },
                                    [](auto& image) { image.flags = {"--squash"}; },
                                    [](auto& image) { image.secrets["token"] = "/x"; },
                                    [](auto& image) { image.refresh = "weekly"; },
                                    [](auto& image) { image.reproducible = true; }};
  const std::string before = keys_of(plain_image()).input;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    BuildDescription image = plain_image();
    changes[i](image);
    EXPECT_NE(keys_of(image).input, before) << i;
  }
}

TEST(InputKey, IsBlindToWhatSaysNothingOfTheImage) {
  const std::string before = keys_of(plain_image()).input;
  BuildDescription image = plain_image();
  image.context = "/elsewhere";
  image.secrets["cairn-ca"] = "/etc/ca.crt";
  image.keep_images = 7;
  EXPECT_EQ(keys_of(image).input, before);
  EXPECT_EQ(keys_of(image, "# a comment\n" + std::string(kRecipe) + "\n\n").input, before);
}

TEST(InputKey, IsBlindToNamesOfStages) {
  const std::string recipe = "FROM scratch AS one\nCOPY a /\nFROM scratch\nCOPY --from=one /a /\n";
  std::string renamed = recipe;
  for (std::size_t at = renamed.find("one"); at != std::string::npos; at = renamed.find("one", at))
    renamed.replace(at, 3, "uno");
  EXPECT_EQ(keys_of(plain_image(), renamed).input, keys_of(plain_image(), recipe).input);
}

TEST(InputKey, IsTheHashOfItsParts) {
  BuildDescription image = plain_image();
  image.labels["a"] = "b";
  image.secrets = {{"token", "/x"}};
  Recipe recipe = recipe_of("FROM scratch AS last\nARG COLOR\nCOPY . /\n");
  recipe.arguments["COLOR"] = "blue";
  recipe.uses.push_back({{}, std::nullopt, "docker.io/library/debian:12"});
  const KeyParts parts = key_parts(image, recipe, {{file_entry("a", 0644)}, {}},
                                   {{"docker.io/library/debian:12", "id"}}, "2026-W48");
  const auto digest = [&](const std::string& kind, const std::string& name) {
    for (const KeyPart& part : parts) {
      if (part.kind == kind && part.name == name) return part.digest;
    }
    return std::string("no such part");
  };
  EXPECT_EQ(digest("format", "cairn-input-3"), "");
  EXPECT_EQ(digest("argument", "COLOR"), sha256_hex("blue"));
  EXPECT_EQ(digest("label", "a"), sha256_hex("b"));
  EXPECT_EQ(digest("secret", "token"), "");
  EXPECT_EQ(digest("stage", "last").size(), 64U);
  EXPECT_EQ(digest("file", "a"), "file 0644 " + std::string(64, '0'));
  EXPECT_EQ(digest("use", "0"), "external docker.io/library/debian:12");
  EXPECT_EQ(digest("base", "docker.io/library/debian:12"), "id");
  EXPECT_EQ(digest("platform", "linux/amd64"), "");
  EXPECT_EQ(digest("period", "never"), "2026-W48");
  KeyParts swapped = parts;
  std::swap(swapped.front(), swapped.back());
  EXPECT_NE(input_keys(swapped).input, input_keys(parts).input);
}

TEST(InputKey, HoldsValuesOfSecretsBack) {
  BuildDescription one = plain_image(), two = plain_image();
  one.secrets["token"] = "/one";
  two.secrets["token"] = "/two";
  EXPECT_EQ(keys_of(one).input, keys_of(two).input);
}

TEST(InputKey, TellsModesApartUnlessNormalised) {
  BuildDescription image = plain_image();
  const auto key = [&](std::uint32_t mode) {
    return keys_of(image, kRecipe, {file_entry("a", mode)}).input;
  };
  EXPECT_NE(key(0644), key(0600));
  image.normalize_modes = true;
  EXPECT_EQ(key(0644), key(0600));
  EXPECT_NE(key(0644), key(0755));
}

TEST(InputKey, SourceKeyIsTheSameOnEveryPlatform) {
  BuildDescription other = plain_image();
  other.platform = oci::Platform::parse("linux/arm64");
  EXPECT_NE(keys_of(other).input, keys_of(plain_image()).input);
  EXPECT_EQ(keys_of(other).source, keys_of(plain_image()).source);
}

TEST(InputKey, RefusesNamedContexts) {
  BuildDescription image = plain_image();
  image.flags = {"--squash", "--build-context=lib=../lib"};
  try {
    read_recipe(image, {});
    FAIL() << "it was taken";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "'web' is built with '--build-context=lib=../lib', whose content "
                 "Cairn does not see");
  }
}

TEST(InputKey, HoldsReasonsOfDoubtAndNoImpliedFolders) {
  const BuildDescription image = plain_image();
  const auto digest = [&](const std::vector<ContextEntry>& entries,
                          const std::vector<std::string>& doubts) {
    return context_digest(image, {entries, doubts});
  };
  ContextEntry folder;
  folder.path = "src";
  folder.stamp.kind = PathKind::directory;
  folder.fixed_mode = folder.implied = true;
  const ContextEntry file = file_entry("src/a", 0644);
  EXPECT_EQ(digest({folder, file}, {}), digest({file}, {}));
  EXPECT_NE(digest({file}, {"$SRC comes from the base"}), digest({file}, {}));
}

TEST(InputKey, TakesArgumentsOfNeededStagesOnly) {
  Recipe recipe = recipe_of(kRecipe);
  recipe.arguments = {{"COLOR", "blue"}, {"REGISTRY", "quay.io"}};
  EXPECT_EQ(keyed_arguments(recipe), (std::map<std::string, std::string>{{"COLOR", "blue"}}));
}

TEST(InputKey, BuildKeyDependsOnTheOrderOfParents) {
  EXPECT_NE(build_key("k", {"a", "b"}), build_key("k", {"b", "a"}));
  EXPECT_NE(build_key("k", {"ab"}), build_key("k", {"a", "b"}));
}

TEST(InputKey, RefreshPeriodsAreUtc) {
  constexpr std::int64_t kNewYear = 1798761600;  // 2027-01-01T00:00:00Z, a Friday of 2026-W53
  EXPECT_EQ(refresh_period("daily", kNewYear - 1), "2026-12-31");
  EXPECT_EQ(refresh_period("weekly", kNewYear), "2026-W53");
  EXPECT_EQ(refresh_period("monthly", kNewYear), "2027-01");
  EXPECT_EQ(refresh_period("never", kNewYear), "");
}

TEST(KeyFile, GivesBackErrorsOfSeveralLines) {
  KeyFile key;
  key.error = "images/x/Dockerfile:2:1: unknown\nRUM x\n^";
  key.hint = "write RUN";
  key.absent = 3;
  const KeyFile read = KeyFile::parse(key.to_text(), "key");
  EXPECT_EQ(read.error, key.error);
  EXPECT_EQ(read.hint, key.hint);
  EXPECT_EQ(read.absent, 3);
}

TEST(KeyFile, RefusesWhatIsNone) {
  EXPECT_THROW(KeyFile::parse("", "key"), Error);
  EXPECT_THROW(KeyFile::parse("cairn-key 1\ninput ab\n", "key"), Error);
}

}  // namespace
}  // namespace cairn::stack
