// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/manifest.hpp"

#include "base/error.hpp"
#include "base/git.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

std::string without_trailing_blanks(const std::string& text) {
  std::vector<std::string> lines = split_lines(text);
  for (std::string& line : lines)
    line.erase(line.find_last_not_of(" \t\r") + 1);
  while (!lines.empty() && lines.back().empty())
    lines.pop_back();
  const auto first = std::find_if(lines.begin(), lines.end(),
                                  [](const std::string& line) { return !line.empty(); });
  lines.erase(lines.begin(), first);
  return join(lines, "\n");
}

std::size_t longest_run(const std::string& text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// `code`, by CommonMark's rule for code spans that hold backticks themselves.
std::string code_span(const std::string& text) {
  const std::string ticks(longest_run(text, '`') + 1, '`');
  const std::string pad = ticks.size() > 1 ? " " : "";
  return ticks + pad + text + pad + ticks;
}

std::string platform_reference(const ImageRecord& record) {
  const std::string variant = record.variant.empty() ? "" : record.variant + "-";
  return record.repository + ":" + record.arch + "-" + variant + "latest";
}

std::string page_name(const ImageRecord& record) {
  const std::string hex = record.config_digest.substr(record.config_digest.find(':') + 1);
  return fmt::format("{}-{}-{}-{}", record.arch,
                     record.variant.empty() ? "default" : record.variant, record.image,
                     hex.substr(0, 12));
}

std::string link_or_code(const std::string& text, const std::string& url) {
  return url.empty() ? code_span(text) : fmt::format("[{}]({})", text, url);
}

std::string commit_url(const std::string& repository_url, const std::string& commit) {
  return repository_url.empty() ? "" : repository_url + "/commit/" + commit;
}

std::string build_info(const ImageRecord& record, const SourceRevision& source,
                       const std::string& repository_url) {
  std::string text = fmt::format(
      "## Build Info\n\n"
      "- Build timestamp: {}\n"
      "- Docker image: {}\n"
      "- Platform: {}\n"
      "- Docker image size: {}\n"
      "- Config digest: {}\n",
      record.created, code_span(platform_reference(record)), record.platform,
      format_bytes(record.size), code_span(record.config_digest));
  if (source.commit.empty()) return text;
  text += fmt::format("- Git commit SHA: {}\n",
                      link_or_code(source.commit, commit_url(repository_url, source.commit)));
  if (!source.message.empty()) {
    text += "- Git commit message:\n\n" + fenced(source.message);
  }
  return text;
}

std::string render_section(const SectionResult& section) {
  std::string text = "\n## " + section.title + "\n";
  for (const SectionOutput& item : section.headline) {
    text += "\n" + without_trailing_blanks(item.output) + "\n";
  }
  for (const SectionOutput& item : section.commands) {
    text += "\n" + code_span(shell_quote(item.command)) + ":\n\n" + fenced(item.output);
  }
  return text;
}

}  // namespace

SourceRevision find_source_revision(const ImageRecord& record, const BuildDescription& build,
                                    const InspectDescription& description) {
  SourceRevision source;
  const std::string& directory = description.source_dir;
  source.commit = record.revision.empty() ? checked_out_commit(directory) : record.revision;
  if (source.commit.empty()) return source;
  source.message = git_answer(directory, {"log", "-1", "--pretty=%B", source.commit, "--"});
  const std::string top = git_answer(directory, {"rev-parse", "--show-toplevel"});
  if (top.empty()) return source;
  const std::string path = fs::path(build.dockerfile).lexically_relative(top).generic_string();
  if (!path.starts_with("..")) source.dockerfile = path;
  return source;
}

std::string fenced(const std::string& text) {
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  return fence + "text\n" + without_trailing_blanks(text) + "\n" + fence + "\n";
}

std::string render_manifest(const ImageRecord& record, const Inspection& inspection,
                            const SourceRevision& source, const std::string& repository_url) {
  const std::string variant = record.variant.empty() ? "" : " (" + record.variant + ")";
  std::string text = fmt::format("# Build manifest for image: {}{} on {}\n\n", record.image,
                                 variant, record.platform);
  text += build_info(record, source, repository_url);
  for (const SectionResult& section : inspection.sections)
    text += render_section(section);
  return text;
}

std::string render_history(const ImageRecord& record, const std::vector<std::string>& references,
                           const SourceRevision& source, const std::string& repository_url) {
  std::vector<std::string> names;
  // The first is the one that every image has; a probe's own may end like it (`lts-latest`).
  for (std::size_t i = 1; i < references.size(); ++i)
    names.push_back(code_span(references[i]));
  std::vector<std::string> links;
  if (!source.commit.empty() && !repository_url.empty()) {
    links.push_back("[Git diff](" + commit_url(repository_url, source.commit) + ")");
    if (!source.dockerfile.empty()) {
      links.push_back("[Dockerfile](" + repository_url + "/blob/" + source.commit + "/" +
                      source.dockerfile + ")");
    }
  }
  links.push_back("[Build manifest](./" + page_name(record) + ")");
  return fmt::format("| {} | {} | {} |\n", code_span(record.created), join(names, "<br />"),
                     join(links, "<br />"));
}

}  // namespace cairn::stack
