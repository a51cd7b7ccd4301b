// SPDX-License-Identifier: BSD-3-Clause
#include "publish/prepare.hpp"

#include "base/git.hpp"
#include "base/time.hpp"

#include <fmt/core.h>

#include <random>

namespace cairn::publish {
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
  prepared.facts.commit = checked_out_commit(description.source_dir);
  prepared.facts.version = description.version;
  prepared.evidence = stack::gather(description, options.gate);
  stack::require_no_problems(prepared.evidence.problems);
  prepared.images = stack::merge(description, prepared.evidence);
  prepared.wanted = stack::wanted_tags(description, prepared.facts, prepared.images);
  return prepared;
}

}  // namespace cairn::publish
