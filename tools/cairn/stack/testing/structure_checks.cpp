// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/structure_checks.hpp"

#include "base/pattern.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

namespace cairn::stack {
namespace {

using Strings = std::vector<std::string>;

bool contains(const Strings& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// A port of the format has its protocol only when it is not tcp.
std::string full_port(const std::string& port) {
  return port.find('/') == std::string::npos ? port + "/tcp" : port;
}

std::map<std::string, std::string> environment_of(const oci::ImageConfig& config) {
  std::map<std::string, std::string> values;
  for (const std::string& entry : config.env) {
    const std::size_t equals = entry.find('=');
    values[entry.substr(0, equals)] = equals == std::string::npos ? "" : entry.substr(equals + 1);
  }
  return values;
}

void check_values(const std::vector<StructureValue>& wanted,
                  const std::map<std::string, std::string>& actual, const char* what,
                  Strings& problems) {
  for (const StructureValue& value : wanted) {
    const auto found = actual.find(value.key);
    if (found == actual.end()) {
      problems.push_back(fmt::format("{} '{}' is not set", what, value.key));
    } else if (value.is_regex && !Pattern(value.value).found_in(found->second)) {
      problems.push_back(fmt::format("{} '{}': '{}' does not match '{}'", what, value.key,
                                     found->second, value.value));
    } else if (!value.is_regex && found->second != value.value) {
      problems.push_back(fmt::format("{} '{}': expected '{}', got '{}'", what, value.key,
                                     value.value, found->second));
    }
  }
}

void check_presence(const Strings& wanted, const Strings& actual, bool present, const char* what,
                    Strings& problems) {
  for (const std::string& one : wanted) {
    if (contains(actual, one) == present) continue;
    problems.push_back(present ? fmt::format("{} '{}' is missing", what, one)
                               : fmt::format("{} '{}' is there, and must not be", what, one));
  }
}

void check_argv(const std::optional<Strings>& wanted, const Strings& actual, const char* what,
                Strings& problems) {
  if (!wanted || *wanted == actual) return;
  problems.push_back(
      fmt::format("{}: expected [{}], got [{}]", what, shell_quote(*wanted), shell_quote(actual)));
}

void check_text(const std::optional<std::string>& wanted, const std::string& actual,
                const char* what, Strings& problems) {
  if (!wanted || *wanted == actual) return;
  problems.push_back(fmt::format("{}: expected '{}', got '{}'", what, *wanted, actual));
}

bool is_executable_by(const std::string& mode, const std::string& who) {
  const auto has = [&mode](std::size_t at) {
    return at < mode.size() && (mode[at] == 'x' || mode[at] == 's' || mode[at] == 't');
  };
  if (who == "owner") return has(3);
  if (who == "group") return has(6);
  if (who == "other") return has(9);
  return has(3) || has(6) || has(9);
}

}  // namespace

std::string go_mode(const std::string& mode) {
  if (mode.size() < 10) return mode;
  std::string special;
  std::string bits = mode.substr(1, 9);
  const auto take = [&bits, &special](std::size_t at, char lower, char name) {
    const char c = bits[at];
    const char upper = static_cast<char>(lower - 'a' + 'A');
    if (c != lower && c != upper) return;
    special += name;
    bits[at] = c == lower ? 'x' : '-';
  };
  // Go's order: d a l T L D p S u g c t, in front of the nine bits.
  take(2, 's', 'u');
  take(5, 's', 'g');
  take(8, 't', 't');
  std::string type;
  if (mode[0] == 'd') type = "d";
  if (mode[0] == 'l') type = "L";
  if (mode[0] == 'p') type = "p";
  if (mode[0] == 'b') type = "D";
  if (mode[0] == 'c') type = "Dc";
  const std::string front = type + special;
  return (front.empty() ? "-" : front) + bits;
}

Strings check_existence(const StructureExistence& test,
                        const std::optional<engine::FileInfo>& info) {
  if (!info) {
    return test.should_exist ? Strings{fmt::format("'{}' does not exist", test.path)} : Strings{};
  }
  if (!test.should_exist) return {fmt::format("'{}' exists, and must not", test.path)};
  Strings problems;
  const std::string mode = go_mode(info->mode);
  if (!test.permissions.empty() && mode != test.permissions) {
    problems.push_back(
        fmt::format("permissions of '{}': expected {}, got {}", test.path, test.permissions, mode));
  }
  if ((test.uid || test.gid) && !info->owner_known) {
    problems.push_back(fmt::format("this engine cannot tell whose '{}' is", test.path));
    return problems;
  }
  if (test.uid && *test.uid != info->uid) {
    problems.push_back(
        fmt::format("owner of '{}': expected {}, got {}", test.path, *test.uid, info->uid));
  }
  if (test.gid && *test.gid != info->gid) {
    problems.push_back(
        fmt::format("group of '{}': expected {}, got {}", test.path, *test.gid, info->gid));
  }
  if (!test.executable_by.empty() && !is_executable_by(info->mode, test.executable_by)) {
    problems.push_back(
        fmt::format("'{}' is not executable by {} ({})", test.path, test.executable_by, mode));
  }
  return problems;
}

Strings check_content(const StructureContent& test, const std::optional<std::string>& content) {
  if (!content) return {fmt::format("'{}' does not exist", test.path)};
  Strings problems;
  for (const std::string& pattern : test.expected) {
    if (Pattern(pattern).found_in(*content)) continue;
    problems.push_back(fmt::format("'{}' does not match '{}'", test.path, pattern));
  }
  for (const std::string& pattern : test.excluded) {
    if (!Pattern(pattern).found_in(*content)) continue;
    problems.push_back(fmt::format("'{}' matches '{}', which it must not", test.path, pattern));
  }
  return problems;
}

Strings check_metadata(const StructureMetadata& test, const oci::ImageConfig& config) {
  Strings problems;
  const auto environment = environment_of(config);
  check_values(test.environment, environment, "variable", problems);
  for (const std::string& name : test.unbound_environment) {
    if (environment.contains(name)) {
      problems.push_back(fmt::format("variable '{}' is there, and must not be", name));
    }
  }
  check_values(test.labels, config.labels, "label", problems);
  const auto ports = [](Strings all) {
    std::transform(all.begin(), all.end(), all.begin(), full_port);
    return all;
  };
  const Strings exposed = ports(config.exposed_ports);
  check_presence(ports(test.exposed_ports), exposed, true, "port", problems);
  check_presence(ports(test.unexposed_ports), exposed, false, "port", problems);
  check_presence(test.volumes, config.volumes, true, "volume", problems);
  check_presence(test.unmounted_volumes, config.volumes, false, "volume", problems);
  check_argv(test.entrypoint, config.entrypoint, "entrypoint", problems);
  check_argv(test.cmd, config.cmd, "cmd", problems);
  check_text(test.working_dir, config.working_dir, "workdir", problems);
  check_text(test.user, config.user, "user", problems);
  return problems;
}

}  // namespace cairn::stack
