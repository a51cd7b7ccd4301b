// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/inspection_script.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <random>

namespace cairn::stack {
namespace {

using Argv = std::vector<std::string>;

constexpr int kLanes = 16;

// The claim of a command is a file made with `set -C` (noclobber, O_EXCL in every shell): so the
// lanes share the work evenly without `wait -n`, which POSIX does not have. `exec` runs the program
// and never the shell's builtin of that name.
constexpr std::string_view kScript = R"sh(command -v cat >/dev/null 2>&1 || exit 0
p=
for d in /dev/shm /tmp "$HOME" .; do
  if ( : >"$d/@M" ) 2>/dev/null; then p=$d/@M; break; fi
done
[ -n "$p" ] || exit 0
clean() {
  rm -f "$p" "$p".* 2>/dev/null
}
trap clean EXIT
printf '%s begin\n' '@M'
run() {
case $1 in
@COMMANDS
esac
}
lane() {
  for n in @NUMBERS; do
    if ( set -C; : >"$p.$n.claim" ) 2>/dev/null; then
      ( run "$n" ) </dev/null >"$p.$n.out" 2>"$p.$n.err"
      s=$?
      printf '%s' "$s" >"$p.$n.status"
      printf '%s done %s\n' '@M' "$n"
    fi
  done
}
for l in @LANES; do lane & done
wait
for n in @NUMBERS; do
  printf '\n%s out %s %s\n' '@M' "$n" "$(cat "$p.$n.status")"
  cat "$p.$n.out"
  printf '\n%s err %s\n' '@M' "$n"
  cat "$p.$n.err"
done
printf '\n%s end\n' '@M'
)sh";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string numbers(std::size_t count) {
  std::string text;
  for (std::size_t n = 0; n < count; ++n)
    text += (n == 0 ? "" : " ") + std::to_string(n);
  return text;
}

std::string make_mark() {
  std::random_device random;
  return fmt::format("cairn-inspect-{:08x}{:08x}{:08x}", random(), random(), random());
}

std::string list_of(const std::vector<Argv>& commands, const std::vector<std::size_t>& indexes) {
  std::vector<std::string> lines;
  for (const std::size_t index : indexes)
    lines.push_back(shell_quote(commands[index]));
  return join(lines, "\n");
}

[[noreturn]] void throw_timed_out(const engine::RunRequest& base, const std::string& commands) {
  const double limit =
      static_cast<double>(base.time_limit.value_or(std::chrono::seconds(0)).count());
  throw UserError(fmt::format("not ended within {}:\n{}", format_seconds(limit / 1000), commands),
                  "a probe must end by itself; try the command in the image: cairn shell");
}

/// The run of the script; nothing where the engine could not start a shell in that image. That is
/// answered by trying without one: a failure of another cause then shows itself there.
std::optional<engine::RunResult> run_shell(engine::Engine& engine,
                                           const engine::RunRequest& request) {
  try {
    return engine.run(request);
  } catch (const UnreachableError&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<CommandOutput> run_each(engine::Engine& engine, const engine::RunRequest& base,
                                    const std::vector<Argv>& commands) {
  std::vector<CommandOutput> outputs;
  const Stopwatch watch;
  for (const Argv& argv : commands) {
    engine::RunRequest request = base;
    request.name += fmt::format("-{}", outputs.size());
    request.entrypoint = Argv{argv.front()};
    request.command.assign(argv.begin() + 1, argv.end());
    if (base.time_limit) {
      const auto spent = std::chrono::milliseconds(static_cast<long>(watch.seconds() * 1000));
      request.time_limit = std::max(*base.time_limit - spent, std::chrono::milliseconds(1));
    }
    const engine::RunResult result = engine.run(request);
    if (result.timed_out) throw_timed_out(base, shell_quote(argv));
    outputs.push_back({result.exit_status, result.out, result.err});
  }
  return outputs;
}

}  // namespace

std::string inspection_script(const std::vector<Argv>& commands, const std::string& mark,
                              int lanes) {
  std::string cases;
  for (std::size_t n = 0; n < commands.size(); ++n) {
    cases += fmt::format("{}{}) exec {} ;;", n == 0 ? "" : "\n", n, shell_quote(commands[n]));
  }
  std::string script(kScript);
  // The users' text goes in last, so that nothing in it is taken for a place of ours.
  replace_all(script, "@M", mark);
  replace_all(script, "@NUMBERS", numbers(commands.size()));
  replace_all(script, "@LANES",
              numbers(std::min(commands.size(), static_cast<std::size_t>(lanes))));
  replace_all(script, "@COMMANDS", cases);
  return script;
}

std::optional<std::vector<CommandOutput>> parse_inspection_output(std::string_view out,
                                                                  const std::string& mark,
                                                                  std::size_t count) {
  if (out.find(mark + " begin\n") == std::string_view::npos) return std::nullopt;
  std::vector<CommandOutput> outputs(count);
  const auto take_until = [&out](const std::string& line) {
    const std::size_t at = out.find(line);
    if (at == std::string_view::npos) throw Error("the inspection's output ends too early");
    std::string before(out.substr(0, at));
    out.remove_prefix(at + line.size());
    return before;
  };
  for (std::size_t n = 0; n < count; ++n) {
    take_until(fmt::format("\n{} out {} ", mark, n));
    const std::string status = take_until("\n");
    outputs[n].exit_status = 255;  // where the file system was full and no status was kept
    std::from_chars(status.data(), status.data() + status.size(), outputs[n].exit_status);
    outputs[n].out = take_until(fmt::format("\n{} err {}\n", mark, n));
    const std::string next =
        n + 1 == count ? fmt::format("\n{} end\n", mark) : fmt::format("\n{} out {} ", mark, n + 1);
    const std::size_t at = out.find(next);
    if (at == std::string_view::npos) throw Error("the inspection's output ends too early");
    outputs[n].err = std::string(out.substr(0, at));
  }
  return outputs;
}

std::vector<std::size_t> unfinished_commands(std::string_view out, const std::string& mark,
                                             std::size_t count) {
  std::vector<std::size_t> indexes;
  for (std::size_t n = 0; n < count; ++n) {
    if (out.find(fmt::format("{} done {}\n", mark, n)) == std::string_view::npos) {
      indexes.push_back(n);
    }
  }
  return indexes;
}

std::vector<CommandOutput> run_commands(engine::Engine& engine, const engine::RunRequest& base,
                                        const std::vector<Argv>& commands) {
  if (commands.empty()) return {};
  const std::string mark = make_mark();
  engine::RunRequest request = base;
  request.entrypoint = Argv{"/bin/sh"};
  request.command = {"-c", inspection_script(commands, mark, kLanes)};
  if (const auto result = run_shell(engine, request)) {
    if (result->timed_out) {
      throw_timed_out(base,
                      list_of(commands, unfinished_commands(result->out, mark, commands.size())));
    }
    if (auto outputs = parse_inspection_output(result->out, mark, commands.size())) {
      return *outputs;
    }
  }
  return run_each(engine, base, commands);
}

}  // namespace cairn::stack
