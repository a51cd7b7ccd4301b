// SPDX-License-Identifier: BSD-3-Clause
#include "fake_stack.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cstdlib>

namespace cairn::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRuntime = "XDG_RUNTIME_DIR";

Json engine_file() {
  return {{"schema", "cairn/engine/1"},
          {"kind", "docker"},
          {"builder", "buildkit"},
          {"program", "/none"},
          {"identity", "engine A"}};
}

}  // namespace

std::string thrown_by(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what() + (error.hint().empty() ? "" : "\nhint: " + error.hint());
  } catch (const std::exception& error) {
    return std::string("no error of ours: ") + error.what();
  }
  return "nothing";
}

Json image_description(const std::string& target, const fs::path& stack_file,
                       const fs::path& context, const std::vector<fs::path>& parents) {
  Json image = {{"schema", "cairn/build-description/1"},
                {"stack", "family"},
                {"target", target},
                {"image", target},
                {"repository", "quay.io/me/" + target},
                {"platform", "linux/amd64"},
                {"stack_file", stack_file.string()},
                {"context", context.string()},
                {"dockerfile", (context / "Dockerfile").string()},
                {"parents", Json::array()}};
  for (const fs::path& folder : parents) {
    const std::string parent = folder.parent_path().filename();
    image["parents"].push_back({{"target", parent},
                                {"directory", folder.string()},
                                {"repository", "quay.io/me/" + parent}});
  }
  return image;
}

FakeStack::FakeStack() {
  const char* runtime = std::getenv(kRuntime);
  runtime_ = runtime != nullptr ? runtime : "";
  fs::create_directory(root() / "run");
  ::setenv(kRuntime, (root() / "run").c_str(), 1);
  write_file(root() / "build/cairn/engine.json", pretty_json(engine_file()));
  write_stack_file();
}

FakeStack::~FakeStack() {
  if (runtime_.empty()) {
    ::unsetenv(kRuntime);
  } else {
    ::setenv(kRuntime, runtime_.c_str(), 1);
  }
}

fs::path FakeStack::source(const std::string& target) const {
  return root() / "images" / target;
}

fs::path FakeStack::folder(const std::string& target) const {
  return root() / "build/cairn/images" / target / "x86_64";
}

fs::path FakeStack::add(const std::string& target, const std::string& dockerfile,
                        const std::vector<std::string>& parents, const Json& more) {
  write_file(source(target) / "Dockerfile", dockerfile);
  std::vector<fs::path> folders;
  for (const std::string& parent : parents) {
    folders.push_back(folder(parent));
    change(parent, {{"is_parent", true}});
  }
  Json image = image_description(target, stack_file(), source(target), folders);
  image.update(more);
  write_file(folder(target) / "build.json", pretty_json(image));
  images_.push_back(folder(target).string());
  members_.push_back({{"repository", "quay.io/me/" + target}, {"target", target}});
  write_stack_file();
  return folder(target);
}

void FakeStack::take_out(const std::string& target) {
  images_.erase(std::find(images_.begin(), images_.end(), folder(target).string()));
  members_.erase(std::find_if(members_.begin(), members_.end(),
                              [&](const Json& member) { return member["target"] == target; }));
  write_stack_file();
}

void FakeStack::change(const std::string& target, const Json& more) const {
  Json image = read_json(folder(target) / "build.json");
  image.update(more);
  write_file(folder(target) / "build.json", pretty_json(image));
}

void FakeStack::change_engine(const Json& more) const {
  Json engine = engine_file();
  engine.update(more);
  write_file(root() / "build/cairn/engine.json", pretty_json(engine));
}

void FakeStack::write_stack_file() const {
  write_file(stack_file(), pretty_json({{"schema", "cairn/stack/1"},
                                        {"stack", "family"},
                                        {"engine", (root() / "build/cairn/engine.json").string()},
                                        {"index", (root() / "build/cairn/family.index").string()},
                                        {"store", store().string()},
                                        {"images", images_},
                                        {"members", members_}}));
}

}  // namespace cairn::testing
