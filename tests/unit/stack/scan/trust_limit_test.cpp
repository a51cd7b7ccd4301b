// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/trust_limit.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <fcntl.h>
#include <map>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

/// A stamp of `device`, `seconds` old.
PathStamp aged(std::uint64_t device, std::uint64_t seconds) {
  const auto now = static_cast<std::uint64_t>(::time(nullptr));
  PathStamp stamp;
  stamp.kind = PathKind::file;
  stamp.device = device;
  stamp.mtime_ns = stamp.ctime_ns = (now - seconds) * 1'000'000'000;
  return stamp;
}

class TrustLimitTest : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& content) {
    const fs::path path = folder_.path() / name;
    write_file(path, content);
    return path;
  }

  TempDir folder_{"cairn-trust-test-"};
};

TEST_F(TrustLimitTest, DoesNotTrustWhatIsAsYoungAsTheClockIsCoarse) {
  const TrustLimit limit(folder_.path());
  const fs::path path = write("file", "young");
  const fs::path absent = folder_.path() / "absent";
  EXPECT_FALSE(limit.proves(path, stamp_at(AT_FDCWD, path.c_str())));
  EXPECT_TRUE(limit.proves(absent, stamp_at(AT_FDCWD, absent.c_str())));
}

TEST_F(TrustLimitTest, DoesNotTrustTheFuture) {
  const fs::path path = write("file", "later");
  const struct timespec later[2] = {{4'000'000'000, 0}, {4'000'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), later, 0), 0);
  EXPECT_FALSE(TrustLimit(folder_.path()).proves(path, stamp_at(AT_FDCWD, path.c_str())));
}

TEST_F(TrustLimitTest, TrustsNothingWhereNoChangeTimeIsKept) {
  constexpr std::uint32_t kExt4 = 0xEF53, kNfs = 0x6969;
  std::map<std::string, std::uint32_t> types{
      {"/smb", 0x517B},      {"/cifs", 0xFF534D42}, {"/smb2", 0xFE534D42}, {"/9p", 0x01021997},
      {"/fuse", 0x65735546}, {"/gone", 0},          {"/ext4", kExt4},      {"/nfs", kNfs}};
  std::vector<std::string> asked;
  const TrustLimit limit(folder_.path(), [&](const std::string& path) {
    asked.push_back(path);
    return types.count(path) != 0 ? types[path] : kExt4;
  });
  std::uint64_t device = 1'000'000;  // no real one
  for (const auto& [path, type] : types) {
    const bool keeps = type == kExt4 || type == kNfs;
    EXPECT_EQ(limit.proves(path, aged(++device, 3600)), keeps) << path;
    if (type == 0) continue;
    EXPECT_EQ(limit.proves(path + "/again", aged(device, 3600)), keeps) << path;
  }
  EXPECT_EQ(asked.size(), types.size()) << "a device is asked once";
}

TEST_F(TrustLimitTest, AllowsForTheClockOfAnotherDevice) {
  const TrustLimit limit(folder_.path(), [](const std::string&) { return 0x6969U; });
  EXPECT_FALSE(limit.proves("/nfs", aged(1'000'000, 50)));
  EXPECT_TRUE(limit.proves("/nfs", aged(1'000'000, 70)));
}

TEST_F(TrustLimitTest, AsksItsOwnDeviceByAFile) {
  const fs::path path = write("file", "old");
  const PathStamp stamp = stamp_at(AT_FDCWD, path.c_str());
  for (const std::uint32_t type : {0xEF53U, 0x65735546U, 0x01021997U}) {
    const TrustLimit limit(folder_.path(), [&](const std::string&) { return type; });
    EXPECT_EQ(limit.proves(path, aged(stamp.device, 5)), type != 0x01021997U) << type;
  }
}

}  // namespace
}  // namespace cairn::stack
