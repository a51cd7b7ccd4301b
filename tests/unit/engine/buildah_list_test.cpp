// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/file.hpp"
#include "engine/buildah_engine.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

/// A buildah whose listing fails `times` times with `text` and then holds nothing.
class BuildahList : public ::testing::Test {
 protected:
  std::unique_ptr<Engine> engine(int times, const std::string& text) const {
    const std::filesystem::path program = folder_.path() / "buildah";
    const std::string count = folder_.path() / "count";
    write_file(program, "#!/bin/sh\necho x >>" + count + "\n[ $(wc -l <" + count + ") -gt " +
                            std::to_string(times) + " ] || { echo '" + text +
                            "' >&2; exit 125; }\necho '[]'\n");
    std::filesystem::permissions(program, std::filesystem::perms(0755));
    Endpoint endpoint;
    endpoint.kind = "buildah";
    endpoint.program = program;
    return open_buildah(endpoint);
  }
  std::string asked() const { return read_file(folder_.path() / "count"); }

  const std::string gone_ =
      "Error: locating item named \"manifest\" for image with ID \"1\": file does not exist";
  TempDir folder_{"cairn-buildah-list-"};
};

TEST_F(BuildahList, IsAskedForAgainWhileAnotherBuildWritesTheStorage) {
  EXPECT_TRUE(engine(2, gone_)->list().empty());
  EXPECT_EQ(asked(), "x\nx\nx\n");
}

TEST_F(BuildahList, FailsWhenAnImageStaysBroken) {
  try {
    engine(100, gone_)->list();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "buildah refused to list its images: " + gone_);
  }
  EXPECT_EQ(asked(), "x\nx\nx\nx\nx\n");
}

TEST_F(BuildahList, FailsAtOnceForAnythingElse) {
  EXPECT_THROW(engine(100, "Error: no such storage")->list(), Error);
  EXPECT_EQ(asked(), "x\n");
}

}  // namespace
}  // namespace cairn::engine
