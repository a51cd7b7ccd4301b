// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/status.hpp"

#include "family.hpp"

#include <gmock/gmock.h>

namespace cairn::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class StatusTest : public FamilyTest {
 protected:
  std::vector<stack::ImageStatus> status() { return stack::stack_status(stack_file(), opener()); }
};

TEST_F(StatusTest, SaysOnceThatANameStoodElsewhere) {
  build_all();
  const std::string name = "quay.io/me/app:latest";
  const std::string id = world_->id_of(name);
  EXPECT_THAT(stack::format_table(status()), Not(HasSubstr("set again")));
  FakeEngine(world_).tag(debian_, name);
  const auto all = status();
  EXPECT_THAT(stack::format_table(all),
              HasSubstr("\napp: 'quay.io/me/app:latest' named another image or none: set again\n"));
  EXPECT_THAT(all.at(0).set_again, IsEmpty());
  EXPECT_THAT(all.at(1).set_again, ElementsAre(name));
  EXPECT_EQ(stack::to_json("family", all, {})["images"][1]["set_again"], Json::array({name}));
  EXPECT_EQ(world_->id_of(name), id);
  EXPECT_THAT(status().at(1).set_again, IsEmpty());
}

}  // namespace
}  // namespace cairn::testing
