// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"
#include "commands/verb.hpp"
#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace cairn::commands {
namespace {

struct Options {
  std::string image;
  std::string build_dir = ".";
};

/// Becomes the engine's own command line: the terminal, its signals and its exit code are then
/// just what they would be without us.
[[noreturn]] void become(const Command& command) {
  std::vector<char*> argv;
  for (const std::string& word : command.argv)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  for (const auto& [name, value] : command.environment) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  ::execvp(argv[0], argv.data());
  throw Error("starting '" + command.argv[0] + "': " + std::strerror(errno));
}

/// The one image that is meant: a shell is opened in one container.
stack::ImageFolder find_image(const Options& options) {
  const auto found = stack::find_images(options.build_dir, options.image);
  if (found.size() == 1) return found.front();
  std::vector<std::string> platforms;
  for (const stack::ImageFolder& folder : found)
    platforms.push_back(options.image + "/" + folder.path.filename().string());
  throw UserError("'" + options.image + "' is built for several platforms",
                  "name one: " + join(platforms, ", "));
}

ExitCode run(const Options& options, const Context& context) {
  const stack::ImageFolder folder = find_image(options);
  const auto image = stack::BuildDescription::read(folder.build_description());
  const auto record = stack::ImageRecord::read_if_present(folder.image_record());
  if (!record) {
    throw UserError("'" + image.title() + "' is not built",
                    "cairn build " + options.image + " -C " + options.build_dir);
  }
  const auto file = stack::StackFile::read(image.stack_file);
  const auto engine = context.open_engine(engine::Endpoint::read(image.engine_file_in(file)));
  const std::string name = "cairn-shell-" + std::to_string(::getpid());
  become(engine->shell_command(record->engine_id, name));
}

}  // namespace

Verb shell_verb() {
  return {
      "shell", "Opens a shell in a fresh container of an image",
      "cairn shell base-notebook -C build/x86_64", [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("image", options->image, "Image folder, target or target/arch")->required();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
