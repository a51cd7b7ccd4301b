// SPDX-License-Identifier: BSD-3-Clause
#include "base/git.hpp"

#include "base/process.hpp"
#include "base/text.hpp"

#include <filesystem>

namespace cairn {

std::string git_answer(const std::string& directory, const std::vector<std::string>& arguments) {
  const auto program = find_program("git");
  if (!program || directory.empty() || !std::filesystem::is_directory(directory)) return {};
  Command command;
  command.argv = {*program, "-C", directory};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run_process(command);
  return result.exit_status == 0 ? trim(result.out) : std::string();
}

std::string checked_out_commit(const std::string& directory) {
  return git_answer(directory, {"rev-parse", "--verify", "--quiet", "HEAD"});
}

}  // namespace cairn
