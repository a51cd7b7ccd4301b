// SPDX-License-Identifier: BSD-3-Clause
#include "registry/layout_source.hpp"

#include "base/descriptor.hpp"

namespace cairn::registry {
namespace {

class FileReader : public Reader {
 public:
  FileReader(FileDescriptor file, std::string what)
      : file_(std::move(file)), what_(std::move(what)) {}

  std::size_t read(char* buffer, std::size_t most) override {
    return read_some(file_.get(), buffer, most, what_);
  }

 private:
  FileDescriptor file_;
  std::string what_;
};

}  // namespace

std::unique_ptr<Reader> LayoutSource::open(const oci::Descriptor& blob, std::uint64_t offset) {
  return std::make_unique<FileReader>(layout_.open_blob(blob, offset), blob.digest.to_string());
}

}  // namespace cairn::registry
