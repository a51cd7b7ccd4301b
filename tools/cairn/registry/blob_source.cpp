// SPDX-License-Identifier: BSD-3-Clause
#include "registry/blob_source.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace cairn::registry {

namespace {

class BytesReader : public Reader {
 public:
  explicit BytesReader(std::string_view left) : left_(left) {}
  std::size_t read(char* buffer, std::size_t most) override {
    const std::size_t got = left_.copy(buffer, most);
    left_.remove_prefix(got);
    return got;
  }

 private:
  std::string_view left_;
};

}  // namespace

class BlobStream::Range : public Reader {
 public:
  Range(BlobStream& stream, std::uint64_t length, const std::atomic<bool>* stop)
      : stream_(stream), left_(length), stop_(stop) {}

  std::size_t read(char* buffer, std::size_t most) override {
    if (stop_ != nullptr && *stop_) throw Error("given up");
    if (left_ == 0) return 0;
    const std::size_t got =
        stream_.take(buffer, static_cast<std::size_t>(std::min<std::uint64_t>(most, left_)));
    left_ -= got;
    return got;
  }

 private:
  BlobStream& stream_;
  std::uint64_t left_;
  const std::atomic<bool>* stop_;
};

BlobStream::BlobStream(BlobSource& source, oci::Descriptor blob)
    : source_(source), blob_(std::move(blob)) {}

std::unique_ptr<Reader> BlobStream::range(std::uint64_t offset, std::uint64_t length,
                                          const std::atomic<bool>* stop) {
  go_to(offset);
  return std::make_unique<Range>(*this, length, stop);
}

void BlobStream::go_to(std::uint64_t offset) {
  if (reader_ == nullptr || position_ != offset) {
    reader_ = source_.open(blob_, 0);
    hash_ = Sha256();
    position_ = 0;
  }
  std::vector<char> buffer(position_ < offset ? 1 << 18 : 0);
  while (position_ < offset)
    take(buffer.data(),
         static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), offset - position_)));
  if (blob_.size == 0) check_end();
}

std::size_t BlobStream::take(char* buffer, std::size_t most) {
  const std::size_t got = reader_->read(buffer, most);
  if (got == 0) {
    refuse("it ends after " + std::to_string(position_) + " of " + std::to_string(blob_.size) +
           " bytes");
  }
  hash_.update({buffer, got});
  position_ += got;
  if (position_ == blob_.size) check_end();
  return got;
}

void BlobStream::check_end() {
  char beyond = 0;
  if (reader_->read(&beyond, 1) != 0) {
    refuse("it is longer than its " + std::to_string(blob_.size) + " bytes");
  }
  const std::string hex = to_hex(hash_.finish());
  reader_.reset();  // whoever reads again begins anew
  if (hex != blob_.digest.hex()) refuse("its bytes are of 'sha256:" + hex + "'");
}

void BlobStream::refuse(const std::string& why) const {
  source_.note_bad(blob_);
  throw Error("blob '" + blob_.digest.to_string() + "' in " + source_.name() + ": " + why);
}

std::unique_ptr<Reader> read_from(std::string_view bytes, std::uint64_t offset) {
  return std::make_unique<BytesReader>(bytes.substr(std::min<std::uint64_t>(offset, bytes.size())));
}

std::string read_blob(BlobSource& source, const oci::Descriptor& blob, std::size_t most_bytes) {
  if (blob.size > most_bytes) {
    throw Error("'" + blob.digest.to_string() + "' in " + source.name() + " is " +
                format_bytes(blob.size) + " long; at most " + format_bytes(most_bytes) +
                " are read");
  }
  BlobStream stream(source, blob);
  const auto reader = stream.range(0, blob.size);
  std::string bytes(static_cast<std::size_t>(blob.size), '\0');
  for (std::size_t at = 0; at < bytes.size();)
    at += reader->read(bytes.data() + at, bytes.size() - at);
  return bytes;
}

}  // namespace cairn::registry
