// SPDX-License-Identifier: BSD-3-Clause
#include "oci/reference.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::oci {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

struct Row {
  std::string written, canonical, tag, digest;
};

class ReferenceTable : public ::testing::TestWithParam<Row> {};

TEST_P(ReferenceTable, IsReadAsDockerReadsIt) {
  const Reference reference = Reference::parse(GetParam().written);
  EXPECT_EQ(reference.to_string(), GetParam().canonical);
  EXPECT_EQ(reference.tag, GetParam().tag);
  EXPECT_EQ(reference.digest, GetParam().digest);
  EXPECT_EQ(reference.as_written, GetParam().written);
  EXPECT_EQ(Reference::parse(reference.to_string()).to_string(), GetParam().canonical);
}

// distribution/reference: familiar names, ports against tags, the longest separators.
INSTANTIATE_TEST_SUITE_P(
    Distribution, ReferenceTable,
    ::testing::Values(Row{"debian", "docker.io/library/debian", "", ""},
                      Row{"debian:12", "docker.io/library/debian:12", "12", ""},
                      Row{"docker.io/debian", "docker.io/library/debian", "", ""},
                      Row{"index.docker.io/library/debian", "docker.io/library/debian", "", ""},
                      Row{"jupyter/base", "docker.io/jupyter/base", "", ""},
                      Row{"quay.io/jupyter/base:x86_64-python-3.11.2",
                          "quay.io/jupyter/base:x86_64-python-3.11.2", "x86_64-python-3.11.2", ""},
                      Row{"localhost/a", "localhost/a", "", ""},
                      Row{"localhost:5000/a", "localhost:5000/a", "", ""},
                      Row{"localhost:5000/a:1", "localhost:5000/a:1", "1", ""},
                      Row{"host:5000/a/b/c", "host:5000/a/b/c", "", ""},
                      Row{"a:5000", "docker.io/library/a:5000", "5000", ""},
                      Row{"debian@" + kDigest, "docker.io/library/debian@" + kDigest, "", kDigest},
                      Row{"q.io/a:1@" + kDigest, "q.io/a:1@" + kDigest, "1", kDigest},
                      Row{"q.io/a.b_c__d---e/f", "q.io/a.b_c__d---e/f", "", ""},
                      Row{"q.io/a:_Tag.With-1", "q.io/a:_Tag.With-1", "_Tag.With-1", ""}));

struct Refused {
  std::string written, why;
};

class RefusedTable : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedTable, SaysWhatIsWrong) {
  try {
    Reference::parse(GetParam().written);
    FAIL() << "took '" << GetParam().written << "'";
  } catch (const UserError& error) {
    EXPECT_EQ(std::string(error.what()),
              "invalid image reference '" + GetParam().written + "': " + GetParam().why);
  }
}

const std::string kWantsDigest = "expected a digest 'sha256:' and 64 hex digits after '@'";

INSTANTIATE_TEST_SUITE_P(
    Distribution, RefusedTable,
    ::testing::Values(
        Refused{"", "it is empty"}, Refused{"Debian", "a repository is written in lower case"},
        Refused{"quay.io/Jupyter/base", "a repository is written in lower case"},
        Refused{"a..b", "invalid repository 'a..b'"},
        Refused{"a___b", "invalid repository 'a___b'"}, Refused{"-a", "invalid repository '-a'"},
        Refused{"a/", "invalid repository 'a/'"}, Refused{"a//b", "invalid repository 'a//b'"},
        Refused{"a b", "invalid repository 'a b'"}, Refused{"quay.io/", "invalid repository ''"},
        Refused{"a:", "invalid tag ''"}, Refused{"a:.b", "invalid tag '.b'"},
        Refused{"a:b c", "invalid tag 'b c'"},
        Refused{"a:" + std::string(129, 't'), "invalid tag '" + std::string(129, 't') + "'"},
        Refused{"a@sha256:abc", kWantsDigest},
        Refused{"a@sha256:" + std::string(64, 'A'), kWantsDigest},
        Refused{"a@md5:" + std::string(64, 'a'), kWantsDigest}, Refused{"a@", kWantsDigest}));

TEST(Reference, TagsHaveTheGrammarsLength) {
  EXPECT_TRUE(is_valid_tag(std::string(128, 'a')));
  EXPECT_FALSE(is_valid_tag(std::string(129, 'a')));
  EXPECT_FALSE(is_valid_tag("-a"));
  EXPECT_FALSE(is_valid_tag("a+b"));
  EXPECT_FALSE(is_valid_tag("é"));
}

}  // namespace
}  // namespace cairn::oci
