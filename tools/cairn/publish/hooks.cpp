// SPDX-License-Identifier: BSD-3-Clause
#include "publish/hooks.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

#include <filesystem>
#include <map>

namespace cairn::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLinesShown = 10;

/// What a hook is run for.
struct Subject {
  std::string ref, digest, repository, platform, image, kind;
};

std::string filled(const std::string& word, const Subject& subject) {
  const std::map<std::string, std::string> values{{"{ref}", subject.ref},
                                                  {"{digest}", subject.digest},
                                                  {"{repository}", subject.repository},
                                                  {"{platform}", subject.platform},
                                                  {"{image}", subject.image},
                                                  {"{kind}", subject.kind}};
  std::string text;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t end = word[at] == '{' ? word.find('}', at) : std::string::npos;
    const auto value =
        end == std::string::npos ? values.end() : values.find(word.substr(at, end + 1 - at));
    text += value == values.end() ? word.substr(at, 1) : value->second;
    at = value == values.end() ? at + 1 : end + 1;
  }
  return text;
}

void run_hook(const stack::ReleaseHook& hook, const Subject& subject, const fs::path& folder,
              const std::function<void(const std::string&)>& say) {
  Command command;
  for (const std::string& word : hook.command)
    command.argv.push_back(filled(word, subject));
  // The destination is part of it: what a hook leaves lies beside the image that it was run for.
  const std::string line = shell_quote(command.argv);
  const fs::path mark =
      folder / (subject.digest.substr(subject.digest.find(':') + 1) + "-" + hook.name + "-" +
                sha256_hex(subject.ref + "\n" + line).substr(0, 16));
  if (fs::exists(mark)) return;
  if (say) say("hook '" + hook.name + "' for '" + subject.ref + "'");
  const ProcessResult result = run_process(command);
  if (result.exit_status != 0) {
    const std::string told =
        trim(last_lines(result.err.empty() ? result.out : result.err, kLinesShown));
    throw UserError("hook '" + hook.name + "' failed for '" + subject.ref + "' with exit status " +
                        std::to_string(result.exit_status) + (told.empty() ? "" : ":\n" + told),
                    "no tag has moved; try it by hand: " + line);
  }
  write_file(mark, line + "\n");
}

}  // namespace

void run_hooks(const stack::ReleaseDescription& description, const Contents& contents,
               Destination& destination, const std::set<std::string>& digests,
               const std::function<void(const std::string&)>& say) {
  const fs::path folder = fs::path(description.store) / "hooks";
  std::set<std::pair<std::string, std::string>> done;
  const auto run = [&](const Contents::Root& root, const oci::Digest& digest,
                       const std::string& platform, const char* kind) {
    const std::string& repository = root.image->repository;
    if (!digests.contains(digest.to_string())) return;
    if (!done.emplace(repository, digest.to_string()).second) return;
    const std::string place = destination.place_of(repository);
    const Subject subject{place + "@" + digest.to_string(),
                          digest.to_string(),
                          place,
                          platform,
                          root.image->target,
                          kind};
    for (const stack::ReleaseHook& hook : description.hooks)
      run_hook(hook, subject, folder, say);
  };
  for (const Contents::Root& root : contents.roots()) {
    for (const Contents::Platform& one : root.platforms)
      run(root, one.manifest.digest, one.evidence->platform.to_string(), "manifest");
    run(root, root.index->descriptor.digest, "", "index");
  }
}

}  // namespace cairn::publish
