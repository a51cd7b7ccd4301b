// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/wanted_tags.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "oci/reference.hpp"
#include "stack/inspect/tags.hpp"
#include "stack/release/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace cairn::stack {
namespace {

constexpr std::array<std::pair<TagKind, std::string_view>, 4> kKinds{{{TagKind::arch, "arch"},
                                                                      {TagKind::merged, "merged"},
                                                                      {TagKind::latest, "latest"},
                                                                      {TagKind::pinned, "pinned"}}};

constexpr std::size_t kLongestTag = 128;  // distribution-spec, "Pulling manifests"

/// A tag of RELEASE_TAGS, filled.
struct ReleaseTag {
  std::string written, tag;
  bool pinned = false;
  std::string version;  ///< as of WantedTag
};

/// A tag that probes gave, on which platforms, and which version it stands for.
struct ProbedTag {
  std::string tag, probe, version;
  std::vector<oci::Platform> platforms{};
};

bool wants_latest(const ReleaseDescription& description) {
  const auto& tags = description.tags;
  return tags.empty() || std::find(tags.begin(), tags.end(), "latest") != tags.end();
}

std::vector<ReleaseTag> fill_release_tags(const ReleaseDescription& description,
                                          const ReleaseFacts& facts) {
  std::vector<ReleaseTag> all;
  for (const std::string& written : description.tags) {
    if (written == "latest") continue;
    ReleaseTag tag{written, fill_release_tag(written, facts), false, ""};
    const auto& pinned = description.pinned;
    tag.pinned = std::find(pinned.begin(), pinned.end(), written) != pinned.end();
    const bool is_version = written.find("{major}") != std::string::npos;
    if (is_version && tag.tag.find(facts.version) == std::string::npos) tag.version = facts.version;
    // `{version}` and `{major}.{minor}` are one tag for the version 2.4.
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const ReleaseTag& other) { return other.tag == tag.tag; });
    if (same == all.end()) {
      all.push_back(tag);
    } else {
      same->pinned = same->pinned || tag.pinned;
    }
  }
  return all;
}

/// The version by which two images under `tag` are told apart; none when the tag says it all.
std::string deciding_version(const std::string& tag, const std::string& version) {
  return tag.find(version) == std::string::npos ? version : "";
}

/// A tag of several platforms promises no more than its oldest one holds.
void lower(std::string& version, const std::string& other) {
  if (compare_versions(other, version) < 0) version = other;
}

void add_probe(const ProbedVersion& probe, const oci::Platform& platform,
               std::vector<ProbedTag>& all) {
  for (const std::string& tag : probe.tags) {
    auto known = std::find_if(all.begin(), all.end(),
                              [&](const ProbedTag& other) { return other.tag == tag; });
    if (known == all.end()) known = all.insert(known, {tag, probe.probe, probe.version});
    known->platforms.push_back(platform);
    lower(known->version, probe.version);
  }
}

std::vector<ProbedTag> probed_tags(const std::vector<PlatformEvidence>& platforms) {
  std::vector<ProbedTag> all;
  for (const PlatformEvidence& platform : platforms) {
    for (const ProbedVersion& probe : platform.probes)
      add_probe(probe, platform.platform, all);
  }
  return all;
}

std::int64_t created_of(const PlatformEvidence& platform) {
  const auto time = parse_utc(platform.image.created);
  if (time) return *time;
  throw UserError(fmt::format("'{}' ({}): '{}' of its image.json is no time", platform.image.target,
                              platform.platform.to_string(), platform.image.created),
                  "expected one as 2026-11-29T08:47:00Z");
}

std::string version_of(const PlatformEvidence& platform, const std::string& probe) {
  std::vector<std::string> known;
  for (const ProbedVersion& one : platform.probes) {
    if (one.probe == probe) return one.version;
    known.push_back(one.probe);
  }
  const auto near = did_you_mean(probe, known);
  throw UserError(fmt::format("'{}' ({}): LATEST_BY names the probe '{}', and there is none",
                              platform.image.target, platform.platform.to_string(), probe),
                  near            ? "did you mean '" + *near + "'?"
                  : known.empty() ? "declare it: add_docker_tag_probe(" + probe + " COMMAND …)"
                                  : "the probes are " + join(known, " "));
}

