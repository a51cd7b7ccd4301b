// SPDX-License-Identifier: BSD-3-Clause
//
// Records and descriptions of a build tree, which outlive the Cairn that wrote them and may be cut
// off or edited: they are read or refused with an Error, and what was read is written and read
// again as the same.
#include "base/error.hpp"
#include "fuzz/memory_file.hpp"
#include "fuzz/property.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/inspect_description.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/test_description.hpp"
#include "stack/model/test_record.hpp"

#include <cstdint>

namespace {

using namespace cairn::stack;
using cairn::fuzz::MemoryFile;
using cairn::fuzz::require;

template <typename Read>
void refuse_or(const Read& read) {
  try {
    read();
  } catch (const cairn::Error&) {
    return;
  }
}

void check_image_record(const MemoryFile& file, const MemoryFile& copy) {
  const std::string text = ImageRecord::read(file.path()).to_text();
  copy.fill(text);
  require(ImageRecord::read(copy.path()).to_text() == text, "an image record is read as written");
}

void check_test_record(const MemoryFile& file, const MemoryFile& copy) {
  const auto record = TestRecord::read_if_present(file.path());
  if (!record) {
    return;
  }
  copy.fill(record->to_text());
  const auto again = TestRecord::read_if_present(copy.path());
  require(again && again->to_text() == record->to_text(), "a test record is read as written");
}

void check_key_file(const std::string& text) {
  const std::string written = KeyFile::parse(text, "key").to_text();
  require(KeyFile::parse(written, "key").to_text() == written, "a key file is read as written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  static const MemoryFile copy;
  const std::string text(reinterpret_cast<const char*>(data), size);
  file.fill(text);
  refuse_or([] { check_image_record(file, copy); });
  refuse_or([] { check_test_record(file, copy); });
  refuse_or([&text] { check_key_file(text); });
  refuse_or([] { StackFile::read(file.path()); });
  refuse_or([] { BuildDescription::read(file.path()).local_name(); });
  refuse_or([] { InspectDescription::read(file.path()).digest(); });
  refuse_or([] { TestsDescription::read(file.path()); });
  refuse_or([] { read_tests_key(file.path()); });
  return 0;
}
