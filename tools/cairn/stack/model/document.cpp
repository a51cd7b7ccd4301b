// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/document.hpp"

#include "base/text.hpp"

namespace cairn::stack {

std::string way_to_mend(const std::filesystem::path& path, WrittenBy writer) {
  return writer == WrittenBy::cmake ? "configure again, so that it is written anew"
                                    : "remove it, and the step that wrote it makes it again: rm " +
                                          shell_quote(path.string());
}

Json read_json_of(const std::filesystem::path& path, WrittenBy writer) {
  try {
    return read_json(path);
  } catch (const UserError& error) {
    throw UserError(error.what(), way_to_mend(path, writer));
  }
}

}  // namespace cairn::stack
