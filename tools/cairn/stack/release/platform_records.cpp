// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/platform_records.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "stack/inspect/inspection.hpp"
#include "stack/inspect/tags.hpp"
#include "stack/model/description.hpp"
#include "stack/model/document.hpp"
#include "stack/model/inspect_description.hpp"
#include "stack/model/test_description.hpp"
#include "stack/model/test_record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class FolderReader {
 public:
  FolderReader(const Promise& promise, const ImageFolder& folder, const GateOptions& options)
      : promise_(promise), folder_(folder), options_(options) {}

  FolderFindings read();

 private:
  void add(const std::string& what, const std::string& hint = {}) {
    findings_.problems.push_back(promise_.problem(what, hint));
  }
  /// What `read` gives; nothing, and a problem, when the file is none.
  template <typename Read>
  auto attempt(const Read& read) -> std::optional<decltype(read())>;

  void read_build_description();
  std::optional<ImageRecord> read_image();
  std::optional<ExportRecord> read_export(const ImageRecord& image);
  void read_probes(PlatformEvidence& evidence);
  void say_why_not_inspected(const std::string& config_digest);
  void check_probes(const InspectDescription& asked, const Inspection& inspection);
  void read_tests(PlatformEvidence& evidence);
  std::string verdict(const std::string& test, const std::string& config_digest) const;
  template <typename Record>
  bool is_ours(const Record& record, const char* file);
  /// The command that mends it, here or where the records come from.
  std::string command(const std::string& verb) const;

  const Promise& promise_;
  const ImageFolder& folder_;
  const GateOptions& options_;
  bool emulated_ = false;
  bool foreign_ = false;  ///< the tree that made the records is on another machine
  FolderFindings findings_;
};

FolderFindings FolderReader::read() {
  read_build_description();
  const auto image = read_image();
  if (!image) return std::move(findings_);
  auto exported = read_export(*image);
  if (!exported) return std::move(findings_);
  findings_.evidence = PlatformEvidence{folder_.path,
                                        promise_.platform,
                                        promise_.platform.arch_name(),
                                        *image,
                                        std::move(*exported),
                                        {},
                                        0,
                                        0,
                                        emulated_};
  read_probes(*findings_.evidence);
  read_tests(*findings_.evidence);
  if (emulated_ && !promise_.release.accept_emulated) {
    add("was built and tested by emulation",
        fmt::format("build it on such a machine: CAIRN_ENDPOINT_{}; or write ACCEPT_EMULATED ON",
                    promise_.platform.arch_name()));
  }
  return std::move(findings_);
}

template <typename Read>
auto FolderReader::attempt(const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error& error) {
    add(error.what(), error.hint());
    return std::nullopt;
  }
}

std::string FolderReader::command(const std::string& verb) const {
  if (foreign_) {
    return fmt::format("where it was built: cairn {} {}/{}; then bring the records again", verb,
                       promise_.image.target, promise_.platform.arch_name());
  }
  return fmt::format("cairn {} {}", verb, shell_quote(folder_.path.string()));
}

void FolderReader::read_build_description() {
  const fs::path file = folder_.build_description();
  if (!fs::exists(file)) {
    foreign_ = true;
    add("no build.json beside its records", "bring the image's folder as a whole");
    return;
  }
  const auto build = attempt([&] { return BuildDescription::read(file); });
  if (!build) return;
  foreign_ = !fs::exists(build->stack_file);
  // An endpoint for the architecture makes an image native wherever it runs.
  emulated_ = !build->native;
}

template <typename Record>
bool FolderReader::is_ours(const Record& record, const char* file) {
  const auto differs = [&](const std::string& what, const std::string& found,
                           const std::string& wanted) {
    if (found == wanted) return false;
    add(fmt::format("{} is of the {} '{}', not '{}'", file, what, found, wanted),
        "bring the records again from where it was built");
    return true;
  };
  const ReleaseImage& image = promise_.image;
  return !(differs("stack", record.stack, promise_.release.stack) ||
           differs("target", record.target, image.target) ||
           differs("repository", record.repository, image.repository) ||
           differs("variant", record.variant, image.variant) ||
           differs("platform", record.platform, promise_.platform.to_string()));
}

std::optional<ImageRecord> FolderReader::read_image() {
  const auto read = attempt([&] { return ImageRecord::read_if_present(folder_.image_record()); });
  if (!read) return std::nullopt;
  if (!*read) {
    add("has not been built", command("build"));
    return std::nullopt;
  }
  if (!is_ours(**read, "image.json")) return std::nullopt;
  return *read;
}

