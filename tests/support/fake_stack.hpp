// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"
#include "base/json.hpp"
#include "fake_engine.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::testing {

/// What `work` throws, as `main` would print it: `<message>`, then `\nhint: <hint>`; or `nothing`.
std::string thrown_by(const std::function<void()>& work);

/// The build.json of image `target` of the stack `family`, built as `quay.io/me/<target>` from the
/// folder `context` on `parents`, which are image folders.
Json image_description(const std::string& target, const std::filesystem::path& stack_file,
                       const std::filesystem::path& context,
                       const std::vector<std::filesystem::path>& parents = {});

/// A build tree of a stack `family` as CMake leaves it behind at configure, with its sources, its
/// store, its locks and an engine. Nothing of it outlives the object.
class FakeStack {
 public:
  FakeStack();
  ~FakeStack();
  FakeStack(const FakeStack&) = delete;
  FakeStack& operator=(const FakeStack&) = delete;

  /// Declares image `target` of `quay.io/me/<target>` with the recipe `dockerfile` and a context
  /// folder; `parents` are targets added before; `more` is merged into its build.json.
  std::filesystem::path add(const std::string& target, const std::string& dockerfile,
                            const std::vector<std::string>& parents = {},
                            const Json& more = Json::object());
  /// Takes `target` out of the declaration, as the next configure would: what it has stays.
  void take_out(const std::string& target);
  /// Changes members of a build.json.
  void change(const std::string& target, const Json& more) const;
  /// Writes engine.json anew with `more` merged in.
  void change_engine(const Json& more) const;

  std::filesystem::path root() const { return root_.path(); }
  std::filesystem::path source(const std::string& target) const;  ///< its context
  std::filesystem::path folder(const std::string& target) const;  ///< its image folder
  std::filesystem::path stack_file() const { return root() / "build/cairn/family.stack.json"; }
  std::filesystem::path store() const { return root() / "store"; }

  std::shared_ptr<FakeWorld> world = std::make_shared<FakeWorld>();
  engine::Opener open = opener_of(world);

 private:
  void write_stack_file() const;

  TempDir root_{"cairn-stack-"};
  Json images_ = Json::array();
  Json members_ = Json::array();
  std::string runtime_;  ///< XDG_RUNTIME_DIR as it was
};

}  // namespace cairn::testing
