// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/tree_side.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "stack/model/test_description.hpp"
#include "stack/report/stack_view.hpp"
#include "stack/scan/recipe.hpp"
#include "stack/scan/test_inputs.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class SideReader {
 public:
  SideReader(const fs::path& build, const fs::path& root, Engines& engines)
      : build_(build), root_(root), engines_(engines) {}

  TreeSide run() {
    for (const fs::path& file : find_stack_files(build_)) {
      const StackFile stack = StackFile::read(file);
      const std::string front = file.parent_path().lexically_relative(build_).string();
      for (const std::string& path : stack.images) {
        const ImageFolder folder{path};
        const std::string id = front + "/" + stack.stack + "/" +
                               folder.path.parent_path().filename().string() + "/" +
                               folder.path.filename().string();
        side_.images[id] = read(folder, stack);
        side_.order.push_back(id);
      }
    }
    return std::move(side_);
  }

 private:
  ImageSide read(const ImageFolder& folder, const StackFile& stack) {
    ImageSide side;
    side.stack = stack.stack;
    side.image = BuildDescription::read(folder.build_description());
    try {
      read_parts(stack, side);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      side.problem = without_roots(error.what());
    }
    side.inspection = without_roots(read_file(folder.inspect_description()));
    side.bootstrap = side.image.generated_context ? commands_of(side.image.context) : "";
    read_tests(folder, side);
    return side;
  }

  void read_parts(const StackFile& stack, ImageSide& side) {
    BuildDescription image = side.image;
    // What the build makes is in neither tree.
    image.generated.clear();
    if (image.generated_context) {
      side.parts = shown_parts(declaration_parts(image, ""), image, image.build_args);
      return;
    }
    const Recipe recipe = read_pinned_recipe(image, stack);
    const auto endpoint = engine::Endpoint::read(image.engine_file_in(stack));
    // What an external base leaves to a build is in doubt where no engine has it.
    const BaseFinder finder(stack, builder_of(endpoint), [&](const std::string& base) {
      EngineImages& images = engines_.at(image.engine_file_in(stack));
      return facts_of_base(images.reachable() ? images.config_of_base(base) : std::nullopt);
    });
    side.parts =
        shown_parts(present_parts(image, recipe, finder, endpoint, {}), image, recipe.arguments);
  }

  void read_tests(const ImageFolder& folder, ImageSide& side) {
    if (!fs::exists(folder.test_description())) return;
    const TestInputs inputs = TestInputs::read(
        folder, [](const auto&, const auto&) { return std::optional<Sha256Bytes>(); });
    for (const TestDescription& test : TestsDescription::read(folder.test_description()).tests) {
      TestSide one;
      one.declaration = without_roots(test.declaration);
      for (const std::string& path : test.inputs)
        one.paths.push_back(relative(path));
      for (const std::string& path : {test.script, test.file}) {
        if (!path.empty()) one.paths.push_back(relative(path));
      }
      side.tests[test.name] = std::move(one);
    }
    // `<64 hex> <name>`
    for (const std::string& line : split_lines(inputs.text)) {
      const std::size_t blank = line.find(' ');
      if (blank == std::string::npos) continue;
      const auto found = side.tests.find(line.substr(blank + 1));
      if (found != side.tests.end()) found->second.inputs_key = line.substr(0, blank);
    }
  }

  std::string relative(const fs::path& path) const {
    return path.lexically_normal().lexically_relative(root_).string();
  }

  std::string without_roots(std::string text) const {
    for (const fs::path& folder : {build_, root_}) {
      const std::string from = folder.string();
      for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
        text.replace(at, from.size(), 1, '@');
    }
    return text;
  }

  // How a bootstrap is made stands in the build graph alone.
  std::string commands_of(const std::string& folder) const {
    std::string commands;
    const fs::path graph = build_ / "build.ninja";
    if (!fs::exists(graph)) return commands;
    for (const std::string& line : split_lines(read_file(graph))) {
      const bool command = trim(line).rfind("COMMAND = ", 0) == 0;
      if (command && line.find(folder) != std::string::npos) {
        commands += without_roots(line) + "\n";
      }
    }
    return commands;
  }

  fs::path build_, root_;
  Engines& engines_;
  TreeSide side_;
};

}  // namespace

TreeSide read_side(const fs::path& build, const fs::path& root, Engines& engines) {
  return SideReader(build, root, engines).run();
}

}  // namespace cairn::stack