/// Composes all tags of one image after another.
class Composer {
 public:
  Composer(const ReleaseDescription& description, const ReleaseFacts& facts)
      : description_(description),
        facts_(facts),
        release_tags_(fill_release_tags(description, facts)) {}

  void add(const MergedImage& image) {
    promised_ = &description_.image(image.target);
    image_ = &image;
    if (description_.arch_tags) {
      for (const PlatformEvidence& platform : image.platforms)
        add_platform(platform);
    }
    add_probed();
    add_released();
    take_anchors();
  }
  WantedTags result();

 private:
  void add_platform(const PlatformEvidence& platform);
  void add_probed();
  void add_released();
  void take_anchors();
  WantedTag make(TagKind kind, const std::string& tag) const;
  WantedTag make(const PlatformEvidence& platform, const std::string& tag) const;
  void decide_latest(WantedTag& wanted, const std::vector<PlatformEvidence>& platforms) const;
  void add_skewed(WantedTag wanted);
  void take(const WantedTag& wanted, const std::string& source);
  void put(WantedTag wanted, const std::string& source) {
    take(wanted, source);
    wanted_.tags.push_back(std::move(wanted));
  }

  const ReleaseDescription& description_;
  const ReleaseFacts& facts_;
  std::vector<ReleaseTag> release_tags_;
  const MergedImage* image_ = nullptr;
  const ReleaseImage* promised_ = nullptr;
  std::map<std::string, std::string> taken_;  ///< full name -> who wants it
  WantedTags wanted_;
};

void Composer::take(const WantedTag& wanted, const std::string& source) {
  if (wanted.tag.size() > kLongestTag) {
    throw UserError(fmt::format("tag '{}' of '{}' has {} characters, at most {} are allowed",
                                wanted.tag, wanted.target, wanted.tag.size(), kLongestTag),
                    "cut the version with MATCH, or shorten the variant's name");
  }
  if (!oci::is_valid_tag(wanted.tag)) {
    throw UserError(fmt::format("'{}' of '{}' is no valid tag", wanted.tag, wanted.target),
                    "a tag has letters, digits, '_', '.' and '-', at most 128");
  }
  const std::string name = wanted.full_name();
  const std::string owner = fmt::format("{} of '{}'", source, wanted.target);
  if (wanted.tag == kReleaseTag && wanted.repository == description_.root_repository) {
    throw UserError(
        fmt::format("'{}' is wanted by {}, and holds the release document", name, owner),
        "give it another name, or keep the release document in another repository: "
        "ROOT of add_docker_stack");
  }
  const auto [known, is_new] = taken_.emplace(name, owner);
  if (is_new) return;
  throw UserError(fmt::format("'{}' is wanted twice: by {} and by {}", name, known->second, owner),
                  "give one of them another name");
}

WantedTag Composer::make(TagKind kind, const std::string& tag) const {
  const std::string prefix = image_->variant.empty() ? "" : image_->variant + "-";
  return {image_->repository,       prefix + tag,           kind, image_->target,
          image_->index.descriptor, image_->index.platforms};
}

WantedTag Composer::make(const PlatformEvidence& platform, const std::string& tag) const {
  return {image_->repository,
          tag_prefix(platform.arch, image_->variant) + tag,
          TagKind::arch,
          image_->target,
          platform.exported.manifest,
          {platform.platform}};
}

