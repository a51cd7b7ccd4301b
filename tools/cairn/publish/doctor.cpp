// SPDX-License-Identifier: BSD-3-Clause
#include "publish/doctor.hpp"

#include "base/text.hpp"
#include "publish/history.hpp"
#include "publish/journal.hpp"
#include "publish/survey.hpp"
#include "publish/tag_forms.hpp"
#include "registry/parallel.hpp"
#include "stack/model/export_record.hpp"
#include "stack/release/wanted_tags.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <set>

namespace cairn::publish {
namespace {

constexpr const char* kPublish = "cairn release publish";
constexpr const char* kRemove = "remove the tag by the registry's own means, and never its digest";

bool is_arch(const stack::DocumentTag& tag) {
  return tag.kind == to_string(stack::TagKind::arch);
}

class Doctor {
 public:
  Doctor(const stack::ReleaseDescription& description, Destination& destination, int at_once)
      : description_(description),
        destination_(destination),
        at_once_(at_once),
        journal_(destination, description.root_repository),
        survey_(destination, at_once) {}

  std::vector<Finding> run();

 private:
  /// An index under a tag, and what to do when it names something in vain.
  struct Index {
    std::string digest, tag, command;
  };
  void examine_state(const stack::ReleaseDocument& document);
  void examine_tags(const stack::ReleaseDocument& document);
  void examine_tag(const stack::ReleaseDocument& document, const stack::DocumentTag& tag);
  void examine_carried(const stack::Carried& carried);
  void examine_left_out(const stack::DocumentTag& tag, const std::string& digest);
  void examine_former(const stack::DocumentTag& tag, const std::string& digest);
  void examine_platforms(const stack::DocumentTag& tag, const std::string& digest);
  void examine_children();
  void examine_tests(const std::vector<stack::DocumentImage>& images);
  void examine_images();
  void examine_bases();
  void examine_names();
  void add(const std::string& kind, const std::string& where, const std::string& what,
           const std::string& command);
  std::optional<oci::Index> index(const std::string& repository, const std::string& digest);
  std::optional<std::string> bytes(const std::string& repository, const std::string& digest);
  std::string place(const TagName& tag) const;

