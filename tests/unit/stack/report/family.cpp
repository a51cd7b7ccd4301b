// SPDX-License-Identifier: BSD-3-Clause
#include "family.hpp"

#include "base/sha256.hpp"
#include "fake_stack.hpp"
#include "stack/report/outlook.hpp"
#include "stack/report/why.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <regex>

namespace cairn::testing {

void FamilyTest::SetUp() {
  ::setenv("XDG_RUNTIME_DIR", root().c_str(), 1);
  debian_ = hold({"debian"}, {"docker.io/library/debian:12"});
  world_->on_build = [this](const SeenBuild& seen) { return make(seen.request); };
  recipe("base", "FROM debian:12\nARG COLOR=red\nCOPY . /base/\n");
  write_file(source("base") / "start.sh", "echo one\n");
  recipe("app", "FROM quay.io/me/base\nCOPY . /app/\n");
  recipe("tool", "FROM quay.io/me/base AS from\nFROM scratch\nCOPY --from=from /base /\n");
  describe("base", {}, {{"build_args", {{"COLOR", "red"}}}, {"is_parent", true}});
  describe("app", {"base"});
  describe("tool", {"base"});
  Json members = Json::array();
  Json images = Json::array();
  for (const char* target : {"base", "app", "tool"}) {
    members.push_back({{"repository", std::string("quay.io/me/") + target}, {"target", target}});
    images.push_back(folder(target).string());
  }
  write_file(root() / "engine.json", pretty_json({{"schema", "cairn/engine/1"},
                                                  {"kind", "docker"},
                                                  {"builder", "buildkit"},
                                                  {"program", "/none"},
                                                  {"url", ""},
                                                  {"identity", "fake"}}));
  write_file(stack_file(), pretty_json({{"schema", "cairn/stack/1"},
                                        {"stack", "family"},
                                        {"engine", (root() / "engine.json").string()},
                                        {"index", (root() / "cairn/family.index").string()},
                                        {"store", (root() / "store").string()},
                                        {"images", images},
                                        {"members", members}}));
}

void FamilyTest::describe(const std::string& target, const std::vector<std::string>& parents,
                          const Json& more) {
  std::vector<fs::path> folders;
  for (const std::string& parent : parents)
    folders.push_back(folder(parent));
  Json image = image_description(target, stack_file(), source(target), folders);
  image["keep_images"] = 3;
  image["declared_at"] = (root() / "CMakeLists.txt").string();
  image.update(more);
  write_file(folder(target) / "build.json", pretty_json(image));
  write_file(folder(target) / "inspect.json",
             pretty_json({{"schema", "cairn/inspect-description/1"},
                          {"target", target},
                          {"probes", Json::array()},
                          {"sections", Json::array()}}));
}

std::string FamilyTest::why(const std::string& target) {
  stack::StackView view(stack_file(), opener());
  const auto outlook = stack::outlooks(view);
  std::vector<stack::Why> all;
  for (std::size_t i = 0; i < view.images().size(); ++i) {
    if (view.images()[i].image.target == target) all.push_back(stack::explain(view, outlook, i));
  }
  stack::add_history(all);
  return plain(stack::format_why(all.at(0)));
}

std::string FamilyTest::plain(std::string text) {
  text = std::regex_replace(text, std::regex("[0-9-]{10}T[0-9:]{8}Z"), "WHEN");
  return std::regex_replace(text, std::regex("[0-9a-f]{19}"), "DIGEST");
}

std::string FamilyTest::hold(const std::vector<std::string>& layers,
                             std::vector<std::string> names) {
  engine::ImageInfo info;
  info.config.platform = oci::Platform::parse("linux/amd64");
  info.config.diff_ids = layers;
  info.id = info.config_digest = "sha256:" + sha256_hex(oci::content_identity(info.config));
  info.names = std::move(names);
  info.size = 1000;
  const std::string id = info.id;
  world_->images.emplace(id, std::move(info));
  return id;
}

std::string FamilyTest::make(const engine::BuildRequest& request) {
  const std::string recipe = read_file(request.dockerfile);
  const std::size_t at = recipe.rfind("FROM ") + 5;
  const std::string base = recipe.substr(at, recipe.find_first_of(" \n", at) - at);
  std::string given = recipe.substr(recipe.find('\n', at));
  for (const auto& [name, value] : request.build_args)
    given += name + "=" + value + "\n";
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(request.context)) {
    if (entry.is_regular_file()) files[entry.path().filename()] = read_file(entry.path());
  }
  for (const auto& [name, text] : files)
    given += name + "\n" + text;
  std::vector<std::string> layers;
  for (const auto& [id, info] : world_->images) {
    if (std::count(info.names.begin(), info.names.end(), base) != 0) layers = info.config.diff_ids;
  }
  layers.push_back("sha256:" + sha256_hex(given + salt_));
  return hold(layers, {});
}

}  // namespace cairn::testing
