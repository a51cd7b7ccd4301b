// SPDX-License-Identifier: BSD-3-Clause
#include "publish/prepare.hpp"

#include "base/process.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <fmt/core.h>

#include <random>

namespace cairn::publish {
namespace {

/// The commit of the publishing tree; empty where there is no git, or nothing is committed.
std::string commit_of(const std::string& source_dir) {
  if (source_dir.empty() || !find_program("git")) return {};
  const ProcessResult result = run_process(
      {{"git", "-C", source_dir, "rev-parse", "--verify", "--quiet", "HEAD"}, {}, {}, {}});
  return result.exit_status == 0 ? trim(result.out) : std::string();
}

}  // namespace

std::string release_id(std::int64_t time) {
  std::string compact;
  for (const char letter : format_utc(time)) {
    if (letter != '-' && letter != ':') compact += letter;
  }
  std::random_device random;
  return fmt::format("{}-{:08x}", compact, static_cast<std::uint32_t>(random()));
}

Prepared prepare(const stack::ReleaseDescription& description, const PublishOptions& options) {
  Prepared prepared;
  prepared.facts.time = options.time != 0 ? options.time : unix_now();
  prepared.facts.id = release_id(prepared.facts.time);
  prepared.facts.commit = commit_of(description.source_dir);
  prepared.facts.version = description.version;
  prepared.evidence = stack::gather(description, options.gate);
  stack::require_no_problems(prepared.evidence.problems);
  prepared.images = stack::merge(description, prepared.evidence);
  prepared.wanted = stack::wanted_tags(description, prepared.facts, prepared.images);
  return prepared;
}

}  // namespace cairn::publish
