// SPDX-License-Identifier: BSD-3-Clause
#include "registry/layout_source.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <unistd.h>

namespace cairn::registry {
namespace {

class FileReader : public Reader {
 public:
  FileReader(oci::File file, std::string what) : file_(std::move(file)), what_(std::move(what)) {}

  std::size_t read(char* buffer, std::size_t most) override {
    ssize_t got = 0;
    do {
      got = ::read(file_.fd(), buffer, most);
    } while (got < 0 && errno == EINTR);
    if (got < 0) throw_errno("reading", what_);
    return static_cast<std::size_t>(got);
  }

 private:
  oci::File file_;
  std::string what_;
};

}  // namespace

std::unique_ptr<Reader> LayoutSource::open(const oci::Descriptor& blob, std::uint64_t offset) {
  return std::make_unique<FileReader>(layout_.open_blob(blob, offset), blob.digest.to_string());
}

}  // namespace cairn::registry