  const stack::ReleaseDescription& description_;
  Destination& destination_;
  int at_once_;
  Journal journal_;
  Survey survey_;
  std::optional<History> history_;
  std::map<std::pair<std::string, std::string>, Index> indexes_;  ///< that were seen
  std::vector<Finding> findings_;
};

void Doctor::add(const std::string& kind, const std::string& where, const std::string& what,
                 const std::string& command) {
  findings_.push_back({kind, where, what, command});
}

std::string Doctor::place(const TagName& tag) const {
  return destination_.place_of(tag.repository) + ":" + tag.tag;
}

std::optional<std::string> Doctor::bytes(const std::string& repository, const std::string& digest) {
  if (const std::string* kept = history_->bytes(digest)) return *kept;
  const HeldDocument* held = survey_.manifest(repository, digest);
  return held == nullptr ? std::nullopt : std::optional(held->bytes);
}

/// Nothing for a lone manifest, and for what is gone.
std::optional<oci::Index> Doctor::index(const std::string& repository, const std::string& digest) {
  const auto text = bytes(repository, digest);
  if (!text) return std::nullopt;
  const Json document = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("manifests")) return std::nullopt;
  return oci::parse_index(*text, "'" + repository + "@" + digest + "'");
}

void Doctor::examine_state(const stack::ReleaseDocument& document) {
  if (document.state != stack::ReleaseState::open) return;
  if (is_held(document, destination_.now())) {
    add("torn-release", journal_.place(),
        fmt::format("release '{}' is under way: {} moves its tags, last seen {}", document.id,
                    document.holder, document.renewed),
        "wait for it; if it is dead: cairn release resume --take-over");
    return;
  }
  add("torn-release", journal_.place(),
      fmt::format("release '{}' was left open by {}, last seen {}", document.id, document.holder,
                  document.renewed),
      "cairn release resume");
}

void Doctor::examine_tags(const stack::ReleaseDocument& document) {
  std::vector<TagName> names;
  for (const stack::DocumentTag& tag : document.tags)
    names.push_back({tag.repository, tag.tag});
  survey_.look(names, std::chrono::hours(1));
  for (const stack::DocumentTag& tag : document.tags)
    examine_tag(document, tag);
}

void Doctor::examine_tag(const stack::ReleaseDocument& document, const stack::DocumentTag& tag) {
  const TagName name{tag.repository, tag.tag};
  const auto& held = survey_.at(name);
  const std::string digest = held ? held->to_string() : "";
  const bool may_be_old = document.state == stack::ReleaseState::open && digest == tag.old_digest;
  if (!held && !may_be_old) {
    add("missing-tag", place(name),
        fmt::format("release '{}' put '{}' there, and the tag is gone", document.id,
                    tag.new_digest),
        kPublish);
  }
  if (!held) return;
  if (digest != tag.new_digest && !may_be_old) {
    add("foreign-tag", place(name),
        fmt::format("it holds '{}'{}; release '{}' put '{}' there", digest,
                    history_->knows(digest) ? ", which is of another release" : "", document.id,
                    tag.new_digest),
        kPublish);
  }
  examine_platforms(tag, digest);
}

/// What a release before this one put there. Of an image that is declared and was left out since, a
/// publish sets the tags again; others no release sets any more (`python-3.10`): whoever removes
/// one of them has done so on purpose.
void Doctor::examine_carried(const stack::Carried& carried) {
  std::vector<stack::DocumentTag> tags;
  std::vector<TagName> names;
  for (const stack::DocumentTag& tag : carried.tags) {
    if (!description_.publishes(tag.target)) continue;
    tags.push_back(tag);
    names.push_back({tag.repository, tag.tag});
  }
  survey_.look(names, std::chrono::hours(1));
  Places manifests;
  for (const stack::DocumentTag& tag : tags) {
    const auto& held = survey_.at({tag.repository, tag.tag});
    if (held && !is_arch(tag) && history_->bytes(held->to_string()) == nullptr)
      manifests.emplace_back(tag.repository, held->to_string());
  }
  survey_.fetch({manifests.begin(), manifests.end()});
  const auto is_of = [](const stack::DocumentImage& image, const stack::DocumentTag& tag) {
    return image.target == tag.target &&
           (image.index_digest == tag.new_digest ||
            std::any_of(image.platforms.begin(), image.platforms.end(), [&](const auto& platform) {
              return platform.manifest_digest == tag.new_digest;
            }));
  };
  for (const stack::DocumentTag& tag : tags) {
    const auto& held = survey_.at({tag.repository, tag.tag});
    const std::string digest = held ? held->to_string() : "";
    const bool was_left_out =
        std::any_of(carried.images.begin(), carried.images.end(),
                    [&](const stack::DocumentImage& image) { return is_of(image, tag); });
    was_left_out ? examine_left_out(tag, digest) : examine_former(tag, digest);
  }
}

void Doctor::examine_left_out(const stack::DocumentTag& tag, const std::string& digest) {
  const std::string where = place({tag.repository, tag.tag});
  if (digest.empty()) {
    add("missing-tag", where,
        fmt::format("an earlier release put '{}' there, and the tag is gone", tag.new_digest),
        kPublish);
    return;
  }
  if (digest != tag.new_digest) {
    add("foreign-tag", where,
        fmt::format("it holds '{}'; an earlier release put '{}' there", digest, tag.new_digest),
        kPublish);
  }
  examine_platforms(tag, digest);
}

void Doctor::examine_former(const stack::DocumentTag& tag, const std::string& digest) {
  if (digest.empty()) return;
  if (digest != tag.new_digest) {
    add("foreign-tag", place({tag.repository, tag.tag}),
        fmt::format("it holds '{}'; an earlier release put '{}' there, and none sets it any more",
                    digest, tag.new_digest),
        kRemove);
  }
  if (!is_arch(tag) && index(tag.repository, digest))
    indexes_.emplace(std::pair(tag.repository, digest), Index{digest, tag.tag, kRemove});
}

void Doctor::examine_platforms(const stack::DocumentTag& tag, const std::string& digest) {
  if (is_arch(tag)) return;
  const auto image =
      std::find_if(description_.images.begin(), description_.images.end(),
                   [&](const stack::ReleaseImage& one) { return one.target == tag.target; });
  const auto found = index(tag.repository, digest);
  if (found) {
    indexes_.emplace(std::pair(tag.repository, digest),
                     Index{digest, "", "cairn push " + tag.target});
  }
  if (image == description_.images.end()) return;
  if (image->skew == stack::Skew::partial && tag.kind == to_string(stack::TagKind::merged)) return;
  std::vector<std::string> missing;
  for (const oci::Platform& platform : image->platforms) {
    const bool has_it =
        found && std::any_of(found->manifests.begin(), found->manifests.end(),
                             [&](const oci::Descriptor& one) { return one.platform == platform; });
    if (!has_it) missing.push_back(platform.to_string());
  }
  if (missing.empty()) return;
  add("missing-platform", place({tag.repository, tag.tag}),
      fmt::format("'{}' is promised for {}, and '{}' is not", tag.target, join(missing, ", "),
                  digest),
      kPublish);
}

void Doctor::examine_children() {
  Places children;
  std::vector<Index> parents;
  std::set<std::pair<std::string, std::string>> known;
  for (const auto& [place, parent] : indexes_) {
    const auto found = index(place.first, place.second);
    for (const oci::Descriptor& child : found->manifests) {
      const std::pair at(place.first, child.digest.to_string());
      if (!known.insert(at).second) continue;
      children.push_back(at);
      parents.push_back(parent);
    }
  }
  const std::vector<char> there = which_are_there(destination_, children, at_once_);
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (there[i] != 0) continue;
    const Index& parent = parents[i];
    const std::string under = parent.tag.empty() ? "" : ", the former tag '" + parent.tag + "',";
    add("dangling-child", destination_.place_of(children[i].first) + "@" + children[i].second,
        fmt::format("'{}'{} names it, and it is gone", parent.digest, under), parent.command);
  }
}

