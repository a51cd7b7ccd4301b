// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/source_warnings.hpp"

#include "base/process.hpp"
#include "base/text.hpp"
#include "stack/build/staging.hpp"
#include "stack/scan/context.hpp"

#include <fmt/core.h>

#include <fstream>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

// First line of a pointer file (git-lfs, docs/spec.md).
constexpr std::string_view kLfsPointer = "version https://git-lfs.github.com/spec/";
constexpr std::uintmax_t kLargestPointer = 1024;

struct Staged {
  std::string paths;        ///< NUL-separated, relative to the context
  std::string lfs_pointer;  ///< the first one found
  bool git_folder = false;
  std::string foreign;  ///< the first ELF file of another architecture
  std::string foreign_architecture;
  bool has_own = false;  ///< an ELF file of the image's architecture
};

std::string head_of(const fs::directory_entry& entry) {
  if (entry.is_symlink() || !entry.is_regular_file()) return {};
  std::ifstream file(entry.path(), std::ios::binary);
  std::string head(kLfsPointer.size(), '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

void look_at_file(const fs::directory_entry& entry, const std::string& path,
                  const std::string& architecture, Staged& found) {
  const std::string head = head_of(entry);
  if (found.lfs_pointer.empty() && head == kLfsPointer && entry.file_size() <= kLargestPointer) {
    found.lfs_pointer = path;
  }
  const std::string elf = elf_architecture(head);
  if (elf == architecture) found.has_own = true;
  if (elf.empty() || elf == architecture || !found.foreign.empty()) return;
  found.foreign = path;
  found.foreign_architecture = elf;
}

/// Files that the build made are nobody's sources: no ignore file takes them away.
bool is_source(const BuildDescription& image, const std::string& path) {
  return fs::symlink_status(fs::path(image.context) / path).type() != fs::file_type::not_found;
}

Staged look_at(const BuildDescription& image, const fs::path& staged) {
  Staged found;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(staged, ignored)) {
    const std::string path = entry.path().lexically_relative(staged).string();
    if (path == ".git" || path.rfind(".git/", 0) == 0) {
      found.git_folder = true;
      continue;
    }
    if ((entry.is_directory() && !entry.is_symlink()) || !is_source(image, path)) continue;
    found.paths += path + '\0';
    look_at_file(entry, path, image.platform.architecture, found);
  }
  return found;
}

std::string first_ignored_by_git(const std::string& context, const std::string& paths) {
  Command command{{"git", "-C", context, "check-ignore", "-z", "--stdin"}, {}, {}, paths};
  const ProcessResult result = run_process(command);
  return result.exit_status == 0 ? result.out.substr(0, result.out.find('\0')) : std::string();
}

/// Whether `folder` or one above it holds `name`: asked before a process is started for nothing.
bool is_above(const fs::path& folder, const char* name) {
  for (fs::path at = folder; at.has_relative_path(); at = at.parent_path()) {
    if (fs::exists(at / name)) return true;
  }
  return false;
}

// `git submodule status` puts '-' before the commit and path of one that is not initialised
// (git-submodule(1)). One that is not staged is ignored: nobody misses it.
std::string first_empty_submodule(const std::string& context, const fs::path& staged) {
  const ProcessResult result =
      run_process({{"git", "-C", context, "submodule", "status", "--", "."}, {}, {}, {}});
  for (const std::string& line : split_lines(result.out)) {
    const std::size_t blank = line.find(' ');
    if (line.rfind('-', 0) != 0 || blank == std::string::npos) continue;
    const std::string path = line.substr(blank + 1);
    if (fs::exists(staged / path)) return path;
  }
  return {};
}

/// What is staged and need not be: `line` of the ignore file would leave it out.
std::string advise(const std::string& target, const std::string& what, const std::string& line,
                   const std::string& ignore_file) {
  return fmt::format("warning: '{}' {}; if the image does not need it, add the line '{}' to {}",
                     target, what, line, ignore_file);
}

}  // namespace

std::vector<std::string> source_warnings(const BuildDescription& image, const fs::path& staged,
                                         const std::string& ignore_file) {
  std::vector<std::string> warnings;
  if (image.generated_context) return warnings;
  const Staged found = look_at(image, staged);
  if (found.git_folder) {
    warnings.push_back(
        advise(image.target, "takes .git, which every commit changes", ".git", ignore_file));
  }
  if (!found.lfs_pointer.empty()) {
    warnings.push_back(
        fmt::format("warning: '{}' takes '{}', a Git LFS pointer and not the file: "
                    "git lfs pull",
                    image.target, printable(found.lfs_pointer)));
  }
  if (!found.foreign.empty() && !found.has_own) {
    warnings.push_back(
        fmt::format("warning: '{}' is for {}, but '{}' in its context is built for {}, and nothing "
                    "there for {}",
                    image.target, image.platform.to_string(), printable(found.foreign),
                    found.foreign_architecture, image.platform.architecture));
  }
  if (!is_above(image.context, ".git") || !find_program("git")) return warnings;
  const std::string ignored = first_ignored_by_git(image.context, found.paths);
  if (!ignored.empty()) {
    const std::string name = printable(ignored);
    warnings.push_back(
        advise(image.target, "takes '" + name + "', which git ignores", name, ignore_file));
  }
  const std::string submodule =
      is_above(image.context, ".gitmodules") ? first_empty_submodule(image.context, staged) : "";
  if (!submodule.empty()) {
    warnings.push_back(
        fmt::format("warning: the submodule '{}' in the context of '{}' is not "
                    "checked out: git submodule update --init",
                    submodule, image.target));
  }
  return warnings;
}

}  // namespace cairn::stack
