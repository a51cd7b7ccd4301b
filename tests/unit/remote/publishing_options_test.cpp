// SPDX-License-Identifier: BSD-3-Clause
#include "remote/publishing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::remote {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PublishingOptions, TakeFromTheDescriptionHowRegistriesAreSpokenTo) {
  stack::ReleaseDescription release;
  PublishingOptions options;
  EXPECT_EQ(options.client_options({release}).transport.ca_file, "");
  EXPECT_THAT(options.client_options({release}).plain_http, IsEmpty());
  release.ca_bundle = "/declared.pem";
  release.plain_http = {"declared:5000"};
  EXPECT_EQ(options.client_options({release}).transport.ca_file, "/declared.pem");
  EXPECT_THAT(options.client_options({release}).plain_http, ElementsAre("declared:5000"));
}

TEST(PublishingOptions, PutTheCommandLineFirst) {
  stack::ReleaseDescription release;
  release.ca_bundle = "/declared.pem";
  release.plain_http = {"declared:5000"};
  PublishingOptions options;
  options.registry.ca_bundle = "/given.pem";
  options.registry.plain_http = {"given:5000"};
  EXPECT_EQ(options.client_options({release}).transport.ca_file, "/given.pem");
  EXPECT_THAT(options.client_options({release}).plain_http,
              ElementsAre("given:5000", "declared:5000"));
}

}  // namespace
}  // namespace cairn::remote
