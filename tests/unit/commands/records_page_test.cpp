// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/built_image.hpp"
#include "run_verb.hpp"
#include "stack/model/description.hpp"
#include "stack/model/export_record.hpp"
#include "stack/model/inspect_description.hpp"
#include "stack/model/test_description.hpp"

#include <gtest/gtest.h>

#include <map>

namespace cairn::commands {
namespace {

/// The examples of docs/reference/records.md by their schema. Each must be JSON.
std::map<std::string, Json> documented() {
  std::map<std::string, Json> examples;
  const std::string page = read_file(CAIRN_RECORDS_PAGE);
  const std::string fence = "```json\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    const Json example = Json::parse(page.substr(at, page.find("```", at) - at));
    examples[example.value("schema", "")] = example;
  }
  return examples;
}

std::string kind_of(const Json& value) {
  return value.is_number() ? "number" : value.type_name();
}

/// Where `written` has other members, or members of other types, than `example`; lists are
/// compared item by item with the example's first.
std::string difference(const Json& example, const Json& written, const std::string& where) {
  if (kind_of(example) != kind_of(written)) {
    return where + " is documented as " + kind_of(example) + ", written as " + kind_of(written);
  }
  if (example.is_array() && !example.empty()) {
    for (const Json& item : written) {
      const std::string found = difference(example.front(), item, where + "[]");
      if (!found.empty()) return found;
    }
  }
  if (!example.is_object()) return {};
  for (const auto& [key, value] : written.items()) {
    if (!example.contains(key)) return where + "." + key + " is written and not documented";
    const std::string found = difference(example.at(key), value, where + "." + key);
    if (!found.empty()) return found;
  }
  for (const auto& [key, value] : example.items()) {
    if (!written.contains(key)) return where + "." + key + " is documented and not written";
  }
  return {};
}

class RecordsPage : public ::testing::Test {
 protected:
  RecordsPage() {
    app.world->on_run = [](const engine::RunRequest& request) -> engine::RunResult {
      if (request.entrypoint && request.entrypoint && !request.entrypoint->empty() &&
          request.entrypoint->front() == "/bin/sh")
        throw Error("no shell");
      return {0, false, "app 1.2.3\n", "", {}};
    };
    context.open_engine = [this](const engine::Endpoint&) { return app.open(); };
  }
  void expect_as_documented(const Json& written) const {
    const auto examples = documented();
    const auto example = examples.find(written.value("schema", "none"));
    ASSERT_NE(example, examples.end()) << written;
    EXPECT_EQ(difference(example->second, written, example->first), "");
  }
  Json answer(std::vector<std::string> words) const {
    words.emplace_back("--json");
    return Json::parse(run_verb(words, context).out);
  }

  testing::BuiltImage app;
  Context context;
};

TEST_F(RecordsPage, DescribesImageRecords) {
  app.record.parents = {{"p", "i", "c", "b"}};
  app.record.bases = {{"debian:12", "i"}};
  app.write_record();
  expect_as_documented(read_json(app.folder().image_record()));
}

TEST_F(RecordsPage, DescribesExportRecords) {
  const auto digest = oci::Digest::of("x");
  const oci::Descriptor blob{"type", digest, 1, {}};
  const stack::ExportRecord record{"s",
                                   "t",
                                   "i",
                                   "",
                                   "r",
                                   "p",
                                   "a",
                                   "e",
                                   "id",
                                   blob,
                                   blob,
                                   {{blob, digest, "zlib"}},
                                   {{"org.opencontainers.image.created", "now"}},
                                   "",
                                   ""};
  expect_as_documented(Json::parse(record.to_text()));
}

TEST_F(RecordsPage, DescribesInspections) {
  app.describe_inspection(
      Json::parse(R"({"probes": [{"name": "app", "command": ["app", "--version"]}],
                      "sections": [{"name": "s", "headline": [["a"]], "commands": [["b"]]}]})"));
  run_verb({"inspect", app.folder().path}, context);
  expect_as_documented(read_json(app.folder().inspection()));
}

TEST_F(RecordsPage, DescribesTestRecords) {
  write_file(app.root() / "s.yaml",
             "schemaVersion: 2.0.0\ncommandTests: [{name: n, command: c}]\n");
  app.describe_tests(
      {{{"name", "s"}, {"kind", "structure"}, {"file", (app.root() / "s.yaml").string()}}});
  run_verb({"test", app.folder().path}, context);
  const Json record = read_json(app.folder().test_record("s"));
  EXPECT_EQ(record["results"].size(), 1U);
  expect_as_documented(record);
}

TEST_F(RecordsPage, DescribesAnswers) {
  expect_as_documented(answer({"scan", app.build()}).at(0));
  // Of an image that is not declared any more as well.
  const auto gone = app.folder().path.parent_path().parent_path() / "gone/x86_64";
  std::filesystem::create_directories(gone.parent_path());
  std::filesystem::copy(app.folder().path, gone);
  const Json status = answer({"status", app.build()}).at(0);
  EXPECT_EQ(status["undeclared"].size(), 1U);
  expect_as_documented(status);
}

TEST_F(RecordsPage, ShowsDescriptionsThatCanBeRead) {
  const auto examples = documented();
  const auto write = [&](const std::string& schema, const std::filesystem::path& path) {
    write_file(path, pretty_json(examples.at(schema)));
    return path;
  };
  const auto path = app.root() / "example.json";
  EXPECT_EQ(stack::ImageRecord::read(write("cairn/image-record/1", path)).target, "base-notebook");
  EXPECT_EQ(engine::Endpoint::read(write("cairn/engine/1", path)).kind, "docker");
  EXPECT_EQ(stack::StackFile::read(write("cairn/stack/1", path)).stack, "jupyter");
  const auto build = stack::BuildDescription::read(write("cairn/build-description/1", path));
  EXPECT_EQ(build.local_name(), "quay.io/jupyter/base-notebook:latest");
  const auto inspect = stack::InspectDescription::read(write("cairn/inspect-description/1", path));
  EXPECT_EQ(inspect.commands().size(), 2U);
  EXPECT_EQ(stack::TestsDescription::read(write("cairn/test-description/1", path)).tests.size(),
            5U);
}

}  // namespace
}  // namespace cairn::commands
