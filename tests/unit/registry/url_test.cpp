// SPDX-License-Identifier: BSD-3-Clause
#include "registry/url.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

TEST(Url, ShowsNothingSecret) {
  EXPECT_EQ(
      Url::parse("https://user:pw@r.example:8443/v2/x?token=abc&service=s&digest=d").redacted(),
      "https://r.example:8443/v2/x?token=***&service=s&digest=d");
  EXPECT_EQ(Url::parse("https://r.example:443/v2/").redacted(), "https://r.example/v2/");
}

TEST(Url, KnowsWhoseItIs) {
  const Url url = Url::parse("https://r.example/v2/x");
  EXPECT_TRUE(url.has_origin_of(Url::parse("https://r.example:443/other")));
  EXPECT_FALSE(url.has_origin_of(Url::parse("http://r.example/")));
  EXPECT_FALSE(url.has_origin_of(Url::parse("https://r.example:444/")));
  EXPECT_FALSE(url.has_origin_of(Url::parse("https://r.example.evil.example/")));
}

TEST(Url, ResolvesRedirects) {
  const Url url = Url::parse("https://r.example/v2/x/blobs/1");
  EXPECT_EQ(url.resolve("/cdn?x=1").text(), "https://r.example/cdn?x=1");
  EXPECT_EQ(url.resolve("http://cdn.example/y").text(), "http://cdn.example/y");
}

TEST(Url, KnowsThisMachine) {
  for (const char* host :
       {"localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:9", "[::1]"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host :
       {"localhost.example", "128.0.0.1", "r.example", "127.r.example", "127.0.0.1.r.example:5000",
        "127.0.0.1.example", "127.0.0.1:5000.r.example", "127.0.0", "127.0.0.1.", "127.0.0.256",
        "127.0.0.0x1", "[::1].r.example", "[::1]r.example", "[::1", "[::11]", "", ":5000"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
  EXPECT_TRUE(Url::parse("http://127.0.0.2:5000/v2/").is_loopback());
  EXPECT_TRUE(Url::parse("http://[::1]:5000/v2/").is_loopback());
  EXPECT_FALSE(Url::parse("http://127.0.0.1.r.example/v2/").is_loopback());
}

TEST(Url, RefusesOtherSchemes) {
  for (const char* text : {"file:///etc/passwd", "ftp://x/", "nonsense", ""}) {
    EXPECT_THROW(Url::parse(text), Error) << text;
  }
  try {
    Url::parse("file:///x?token=secret");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "'file:///x' is not an http(s) URL");
  }
}

TEST(Url, EncodesValues) {
  EXPECT_EQ(url_encode("repository:a/b:pull x"), "repository%3Aa%2Fb%3Apull%20x");
}

}  // namespace
}  // namespace cairn::registry
