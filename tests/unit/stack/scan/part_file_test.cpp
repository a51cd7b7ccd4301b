// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/part_file.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using Arguments = std::map<std::string, std::string>;

std::optional<std::string> shown_argument(const std::string& name, const std::string& value) {
  return shown_parts({{"argument", name, "digest"}}, {}, {{name, value}}).at(0).value;
}

TEST(PartFile, ShowsValuesOfArgumentsLabelsAndOptions) {
  BuildDescription image;
  image.labels["org.x"] = "y";
  image.network = "host";
  image.flags = {"--squash", "--quiet"};
  image.secrets["pip"] = "/home/me/pip.conf";
  const auto parts = shown_parts({{"argument", "A", "1"},
                                  {"label", "org.x", "2"},
                                  {"option", "network", "3"},
                                  {"option", "flags", "4"},
                                  {"secret", "pip", ""},
                                  {"file", "a", "file 0644 5"}},
                                 image, Arguments{{"A", "b"}});
  std::vector<std::string> values;
  for (const ShownPart& part : parts)
    values.push_back(part.value.value_or("-"));
  EXPECT_EQ(values, (std::vector<std::string>{"b", "y", "host", "--squash --quiet", "-", "-"}));
}

TEST(PartFile, KeepsToItselfWhatMayBeASecret) {
  EXPECT_EQ(shown_argument("PIP_VERSION", "24"), "24");
  EXPECT_EQ(shown_argument("INDEX", "https://mirror.example/simple"),
            "https://mirror.example/simple");
  EXPECT_EQ(shown_argument("INDEX", "https://me:pw@mirror.example/simple"), std::nullopt);
  EXPECT_EQ(shown_argument("GITHUB_TOKEN", "x"), std::nullopt);
  EXPECT_EQ(shown_argument("db_password", "x"), std::nullopt);
  EXPECT_EQ(shown_argument("ApiKey", "x"), std::nullopt);
}

TEST(PartFile, KeepsPartsUnderTheirKeyAndReadsThemBack) {
  const TempDir store("cairn-parts-");
  const auto parts = shown_parts({{"argument", "A", "1"}, {"file", "odd\nname", "file 0644 2"}}, {},
                                 Arguments{{"A", "b"}});
  keep_parts(store.path(), "key", parts);
  const auto read = kept_parts(store.path(), "key");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->at(0).value, "b");
  EXPECT_EQ(read->at(1).part, parts[1].part);
  EXPECT_EQ(read->at(1).value, std::nullopt);
  EXPECT_FALSE(kept_parts(store.path(), "other").has_value());
  write_file(store.path() / "parts/key.json", "{");
  EXPECT_FALSE(kept_parts(store.path(), "key").has_value());
}

}  // namespace
}  // namespace cairn::stack
