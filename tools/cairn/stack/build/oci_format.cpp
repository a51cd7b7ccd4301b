// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/oci_format.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::stack {
namespace {

constexpr std::string_view kFormat = "--format";

/// Whether the last `--format X` or `--format=X` asks for OCI's, in which podman and buildah take
/// capitals and versions (`OCIv1`) as well.
bool asks_for_oci(const std::vector<std::string>& flags) {
  std::string format;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const std::string& flag = flags[i];
    if (flag == kFormat && i + 1 < flags.size()) {
      format = flags[i + 1];
    } else if (flag.rfind("--format=", 0) == 0) {
      format = flag.substr(kFormat.size() + 1);
    }
  }
  return to_lower(format).rfind("oci", 0) == 0;
}

/// The last `keyword` of the target's stage and of those that it stands on.
const dockerfile::Instruction* last_of(const Recipe& recipe, std::string_view keyword) {
  std::optional<int> index = recipe.needed.back();
  while (index) {
    const dockerfile::Stage& stage = recipe.file.stages[static_cast<std::size_t>(*index)];
    for (auto it = stage.instructions.rbegin(); it != stage.instructions.rend(); ++it) {
      if (it->keyword == keyword) return &*it;
    }
    index = stage.base_stage;
  }
  return nullptr;
}

bool is_no_check(const dockerfile::Instruction& instruction) {
  return instruction.keyword == "HEALTHCHECK" && !instruction.words.empty() &&
         instruction.words.front() == "NONE";
}

[[noreturn]] void refuse(const BuildDescription& image, const std::string& what) {
  throw UserError(fmt::format("'{}' is built with --format oci, in which there is no place for {}",
                              image.title(), what),
                  "take '--format oci' out of its build flags and out of CAIRN_BUILD_FLAGS");
}

}  // namespace

void require_format_holds(const BuildDescription& image, const Recipe& recipe,
                          const engine::Endpoint& endpoint, const BoundBase* base) {
  if (endpoint.kind == "docker" || !asks_for_oci(image.flags)) return;
  for (const std::string_view keyword : {"HEALTHCHECK", "ONBUILD", "SHELL"}) {
    const auto* instruction = last_of(recipe, keyword);
    if (instruction != nullptr && !is_no_check(*instruction)) {
      refuse(image, fmt::format("{} ({}:{})", keyword, recipe.file.path, instruction->span.line));
    }
  }
  if (base == nullptr) return;
  const std::string name = name_of(recipe.uses[*recipe.final_base], image);
  const bool has_check = base->config.healthcheck.has_value();
  if (has_check && last_of(recipe, "HEALTHCHECK") == nullptr) {
    refuse(image, fmt::format("the HEALTHCHECK that it has from '{}'", name));
  }
  if (!base->config.shell.empty()) {
    refuse(image, fmt::format("the SHELL that it has from '{}'", name));
  }
}

}  // namespace cairn::stack
