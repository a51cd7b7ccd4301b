// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/trust_limit.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

namespace cairn::stack {
namespace {

// Two kernel ticks at 100 Hz: how far apart two writes must be to get different times.
constexpr std::uint64_t kGranularityNs = 20'000'000;
constexpr std::uint64_t kSecondNs = 1'000'000'000;
// For file systems that cannot be asked: how far behind ours a server's clock may be. FAT and old
// NFS count in steps of up to 2 s besides.
constexpr std::uint64_t kMarginNs = 60 * kSecondNs;

// linux/magic.h; these do not keep ctime as POSIX wants it.
constexpr std::uint32_t kSmbMagic = 0x517B, kCifsMagic = 0xFF534D42, kSmb2Magic = 0xFE534D42,
                        k9pMagic = 0x01021997;
// Whether it is kept is up to each server of this one: sshfs gives mtime for it.
constexpr std::uint32_t kFuseMagic = 0x65735546;
constexpr time_t kSecondInThePast = 1'000'000'000;

bool type_keeps_ctime(std::uint32_t type) {
  return type != kSmbMagic && type != kCifsMagic && type != kSmb2Magic && type != k9pMagic;
}

/// A file in `folder`, of which nothing remains with the object.
class ClockFile {
 public:
  explicit ClockFile(const std::filesystem::path& folder)
      : name_((folder / ".cairn-clock-XXXXXX").string()), fd_(::mkostemp(name_.data(), O_CLOEXEC)) {
    if (fd_.get() < 0) throw_errno("writing", name_);
  }
  ~ClockFile() { ::unlink(name_.c_str()); }
  ClockFile(const ClockFile&) = delete;
  ClockFile& operator=(const ClockFile&) = delete;

  struct stat stat() const {
    struct stat info {};
    if (::fstat(fd_.get(), &info) != 0) throw_errno("reading", name_);
    return info;
  }
  /// Whether its ctime stays when its mtime is put back.
  bool keeps_ctime() const {
    const struct timespec past[2] = {{kSecondInThePast, 0}, {kSecondInThePast, 0}};
    return ::futimens(fd_.get(), past) == 0 && stat().st_ctim.tv_sec != kSecondInThePast;
  }

 private:
  std::string name_;
  FileDescriptor fd_;
};

}  // namespace

std::uint32_t file_system_type(const std::string& path) {
  // Of a link the one that holds it, not what it leads to.
  const FileDescriptor file(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct statfs system {};
  const bool asked = file.get() >= 0 && ::fstatfs(file.get(), &system) == 0;
  return asked ? static_cast<std::uint32_t>(system.f_type) : 0;
}

TrustLimit::TrustLimit(const std::filesystem::path& folder, TypeOf type_of)
    : folder_(folder), type_of_(std::move(type_of)) {
  const struct stat info = ClockFile(folder).stat();
  device_ = info.st_dev;
  limit_ns_ = make_stamp(info).mtime_ns - kGranularityNs;
  other_limit_ns_ = static_cast<std::uint64_t>(unix_now()) * kSecondNs - kMarginNs;
}

bool TrustLimit::proves(const std::string& path, const PathStamp& stamp) const {
  if (stamp.kind == PathKind::absent) return true;
  const std::uint64_t limit = stamp.device == device_ ? limit_ns_ : other_limit_ns_;
  return stamp.mtime_ns < limit && stamp.ctime_ns < limit && keeps_ctime(path, stamp.device);
}

bool TrustLimit::keeps_ctime(const std::string& path, std::uint64_t device) const {
  const std::lock_guard guard(mutex_);
  const auto known = keeps_ctime_.find(device);
  if (known != keeps_ctime_.end()) return known->second;
  const std::uint32_t type = type_of_(path);
  // It went away meanwhile: nothing is known, and another path of the device may say it.
  if (type == 0) return false;
  // Elsewhere there is no file of ours to try it with.
  const bool keeps = type == kFuseMagic ? device == device_ && ClockFile(folder_).keeps_ctime()
                                        : type_keeps_ctime(type);
  return keeps_ctime_[device] = keeps;
}

}  // namespace cairn::stack
