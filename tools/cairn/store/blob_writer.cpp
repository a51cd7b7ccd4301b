// SPDX-License-Identifier: BSD-3-Clause
#include "store/blob_writer.hpp"

#include "base/error.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::store {
namespace {

std::string random_name() {
  std::uint64_t word = 0;
  if (::getrandom(&word, sizeof word, 0) != static_cast<ssize_t>(sizeof word)) {
    throw Error("the system gives no random numbers");
  }
  return fmt::format("{}-{:016x}", ::getpid(), word);
}

}  // namespace

BlobWriter::BlobWriter(const Folder& incoming, const Folder& blobs)
    : incoming_(incoming),
      blobs_(blobs),
      name_(random_name()),
      fd_(::openat(incoming.fd(), name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
  if (fd_.get() < 0) throw_errno("writing", (incoming_.path() / name_).string());
  // The mark of a living writer. The kernel takes it away, whatever the process dies of.
  ::flock(fd_.get(), LOCK_EX | LOCK_NB);
}

BlobWriter::~BlobWriter() {
  if (!name_.empty()) ::unlinkat(incoming_.fd(), name_.c_str(), 0);
}

void BlobWriter::write(std::string_view bytes) {
  hash_.update(bytes);
  size_ += bytes.size();
  write_all(fd_.get(), bytes, "writing a blob into", incoming_.path().string());
}

StoredBlob BlobWriter::commit(const std::optional<oci::Digest>& expected) {
  const oci::Digest digest = oci::Digest::parse("sha256:" + to_hex(hash_.finish()));
  if (expected && digest != *expected) {
    throw Error("a blob has digest '" + digest.to_string() + "', expected '" +
                expected->to_string() + "'");
  }
  ::fchmod(fd_.get(), 0644);
  // close(2) is where a full disk behind NFS speaks up.
  if (::close(fd_.release()) != 0) throw_errno("writing a blob into", incoming_.path().string());
  // Over a blob that is there already: if that one has gone bad, this is how it is mended.
  if (::renameat(incoming_.fd(), name_.c_str(), blobs_.fd(), digest.hex().c_str()) != 0) {
    throw_errno("storing a blob in", blobs_.path().string());
  }
  name_.clear();
  return {digest, size_};
}

}  // namespace cairn::store
