// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"
#include "base/json.hpp"
#include "oci/digest.hpp"
#include "oci/platform.hpp"
#include "stack/model/layout.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::testing {

/// A probe and what it said.
struct FamilyProbe {
  std::string name, version;
  std::vector<std::string> tags;  ///< templates
  std::string only_on{};          ///< a platform: the others give no tag; empty: all of them do
};

/// One image of a ReleaseFamily. `content` decides the bytes of its own layer, and its source key.
struct FamilyImage {
  std::string target;
  std::string parent{};            ///< target, or empty
  std::string content = "1";       ///< another one: another digest, of its children too
  std::string image{}, variant{};  ///< `image` empty: as the target
  std::vector<std::string> platforms{"linux/amd64", "linux/arm64"};
  std::vector<FamilyProbe> probes{};
  std::vector<std::string> tests{"works"};
  bool published = true;
  std::string skew{}, latest_by{};  ///< empty: not written
  std::string created = "2026-11-24T00:20:00Z";
};

/// What is left behind by building, inspecting, testing and exporting a stack `family` for several
/// platforms: all records, the blobs in a store, the stack file and the release description. No
/// engine is needed. The same images give the same bytes.
///
///     ReleaseFamily family;
///     family.images = {{"base"}, {"web", "base"}};
///     family.write();
///     publish(stack::ReleaseDescription::read(family.release_file()), …);
///     family.image("base").content = "2";   // both are other images now
///     family.write();
class ReleaseFamily {
 public:
  /// Parents first; published as `quay.io/me/<image>`.
  std::vector<FamilyImage> images;
  /// Merged into the release description when it is written: {{"tags", {"latest"}}}.
  Json description = Json::object();
  /// The trees in which platforms were built, when not in `build`: {{"linux/arm64", "arm"}}.
  std::map<std::string, std::string> trees;

  FamilyImage& image(const std::string& target);
  /// Writes everything anew; records that were changed by hand are whole again.
  void write() const;

  std::filesystem::path root() const { return root_.path(); }
  std::filesystem::path build() const { return root() / "build"; }
  std::filesystem::path store() const { return root() / "store"; }
  std::filesystem::path stack_file() const { return build() / "cairn/family.stack.json"; }
  std::filesystem::path release_file() const { return build() / "cairn/family.release.json"; }
  stack::ImageFolder folder(const std::string& target,
                            const std::string& platform = "linux/amd64") const;
  /// Of the platform's manifest, as its export.json has it.
  oci::Digest manifest(const std::string& target,
                       const std::string& platform = "linux/amd64") const;
  /// Merges `more` into a JSON file that was written.
  static void change(const std::filesystem::path& file, const Json& more);

 private:
  std::filesystem::path tree_of(const std::string& platform) const;
  void write_image(const FamilyImage& image, const oci::Platform& platform) const;
  void write_descriptions(const FamilyImage& image, const oci::Platform& platform) const;
  void write_stack_file() const;
  void write_release_file() const;

  TempDir root_{"cairn-family-"};
};

}  // namespace cairn::testing