void Doctor::examine_tests(const std::vector<stack::DocumentImage>& images) {
  for (const stack::DocumentImage& image : images) {
    if (!description_.publishes(image.target)) continue;
    for (const stack::DocumentImage::Platform& platform : image.platforms) {
      if (platform.tests > 0 && platform.passed == platform.tests) continue;
      const std::string what = platform.tests == 0 ? "no test was run"
                                                   : fmt::format("{} of {} tests passed",
                                                                 platform.passed, platform.tests);
      add("untested-digest",
          destination_.place_of(image.repository) + "@" + platform.manifest_digest,
          fmt::format("'{}' ({}): {}", image.target, platform.platform.to_string(), what),
          "test it, then publish again: cairn release publish");
    }
  }
}

void Doctor::examine_images() {
  for (const stack::ReleaseImage& image : description_.images) {
    if (history_->image(image.target) != nullptr) continue;
    add("missing-image", destination_.place_of(image.repository),
        fmt::format("'{}' is declared, and no release document that is still there names it",
                    image.target),
        kPublish);
  }
}

/// An image that was left out of the last release may stand on what its parent was before.
void Doctor::examine_bases() {
  for (const stack::ReleaseImage& image : description_.images) {
    const stack::DocumentImage* known = history_->image(image.target);
    const auto text =
        known == nullptr ? std::nullopt : bytes(image.repository, known->index_digest);
    if (!text) continue;
    const Json document = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!document.is_object()) continue;
    const auto annotations = string_map_or_empty(document, "annotations");
    const std::string prefix = stack::kAnnotationPrefix;
    const auto name = annotations.find(prefix + "base.name");
    const auto digest = annotations.find(prefix + "base.digest");
    if (name == annotations.end() || digest == annotations.end()) continue;
    const auto is_base = [&](const stack::ReleaseImage& one) {
      return stack::declared_name(one.repository, one.variant) == name->second;
    };
    const auto parent =
        std::find_if(description_.images.begin(), description_.images.end(), is_base);
    if (parent == description_.images.end()) continue;
    const stack::DocumentImage* now = history_->image(parent->target);
    if (now == nullptr || now->index_digest == digest->second) continue;
    add("stale-base", destination_.place_of(image.repository) + "@" + known->index_digest,
        fmt::format("'{}' stands on '{}', and '{}' is '{}' by now", image.target, digest->second,
                    parent->target, now->index_digest),
        "build and test it, then publish again: cairn release publish");
  }
}

/// Tags that are there and that nobody here has put there.
void Doctor::examine_names() {
  std::set<std::string> repositories{description_.root_repository};
  for (const stack::ReleaseImage& image : description_.images)
    repositories.insert(image.repository);
  const std::vector<std::string> all(repositories.begin(), repositories.end());
  std::vector<std::vector<std::string>> tags(all.size());
  std::atomic<bool> stop{false};
  registry::in_parallel(all.size(), at_once_, stop,
                        [&](std::size_t i) { tags[i] = destination_.tags(all[i]); });
  const TagForms anchors(description_.anchor_tags, "", description_.images);
  const TagForms pinned(description_.pinned, description_.pinned_suffix, description_.images);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::string& tag : tags[i]) {
      if (tag == kReleaseTag || belongs_to_digest(tag) || history_->names(all[i], tag)) continue;
      const bool is_anchor = anchors.may_give(tag);
      // Of pinned ones there are more than a release document says.
      if (!is_anchor && pinned.may_give(tag)) continue;
      const char* what = is_anchor ? "a staging tag, whose release is over"
                                   : "no release document that is still there names it";
      add(is_anchor ? "staging-tag" : "orphan-tag", place({all[i], tag}), what, kRemove);
    }
  }
}

std::vector<Finding> Doctor::run() {
  const std::optional<JournalEntry> current = journal_.read();
  history_.emplace(journal_, current);
  const JournalEntry* newest = history_->newest();
  if (newest == nullptr) {
    add("no-release", journal_.place(), "nothing was released here yet", kPublish);
    return std::move(findings_);
  }
  // Older documents are read on the way, and what `newest` points at stays where it is.
  examine_state(newest->document);
  examine_tags(newest->document);
  examine_carried(newest->document.carried);
  examine_children();
  examine_tests(newest->document.images);
  examine_tests(newest->document.carried.images);
  examine_images();
  examine_bases();
  examine_names();
  return std::move(findings_);
}

}  // namespace

std::vector<Finding> examine(const stack::ReleaseDescription& description, Destination& destination,
                             int at_once) {
  return Doctor(description, destination, at_once).run();
}

}  // namespace cairn::publish