std::optional<ExportRecord> FolderReader::read_export(const ImageRecord& image) {
  const auto read = attempt([&] { return ExportRecord::read_if_present(folder_.export_record()); });
  if (!read) return std::nullopt;
  if (!*read) {
    add("has not been exported", command("export"));
    return std::nullopt;
  }
  const ExportRecord& record = **read;
  if (!is_ours(record, "export.json")) return std::nullopt;
  if (record.config.digest.to_string() != image.config_digest) {
    add("was built again after its export", command("export"));
    return std::nullopt;
  }
  // A list names docker's manifests alone (distribution, manifest-v2-2.md "Manifest List").
  if (promise_.release.docker_types && record.manifest.media_type != oci::kDockerManifest) {
    add(fmt::format("its manifest is '{}', which docker's manifest list cannot name",
                    record.manifest.media_type),
        "write MEDIA_TYPES oci");
  }
  return record;
}

void FolderReader::read_probes(PlatformEvidence& evidence) {
  const auto asked =
      attempt([&] { return InspectDescription::read(folder_.inspect_description()); });
  if (!asked) return;
  const std::string& config = evidence.image.config_digest;
  const auto inspection =
      Inspection::read_if_current(folder_.inspection(), config, asked->digest());
  if (!inspection) {
    say_why_not_inspected(config);
    return;
  }
  check_probes(*asked, *inspection);
  for (const ProbeResult& probe : inspection->probes)
    evidence.probes.push_back({probe.name, probe.version.text, probe.tags});
}

void FolderReader::say_why_not_inspected(const std::string& config_digest) {
  const fs::path file = folder_.inspection();
  if (!fs::exists(file)) {
    add("has not been inspected", command("inspect"));
    return;
  }
  const auto inspected =
      attempt([&] { return require_string(read_json(file), "config_digest", file.string()); });
  if (!inspected) return;
  add(*inspected == config_digest ? "its probes were changed after its inspection"
                                  : "was built again after its inspection",
      command("inspect"));
}

/// A tag comes from a version that was seen, not from a record that somebody wrote.
void FolderReader::check_probes(const InspectDescription& asked, const Inspection& inspection) {
  const bool complete = std::equal(
      asked.probes.begin(), asked.probes.end(), inspection.probes.begin(), inspection.probes.end(),
      [](const Probe& probe, const ProbeResult& result) { return probe.name == result.name; });
  if (!complete) {
    add("inspection.json has other probes than inspect.json", command("inspect"));
    return;
  }
  for (std::size_t i = 0; i < asked.probes.size(); ++i) {
    const ProbeResult& result = inspection.probes[i];
    const auto tags =
        attempt([&] { return tags_of(asked.probes[i], Version::parse(result.version.text)); });
    if (tags && *tags != result.tags) {
      add(fmt::format("inspection.json has other tags than probe '{}' gives for '{}'", result.name,
                      result.version.text),
          command("inspect"));
    }
  }
  attempt([&] { return gather_tags(inspection.probes); });
}

std::string FolderReader::verdict(const std::string& test, const std::string& config_digest) const {
  const auto record = TestRecord::read_if_present(folder_.test_record(test));
  if (!record) return "not run";
  if (record->test != test || record->target != promise_.image.target) return "of another test";
  if (record->config_digest != config_digest) return "of an earlier build";
  if (record->status == TestStatus::passed && record->test_key.empty())
    return "its inputs changed while it ran, or cannot be read";
  return to_string(record->status);
}

void FolderReader::read_tests(PlatformEvidence& evidence) {
  const fs::path file = folder_.test_description();
  std::vector<TestDescription> tests;
  if (fs::exists(file)) {
    const auto described = attempt([&] { return TestsDescription::read(file); });
    if (!described) return;
    tests = described->tests;
  }
  std::vector<std::string> missing;
  for (const TestDescription& test : tests) {
    if (test.report) continue;
    ++evidence.tests;
    const std::string found = verdict(test.name, evidence.image.config_digest);
    if (found == to_string(TestStatus::passed)) {
      ++evidence.passed;
    } else {
      missing.push_back(fmt::format("'{}' ({})", test.name, found));
    }
  }
  if (options_.allow_untested.count(promise_.image.target) > 0) return;
  const std::string way_out = "; or say --allow-untested " + promise_.image.target;
  if (evidence.tests == 0) {
    add(tests.empty() ? "has no tests" : "has no tests but reports",
        "declare one: add_docker_test(" + promise_.image.target + " COMMAND true)" + way_out);
  } else if (!missing.empty()) {
    add("tests have not passed: " + join(missing, ", "), command("test") + way_out);
  }
}

}  // namespace

FolderFindings read_folder(const Promise& promise, const ImageFolder& folder,
                           const GateOptions& options) {
  return FolderReader(promise, folder, options).read();
}

}  // namespace cairn::stack
