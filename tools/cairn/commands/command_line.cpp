// SPDX-License-Identifier: BSD-3-Clause
#include "commands/command_line.hpp"

#include "base/process.hpp"
#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace cairn::commands {
namespace {

void print_overview(const std::vector<Verb>& verbs) {
  fmt::print("cairn {}: families of container images\n\nUsage: cairn <verb> [options]\n\n",
             CAIRN_VERSION);
  for (const Verb& verb : verbs)
    fmt::print("  {:<8} {}\n", verb.name, verb.summary);
  fmt::print("\n`cairn <verb> --help` shows options and an example.\n");
}

const Verb* find_verb(const std::vector<Verb>& verbs, std::string_view name) {
  for (const Verb& verb : verbs) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

[[noreturn]] void unknown_verb(const std::vector<Verb>& verbs, const std::string& name) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs)
    names.push_back(verb.name);
  const auto near = did_you_mean(name, names);
  throw UsageError("unknown verb '" + name + "'",
                   near ? "did you mean '" + *near + "'?" : "the verbs are: " + join(names, ", "));
}

/// Becomes the program that holds the verbs of registries: `cairn-remote`, beside this one.
[[noreturn]] void become_remote(char** argv) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  const std::string program = self.parent_path() / "cairn-remote";
  ::execv(program.c_str(), argv);
  throw Error("starting '" + program + "': " + std::strerror(errno));
}

/// CLI11 names all that is left; the first is where a slip of the fingers is.
[[noreturn]] void unexpected_word(const CLI::App& app, const Verb& verb) {
  const std::string help = "cairn " + verb.name + " --help";
  const std::string word = app.remaining().front();
  if (!word.starts_with("-")) throw UsageError("unexpected argument '" + word + "'", help);
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      known.push_back("--" + name);
  }
  const auto near = did_you_mean(word, known);
  throw UsageError("unknown option '" + word + "'", near ? "did you mean '" + *near + "'?" : help);
}

}  // namespace

ExitCode run_command_line(int argc, char** argv, const Context& context,
                          const std::vector<Verb>& verbs) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty() || first == "--help" || first == "-h" || first == "help") {
    print_overview(verbs);
    return first.empty() ? ExitCode::usage : ExitCode::done;
  }
  if (first == "--version") {
    fmt::print("cairn {}\n", CAIRN_VERSION);
    return ExitCode::done;
  }
  const Verb* verb = find_verb(verbs, first);
  if (verb == nullptr) unknown_verb(verbs, first);
  if (!verb->add_options) become_remote(argv);
  CLI::App app(verb->summary, "cairn " + verb->name);
  app.footer("Example:\n  " + verb->example);
  const std::function<ExitCode()> run = verb->add_options(app, context);
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return ExitCode::done;
  } catch (const CLI::ExtrasError&) {
    unexpected_word(app, *verb);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what(), "cairn " + verb->name + " --help");
  }
  return run();
}

int run_main(int argc, char** argv, const std::vector<Verb>& verbs) {
  install_interrupt_handlers();
  try {
    return static_cast<int>(run_command_line(argc, argv, {}, verbs));
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", format_error(error));
    return static_cast<int>(error.exit_code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", format_error(error));
    return static_cast<int>(ExitCode::failed);
  }
}

}  // namespace cairn::commands
