// SPDX-License-Identifier: BSD-3-Clause
#include "base/git.hpp"

#include "base/text.hpp"

#include <filesystem>
#include <string_view>

namespace cairn {

namespace fs = std::filesystem;

Command git_command(const std::string& program, const std::string& directory,
                    const std::vector<std::string>& arguments) {
  Command command;
  command.argv = {program, "-C", directory};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment["GIT_OPTIONAL_LOCKS"] = "0";
  return command;
}

std::string git_answer(const std::string& directory, const std::vector<std::string>& arguments) {
  const auto program = find_program("git");
  if (!program || directory.empty() || !fs::is_directory(directory)) return {};
  const ProcessResult result = run_process(git_command(*program, directory, arguments));
  return result.exit_status == 0 ? trim(result.out) : std::string();
}

std::string checked_out_commit(const std::string& directory) {
  return git_answer(directory, {"rev-parse", "--verify", "--quiet", "HEAD"});
}

std::string work_tree_above(const std::string& directory) {
  if (directory.empty()) return {};
  std::error_code ignored;
  for (fs::path at = fs::absolute(directory).lexically_normal();; at = at.parent_path()) {
    if (fs::exists(at / ".git", ignored)) return at.string();
    if (!at.has_relative_path()) return {};
  }
}

SourceTree source_tree(const std::string& directory) {
  constexpr std::string_view kCommit = "# branch.oid ";
  SourceTree tree;
  const std::string status = git_answer(directory, {"status", "--porcelain=v2", "--branch",
                                                    "--no-ahead-behind", "--untracked-files=no"});
  // An answer always has the line of the commit.
  if (status.empty()) tree.dirty = !work_tree_above(directory).empty();
  for (const std::string& line : split_lines(status)) {
    if (!line.starts_with('#')) {
      tree.dirty = true;
    } else if (line.starts_with(kCommit) && line != "# branch.oid (initial)") {
      tree.commit = line.substr(kCommit.size());
    }
  }
  return tree;
}

}  // namespace cairn
