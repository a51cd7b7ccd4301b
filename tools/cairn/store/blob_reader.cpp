// SPDX-License-Identifier: BSD-3-Clause
#include "store/blob_reader.hpp"

#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::store {

BadBlob::BadBlob(const oci::Digest& digest, const std::string& what)
    : Error("blob '" + digest.to_string() + "' of the store is bad: " + what,
            "it has been removed; make it again: cairn export") {}

BlobReader::BlobReader(const Folder& blobs, FileDescriptor fd, const oci::Digest& digest,
                       std::uint64_t size)
    : blobs_(blobs), fd_(std::move(fd)), digest_(digest), size_(size) {
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0)
    throw_errno("reading", (blobs.path() / digest.hex()).string());
  if (static_cast<std::uint64_t>(info.st_size) != size) {
    refuse("it has " + std::to_string(info.st_size) + " bytes, expected " + std::to_string(size));
  }
}

std::size_t BlobReader::read(std::span<char> buffer) {
  if (ended_ || buffer.empty()) return 0;
  // What a broken disk gives is not known to be bad: it is kept for whoever mends disks.
  const std::size_t got =
      read_some(fd_.get(), buffer.data(), buffer.size(), (blobs_.path() / digest_.hex()).string());
  hash_.update(std::string_view(buffer.data(), got));
  if (got > 0) return got;
  ended_ = true;
  const std::string hex = to_hex(hash_.finish());
  if (hex != digest_.hex()) refuse("its bytes hash to 'sha256:" + hex + "'");
  return 0;
}

void BlobReader::refuse(const std::string& what) {
  // Only the file that was read: a good one may have taken its place meanwhile.
  struct stat mine {};
  struct stat there {};
  const std::string path = (blobs_.path() / digest_.hex()).string();
  if (::fstat(fd_.get(), &mine) == 0 && ::lstat(path.c_str(), &there) == 0 &&
      mine.st_ino == there.st_ino) {
    blobs_.remove(digest_.hex());
  }
  throw BadBlob(digest_, what);
}

}  // namespace cairn::store