void Composer::decide_latest(WantedTag& wanted,
                             const std::vector<PlatformEvidence>& platforms) const {
  for (const PlatformEvidence& platform : platforms) {
    if (promised_->latest_by.empty()) {
      wanted.created = std::max(wanted.created, created_of(platform));
      continue;
    }
    const std::string version = version_of(platform, promised_->latest_by);
    if (wanted.probe.empty()) wanted.version = version;
    wanted.probe = promised_->latest_by;
    lower(wanted.version, version);
  }
}

void Composer::add_platform(const PlatformEvidence& platform) {
  const std::string on = " on " + platform.platform.to_string();
  if (wants_latest(description_)) {
    WantedTag latest = make(platform, "latest");
    decide_latest(latest, {platform});
    put(std::move(latest), "'latest'" + on);
  }
  for (const ProbedTag& probed : probed_tags({platform})) {
    WantedTag wanted = make(platform, probed.tag);
    wanted.version = deciding_version(probed.tag, probed.version);
    if (!wanted.version.empty()) wanted.probe = probed.probe;
    put(std::move(wanted), "probe '" + probed.probe + "'" + on);
  }
  for (const ReleaseTag& release : release_tags_) {
    WantedTag wanted = make(platform, release.tag);
    wanted.version = release.version;
    wanted.pinned = release.pinned;
    put(std::move(wanted), "release tag '" + release.written + "'" + on);
  }
}

void Composer::add_probed() {
  for (const ProbedTag& probed : probed_tags(image_->platforms)) {
    WantedTag wanted = make(TagKind::merged, probed.tag);
    wanted.version = deciding_version(probed.tag, probed.version);
    if (!wanted.version.empty()) wanted.probe = probed.probe;
    take(wanted, "probe '" + probed.probe + "'");
    for (const oci::Platform& platform : image_->index.platforms) {
      const auto& on = probed.platforms;
      if (std::find(on.begin(), on.end(), platform) == on.end()) wanted.missing.push_back(platform);
    }
    if (wanted.missing.empty()) {
      wanted_.tags.push_back(std::move(wanted));
    } else {
      wanted.platforms = probed.platforms;
      add_skewed(std::move(wanted));
    }
  }
}

void Composer::add_skewed(WantedTag wanted) {
  if (promised_->skew == Skew::withhold) {
    wanted_.withheld.push_back(std::move(wanted));
    return;
  }
  ComposedIndex index = partial_index(*image_, wanted.platforms, description_.docker_types);
  wanted.names = index.descriptor;
  wanted_.partial.emplace(index.descriptor.digest.to_string(), std::move(index));
  wanted_.tags.push_back(std::move(wanted));
}

void Composer::add_released() {
  if (wants_latest(description_)) {
    WantedTag latest = make(TagKind::latest, "latest");
    decide_latest(latest, image_->platforms);
    put(std::move(latest), "'latest'");
  }
  for (const ReleaseTag& release : release_tags_) {
    WantedTag wanted = make(release.pinned ? TagKind::pinned : TagKind::merged, release.tag);
    wanted.version = release.version;
    wanted.pinned = release.pinned;
    put(std::move(wanted), "release tag '" + release.written + "'");
  }
}

/// They are moved before anything is compared: none may be a tag that somebody pulls.
void Composer::take_anchors() {
  for (const std::string& anchor : description_.anchor_tags) {
    take(make(TagKind::merged, fill_release_tag(anchor, facts_)), "anchor tag '" + anchor + "'");
  }
}

WantedTags Composer::result() {
  std::stable_sort(wanted_.tags.begin(), wanted_.tags.end(),
                   [](const WantedTag& a, const WantedTag& b) { return a.kind < b.kind; });
  return std::move(wanted_);
}

}  // namespace

std::string to_string(TagKind kind) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [kind](const auto& entry) { return entry.first == kind; });
  return std::string(found->second);
}

WantedTags wanted_tags(const ReleaseDescription& description, const ReleaseFacts& facts,
                       const std::vector<MergedImage>& images) {
  Composer composer(description, facts);
  for (const MergedImage& image : images)
    composer.add(image);
  return composer.result();
}

}  // namespace cairn::stack
