// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../support/release_family.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/command_line.hpp"
#include "remote/verbs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::remote {

/// A family whose releases go to an image layout, and the command line.
class RemoteTest : public ::testing::Test {
 protected:
  RemoteTest() {
    family.images = {{"base"}, {"web", "base"}, {"other"}};
    family.description = {{"tags", {"latest"}}};
    family.write();
  }

  struct Answer {
    int exit_code = 0;
    std::string out;    ///< the family's folder as `@`, digests as `sha256:…`
    std::string error;  ///< as main prints it; empty when it did not fail
  };

  /// `cairn <words>` in this process.
  Answer run(std::vector<std::string> words) {
    std::vector<char*> argv;
    words.insert(words.begin(), "cairn");
    for (std::string& word : words)
      argv.push_back(word.data());
    Answer answer;
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
      answer.exit_code = static_cast<int>(commands::run_command_line(
          static_cast<int>(argv.size()), argv.data(), {}, remote::verbs()));
    } catch (const Error& error) {
      answer.exit_code = static_cast<int>(error.exit_code());
      answer.error = hidden(format_error(error));
    }
    answer.out = hidden(::testing::internal::GetCapturedStdout());
    said = hidden(::testing::internal::GetCapturedStderr());
    return answer;
  }
  /// The same with `-C <build folder> --to oci:@/<folder>`.
  Answer run_to(const std::string& folder, std::vector<std::string> words) {
    words.insert(words.end(), {"-C", family.build().string(), "--to", layout(folder)});
    return run(std::move(words));
  }
  Json json(const std::string& folder, std::vector<std::string> words) {
    words.emplace_back("--json");
    const Answer answer = run_to(folder, std::move(words));
    EXPECT_EQ(answer.error, "");
    return Json::parse(answer.out);
  }

  std::string layout(const std::string& folder) const {
    return "oci:" + (family.root() / folder).string();
  }
  /// What the layout lists, by name.
  std::map<std::string, std::string> tags(const std::string& folder) const {
    std::map<std::string, std::string> found;
    const auto file = family.root() / folder / "index.json";
    if (!std::filesystem::exists(file)) return found;
    const Json index = read_json(file);
    for (const Json& one : index.at("manifests")) {
      const Json annotations = one.value("annotations", Json::object());
      const std::string name = annotations.value("org.opencontainers.image.ref.name", "");
      if (!name.empty()) found[name] = one.at("digest");
    }
    return found;
  }

  std::string hidden(std::string text) const {
    const std::string path = family.root().string();
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
      text.replace(at, path.size(), "@");
    std::size_t at = 0;
    while ((at = text.find("sha256:", at)) != std::string::npos) {
      at += 7;
      const std::size_t end = text.find_first_not_of("0123456789abcdef", at);
      text.replace(at, std::min(end, text.size()) - at, "…");
    }
    return text;
  }

  testing::ReleaseFamily family;
  std::string said;  ///< on standard error by the last run
};

}  // namespace cairn::remote
