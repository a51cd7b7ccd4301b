// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

int needed_by(const std::string& instructions) {
  const Dockerfile file = read("FROM scratch\n" + instructions + "\n");
  return front_end_needed(file, needed_stages(file, ""));
}

TEST(FrontEnd, OldestDoesForWhatItKnows) {
  EXPECT_EQ(needed_by("COPY --from=x --chown=1 --chmod=0755 a b"), kOldestFrontEnd);
  EXPECT_EQ(needed_by("RUN --mount=type=cache,target=/c x"), kOldestFrontEnd);
  EXPECT_EQ(needed_by("ENV A=${B:-c} D=${E}"), kOldestFrontEnd);
  EXPECT_EQ(needed_by("HEALTHCHECK --interval=1s CMD x"), kOldestFrontEnd);
}

TEST(FrontEnd, LaterFlagsNeedTheOneThatBroughtThem) {
  EXPECT_EQ(needed_by("RUN --network=none x"), 3);
  EXPECT_EQ(needed_by("COPY --link a b"), 4);
  EXPECT_EQ(needed_by("ADD --checksum=sha256:1 https://a.example/b c"), 6);
  EXPECT_EQ(needed_by("HEALTHCHECK --start-interval=1s CMD x"), 6);
  EXPECT_EQ(needed_by("ADD --unpack=false a.tar b"), 17);
  EXPECT_EQ(needed_by("COPY --exclude=*.md a b"), 19);
  EXPECT_EQ(needed_by("COPY --link --parents a b"), 20);
  EXPECT_EQ(needed_by("ONBUILD COPY --link a b"), 4);
}

TEST(FrontEnd, LaterValuesNeedTheOneThatBroughtThem) {
  EXPECT_EQ(needed_by("ADD https://a.example/b.git c"), 6);
  EXPECT_EQ(needed_by("ADD https://a.example/b.git#v1 c"), 6);
  EXPECT_EQ(needed_by("ADD git@a.example:b.git c"), 6);
  EXPECT_EQ(needed_by("ADD $SOURCE c"), 6);
  EXPECT_EQ(needed_by("ADD https://a.example/b.git?ref=v1 c"), 18);
  EXPECT_EQ(needed_by("ADD https://a.example/$V.tar b.git c/"), kOldestFrontEnd);
  EXPECT_EQ(needed_by("COPY $SOURCE c"), kOldestFrontEnd);
  EXPECT_EQ(needed_by("RUN --mount=type=bind,source=$A,target=/b c"), 3);
  EXPECT_EQ(needed_by("RUN --mount=type=secret,id=a,env=A b"), 10);
  EXPECT_EQ(needed_by("COPY --chmod=u+x a b"), 14);
  EXPECT_EQ(needed_by("COPY --chmod=$MODE a b"), kOldestFrontEnd);
  EXPECT_EQ(needed_by("COPY --chown=${A#b} a b"), 7);
  EXPECT_EQ(needed_by("ONBUILD\tCOPY\t--link a b"), 4);
  EXPECT_EQ(needed_by("ONBUILD ADD https://a.example/b.git c"), 6);
}

TEST(FrontEnd, HeredocsNeedTheFourth) {
  EXPECT_EQ(needed_by("RUN <<END\nx\nEND"), 4);
  EXPECT_EQ(needed_by("COPY <<END /f\nx\nEND"), 4);
  EXPECT_EQ(needed_by("COPY <<END /f\n${A#b}\nEND"), 7);
  EXPECT_EQ(needed_by("COPY <<'END' /f\n${A#b}\nEND"), 4);
  EXPECT_EQ(needed_by("RUN <<END\n${A#b}\nEND"), 4);
  EXPECT_EQ(needed_by("ONBUILD RUN <<END\nx\nEND"), 4);
}

TEST(FrontEnd, LaterSubstitutionsCountWhereTheFrontEndMakesThem) {
  EXPECT_EQ(needed_by("ENV A=${B-c}"), 6);
  EXPECT_EQ(needed_by("COPY ${A#b} c"), 7);
  EXPECT_EQ(needed_by("ENV A=${B/c/d}"), 7);
  EXPECT_EQ(needed_by("RUN echo ${A#b}"), kOldestFrontEnd);
  const Dockerfile file = read("ARG A=b\nFROM ${A%c}\n");
  EXPECT_EQ(front_end_needed(file, needed_stages(file, "")), 7);
}

TEST(FrontEnd, StagesThatAreNotNeededDoNotCount) {
  const Dockerfile file = read("FROM a AS x\nCOPY --parents a b\nFROM b\nRUN x\n");
  EXPECT_EQ(front_end_needed(file, needed_stages(file, "")), kOldestFrontEnd);
  EXPECT_EQ(front_end_needed(file, needed_stages(file, "x")), 20);
}

}  // namespace
}  // namespace cairn::dockerfile
