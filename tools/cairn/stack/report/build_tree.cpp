// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/build_tree.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCacheFile = "CMakeCache.txt";

bool is_below(const std::string& path, const fs::path& folder) {
  return path == folder || path.rfind(folder.string() + "/", 0) == 0;
}

// `NAME:TYPE=VALUE`; comments begin with // or #.
std::optional<CacheEntry> parse_entry(const std::string& line) {
  const std::size_t equals = line.find('=');
  const std::size_t colon = line.rfind(':', equals);
  if (line.empty() || line[0] == '/' || line[0] == '#' || equals == std::string::npos ||
      colon == std::string::npos) {
    return std::nullopt;
  }
  CacheEntry entry{line.substr(0, colon), line.substr(colon + 1, equals - colon - 1),
                   line.substr(equals + 1)};
  const bool quoted = entry.name.size() > 1 && entry.name.front() == '"';
  if (quoted) entry.name = entry.name.substr(1, entry.name.size() - 2);
  return entry;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// What CMake says of its first error, in one line: its head and the indented text under it. ninja
// passes it on by its standard output.
std::string complaint(const ProcessResult& result) {
  std::string text;
  for (const std::string& line : split_lines(result.out + "\n" + result.err)) {
    if (text.empty()) {
      if (line.rfind("CMake Error", 0) == 0) text = line;
      continue;
    }
    if (!line.empty() && line.front() != ' ') break;
    if (!trim(line).empty()) text += " " + trim(line);
  }
  return text.empty() ? "exit status " + std::to_string(result.exit_status) : text;
}

}  // namespace

BuildTree BuildTree::find(const fs::path& inside) {
  BuildTree tree;
  tree.build = fs::absolute(inside).lexically_normal();
  while (!fs::exists(tree.build / kCacheFile)) {
    if (!tree.build.has_relative_path()) {
      throw UserError("'" + inside.string() + "' lies in no build folder",
                      "name a configured one: -C build/x86_64");
    }
    tree.build = tree.build.parent_path();
  }
  for (const std::string& line : split_lines(read_file(tree.build / kCacheFile))) {
    const auto entry = parse_entry(line);
    if (!entry) continue;
    if (entry->name == "CMAKE_HOME_DIRECTORY") tree.source = entry->value;
    if (entry->name == "CMAKE_COMMAND") tree.cmake = entry->value;
    if (entry->name == "CMAKE_GENERATOR") tree.generator = entry->value;
    if (entry->name == "CMAKE_MAKE_PROGRAM") tree.make_program = entry->value;
    if (entry->type != "INTERNAL" && entry->type != "STATIC") tree.cache.push_back(*entry);
  }
  return tree;
}

void BuildTree::refresh() const {
  // The very target that every build checks first.
  const ProcessResult result =
      run_process({{make_program, "-C", build.string(), "build.ninja"}, {}, {}, {}});
  if (result.exit_status == 0) return;
  throw UserError("'" + source.string() + "' cannot be configured: " + complaint(result),
                  "cmake " + shell_quote(build.string()));
}

std::vector<std::string> BuildTree::inputs() const {
  const ProcessResult result =
      run_process({{make_program, "-C", build.string(), "-t", "query", "build.ninja"}, {}, {}, {}});
  std::vector<std::string> files;
  for (const std::string& line : split_lines(result.out)) {
    const std::string word = trim(line);
    const std::string path = word.rfind("| ", 0) == 0 ? word.substr(2) : word;
    if (path.find('/') == std::string::npos && path.find('.') == std::string::npos) continue;
    files.push_back(fs::absolute(build / path).lexically_normal());
  }
  return files;
}

OldTree::OldTree(const GitTree& git, const BuildTree& now, const std::string& commit,
                 fs::path folder)
    : now_(now), git_root_(git.root()), folder_(std::move(folder)) {
  git.write_tree(commit, root());
}

/// A value that names a file of the sources names the old one.
std::string OldTree::moved(const std::string& value) const {
  if (!is_below(value, git_root_) || is_below(value, now_.build)) return value;
  const fs::path old = root() / fs::path(value).lexically_relative(git_root_);
  return fs::exists(old) ? old.string() : value;
}

void OldTree::write_initial_cache(const fs::path& path) const {
  std::string text;
  bool has_engine = false;
  for (const CacheEntry& entry : now_.cache) {
    // What lies in the build folder was found or made by it, and is its own.
    if (is_below(entry.value, now_.build)) continue;
    has_engine = has_engine || (entry.name == "CAIRN_ENGINE_FILE" && !entry.value.empty());
    const std::string type = entry.type == "UNINITIALIZED" ? "STRING" : entry.type;
    text += "set([==[" + entry.name + "]==] [==[" + moved(entry.value) + "]==] CACHE " + type +
            " \"\" FORCE)\n";
  }
  const fs::path engine = now_.build / "cairn/engine.json";
  if (!has_engine && fs::exists(engine)) {
    // The engine was chosen once for this tree; nothing may look for one again.
    text += "set(CAIRN_ENGINE_FILE [==[" + engine.string() + "]==] CACHE FILEPATH \"\" FORCE)\n";
  }
  write_file(path, text);
}

std::optional<std::string> OldTree::configure() const {
  const fs::path source = root() / now_.source.lexically_relative(git_root_);
  if (!fs::exists(source / "CMakeLists.txt")) return "it has no CMakeLists.txt there";
  const fs::path cache = folder_ / "cache.cmake";
  write_initial_cache(cache);
  const ProcessResult result =
      run_process({{now_.cmake, "-G", now_.generator, "-C", cache.string(), "--no-warn-unused-cli",
                    "-S", source.lexically_normal().string(), "-B", build().string()},
                   {},
                   {},
                   {}});
  if (result.exit_status != 0) return replaced(complaint(result), root().string() + "/", "");
  if (!fs::exists(build() / "cairn")) return "it declares no images";
  return std::nullopt;
}

void OldTree::borrow_descriptions() const {
  for (const auto& entry : fs::recursive_directory_iterator(now_.build / "cairn")) {
    const std::string name = entry.path().filename();
    const bool stack = name.ends_with(".stack.json");
    const bool description = name == "build.json" || name == "inspect.json" ||
                             name == "test.json" || name.rfind("engine", 0) == 0;
    if (!(stack || description) || !entry.is_regular_file()) continue;
    // The build folder may lie in the sources. What it made stays where it is; only the stack
    // file leads to the descriptions here.
    std::string text = replaced(read_file(entry.path()), now_.build.string() + "/", "\x01");
    for (const char* end : {"/", "\""})
      text = replaced(text, git_root_.string() + end, root().string() + end);
    text = replaced(text, "\x01", (stack ? build() : now_.build).string() + "/");
    write_file(build() / entry.path().lexically_relative(now_.build), text);
  }
}

}  // namespace cairn::stack
