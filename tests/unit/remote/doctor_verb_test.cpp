// SPDX-License-Identifier: BSD-3-Clause
#include "remote_fixture.hpp"

namespace cairn::remote {
namespace {

using DoctorVerb = RemoteTest;

TEST_F(DoctorVerb, SaysThatNothingIsWrong) {
  ASSERT_EQ(run_to("place", {"release", "publish"}).error, "");
  const Answer answer = run_to("place", {"doctor"});
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out, "family in 'oci:@/place': nothing is wrong\n");
}

TEST_F(DoctorVerb, TellsByItsStatusWhatItFinds) {
  const Answer answer = run_to("place", {"doctor"});
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.exit_code, 1);
  EXPECT_THAT(answer.out, ::testing::HasSubstr(": no-release: "));
  EXPECT_THAT(answer.out, ::testing::EndsWith("\nfamily in 'oci:@/place': 1 finding\n"));
  const Json all = json("place", {"doctor"});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["schema"], "cairn/doctor/1");
  EXPECT_EQ(all[0]["findings"][0]["kind"], "no-release");
}

TEST_F(DoctorVerb, IsAnActionOfReleaseAsWell) {
  const Answer answer = run_to("place", {"doctor"});
  const Answer same = run_to("place", {"release", "doctor"});
  EXPECT_EQ(same.error, "");
  EXPECT_EQ(same.exit_code, 1);
  EXPECT_EQ(same.out, answer.out);
  EXPECT_EQ(run_to("place", {"release", "doctor", "--dry-run"}).error,
            "cairn: error: '--dry-run' is not for 'doctor'\ncairn: hint: it is for: publish");
}

}  // namespace
}  // namespace cairn::remote
