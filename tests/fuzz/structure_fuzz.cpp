// SPDX-License-Identifier: BSD-3-Clause
//
// Files of container-structure-test: read, or refused with a UserError that names the file.
#include "base/error.hpp"
#include "fuzz/memory_file.hpp"
#include "fuzz/property.hpp"
#include "stack/testing/structure_file.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cairn::fuzz::MemoryFile file;
  file.fill({reinterpret_cast<const char*>(data), size});
  try {
    cairn::stack::StructureFile::read(file.path());
  } catch (const cairn::UserError& error) {
    const std::string message = error.what();
    cairn::fuzz::require(message.starts_with(file.path().string() + ":"),
                         "a message begins with the path");
  }
  return 0;
}
