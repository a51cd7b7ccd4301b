// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"
#include "base/json.hpp"
#include "fake_engine.hpp"
#include "fake_stack.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// A variable of this process that is as it was when the object goes.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~ScopedVariable() {
    if (old_) {
      ::setenv(name_.c_str(), old_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> old_;
};

/// A build tree of a stack `family` with the image `app`, as configure and a build leave it, with
/// its sources, its store, its locks and a fake engine that holds the image.
class BuiltImage {
 public:
  BuiltImage() {
    write_file(context() / "Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
    write_json(tree() / "engine.json", {{"schema", "cairn/engine/1"},
                                        {"kind", "docker"},
                                        {"builder", "buildkit"},
                                        {"program", "/none"},
                                        {"identity", "fake"}});
    write_json(stack_file(), {{"schema", "cairn/stack/1"},
                              {"stack", "family"},
                              {"engine", (tree() / "engine.json").string()},
                              {"index", (tree() / "family.index").string()},
                              {"store", store().string()},
                              {"images", Json::array({folder().path.string()})},
                              {"members", Json::array()}});
    write_json(folder().build_description(), image_description("app", stack_file(), context()));
    record.stack = "family";
    record.target = record.image = "app";
    record.repository = "quay.io/me/app";
    record.platform = "linux/amd64";
    record.arch = "x86_64";
    record.engine_id = "sha256:" + std::string(64, '1');
    record.config_digest = "sha256:" + std::string(64, 'c');
    record.identity = std::string(64, '2');
    record.build_key = std::string(64, '3');
    record.input_key = std::string(64, '4');
    record.source_key = std::string(64, '5');
    record.endpoint = "fake";
    record.created = "2026-11-24T14:00:00Z";
    record.size = 655000000;
    record.local_name = "quay.io/me/app:latest";
    world->endpoint.identity = "fake";
    engine::ImageInfo& info = world->images[record.engine_id];
    info.id = record.engine_id;
    info.names = {record.local_name};
    write_record();
  }

  /// Writes image.json as `record` is now.
  void write_record() const { write_file(folder().image_record(), record.to_text()); }
  void describe_tests(const std::vector<Json>& tests) const {
    write_json(folder().test_description(),
               {{"schema", "cairn/test-description/1"}, {"target", "app"}, {"tests", tests}});
  }
  /// `more`: the members beside schema and target.
  void describe_inspection(const Json& more) const {
    Json object = {{"schema", "cairn/inspect-description/1"}, {"target", "app"}};
    object.update(more);
    write_json(folder().inspect_description(), object);
  }
  void change_engine(const Json& more) const { change(tree() / "engine.json", more); }
  /// Merges `more` into the JSON file at `path`.
  static void change(const std::filesystem::path& path, const Json& more) {
    Json object = read_json(path);
    object.update(more);
    write_json(path, object);
  }

  std::filesystem::path root() const { return root_.path(); }
  std::filesystem::path build() const { return root() / "build"; }
  std::filesystem::path tree() const { return build() / "cairn"; }
  std::filesystem::path store() const { return root() / "store"; }
  std::filesystem::path context() const { return root() / "images" / "app"; }
  std::filesystem::path stack_file() const { return tree() / "family.stack.json"; }
  stack::ImageFolder folder() const { return {tree() / "images" / "app" / "x86_64"}; }

  /// Opens fake engines and counts them.
  std::unique_ptr<engine::Engine> open() {
    ++opened;
    return std::make_unique<FakeEngine>(world);
  }

  std::shared_ptr<FakeWorld> world = std::make_shared<FakeWorld>();
  stack::ImageRecord record;
  int opened = 0;

 private:
  static void write_json(const std::filesystem::path& path, const Json& object) {
    write_file(path, pretty_json(object));
  }
  static std::filesystem::path made(const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    return folder;
  }

  TempDir root_{"cairn-built-"};
  ScopedVariable locks_{"XDG_RUNTIME_DIR", made(root_.path() / "run").string()};
};

}  // namespace cairn::testing
