// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/arguments.hpp"

#include "base/error.hpp"
#include "dockerfile/expand.hpp"
#include "oci/platform.hpp"

#include <algorithm>
#include <array>

namespace cairn::dockerfile {
namespace {

constexpr std::array<std::string_view, 9> kPlatformArguments = {
    "BUILDPLATFORM", "BUILDOS",    "BUILDARCH",     "BUILDVARIANT", "TARGETPLATFORM",
    "TARGETOS",      "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE"};

void add_platform(std::map<std::string, std::string>& into, const std::string& prefix,
                  const std::string& text) {
  const oci::Platform platform = oci::Platform::parse(text);
  into[prefix + "PLATFORM"] = platform.to_string();
  into[prefix + "OS"] = platform.os;
  into[prefix + "ARCH"] = platform.architecture;
  into[prefix + "VARIANT"] = platform.variant;
}

// Those of `arguments` that nobody gave: what the two platforms among them say.
std::map<std::string, std::string> automatic_values(
    const std::map<std::string, std::string>& arguments) {
  const auto target = arguments.find("TARGETPLATFORM");
  const auto build = arguments.find("BUILDPLATFORM");
  if (target == arguments.end() || build == arguments.end()) {
    return {};
  }
  try {
    return platform_arguments(target->second, build->second);
  } catch (const UserError&) {
    return {};  // a word of the user's own
  }
}

}  // namespace

ArgumentWord parse_argument(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) {
    return {word, false, {}};
  }
  return {word.substr(0, equals), true, word.substr(equals + 1)};
}

std::string expand_at(const Source& source, const Span& place, const std::string& text,
                      const std::map<std::string, std::string>& variables, char escape) {
  try {
    ExpandOptions options;
    options.escape = escape;
    return expand(text, variables, options).text;
  } catch (const ExpandError& error) {
    source.fail(place.offset, "cannot expand '" + text + "': " + error.what());
  }
}

std::map<std::string, std::string> global_variables(
    const Source& source, const Dockerfile& file,
    const std::map<std::string, std::string>& arguments) {
  std::map<std::string, std::string> variables;
  for (const std::string_view name : kPlatformArguments) {
    const auto given = arguments.find(std::string(name));
    if (given != arguments.end()) {
      variables.insert(*given);
    }
  }
  const auto automatic = automatic_values(arguments);
  for (const Instruction& instruction : file.meta_args) {
    for (const std::string& word : instruction.words) {
      const ArgumentWord argument = parse_argument(word);
      const auto given = arguments.find(argument.name);
      // A default goes before an automatic value, but not before one that was given.
      const auto own = automatic.find(argument.name);
      const bool is_automatic =
          own != automatic.end() && given != arguments.end() && own->second == given->second;
      if (given != arguments.end() && !(is_automatic && argument.has_default)) {
        variables[argument.name] = given->second;
      } else if (argument.has_default) {
        variables[argument.name] =
            expand_at(source, instruction.argument, argument.default_value, variables, file.escape);
      }
    }
  }
  return variables;
}

std::map<std::string, std::string> platform_arguments(const std::string& target_platform,
                                                      const std::string& build_platform) {
  std::map<std::string, std::string> result;
  add_platform(result, "TARGET", target_platform);
  add_platform(result, "BUILD", build_platform);
  return result;
}

std::vector<std::string> declared_arguments(const Dockerfile& file,
                                            const std::vector<int>& needed) {
  std::vector<std::string> names;
  const auto add = [&names](const Instruction& instruction) {
    for (const std::string& word : instruction.words) {
      const std::string name = parse_argument(word).name;
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  };
  std::for_each(file.meta_args.begin(), file.meta_args.end(), add);
  for (const int index : needed) {
    for (const Instruction& instruction :
         file.stages.at(static_cast<std::size_t>(index)).instructions) {
      if (instruction.keyword == "ARG") {
        add(instruction);
      }
    }
  }
  return names;
}

}  // namespace cairn::dockerfile
