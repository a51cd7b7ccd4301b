// SPDX-License-Identifier: BSD-3-Clause
//
// Names that users and engines write: platforms, references, words of a shell. They are refused
// with a UserError, or their canonical form is one.
#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/http.hpp"
#include "engine/image_json.hpp"
#include "fuzz/property.hpp"
#include "oci/platform.hpp"
#include "oci/reference.hpp"

#include <cstdint>

namespace {

using cairn::fuzz::require;

void check_platform(const std::string& text) {
  const auto platform = cairn::oci::Platform::parse(text);
  require(cairn::oci::Platform::parse(platform.to_string()) == platform,
          "a platform's text reads as the platform");
  require(!platform.arch_name().empty(), "a platform has a name for tags");
}

void check_reference(const std::string& text) {
  const auto reference = cairn::oci::Reference::parse(text);
  const std::string canonical = reference.to_string();
  require(cairn::oci::Reference::parse(canonical).to_string() == canonical,
          "a canonical reference reads as itself");
  require(cairn::engine::canonical_name(canonical) == canonical, "a canonical name stays as it is");
}

void check_shell(const std::string& text) {
  for (const std::string& word : cairn::shell_split(text)) {
    require(cairn::shell_split(cairn::shell_quote(word)) == std::vector{word},
            "a quoted word reads as the word");
  }
}

template <typename Check>
void refuse_or(const Check& check, const std::string& text) {
  try {
    check(text);
  } catch (const cairn::UserError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  refuse_or(check_platform, text);
  refuse_or(check_reference, text);
  refuse_or(check_shell, text);
  require(cairn::shell_split(cairn::shell_quote(text)) == std::vector{text},
          "a quoted text reads as the text");
  require(cairn::without_ansi(text).size() <= size, "escape sequences are only taken away");
  cairn::engine::parse_size(text);
  cairn::engine::url_encode(text);
  cairn::did_you_mean(text, {"FROM", "HEALTHCHECK"});
  return 0;
}
