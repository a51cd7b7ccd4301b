// SPDX-License-Identifier: BSD-3-Clause
#include "publish/layout_destination.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "publish/layout_push.hpp"
#include "registry/layout_source.hpp"

#include <system_error>
#include <utility>

namespace cairn::publish {

LayoutDestination::LayoutDestination(std::filesystem::path folder, int at_once)
    : folder_(std::move(folder)), at_once_(at_once) {}

// As other tools write what is in a layout: `oci:/releases:quay.io/jupyter/base-notebook:latest`.
std::string LayoutDestination::place_of(const std::string& repository) const {
  return "oci:" + folder_.string() + ":" + repository;
}

const oci::Layout* LayoutDestination::find() {
  const std::lock_guard guard(mutex_);
  if (layout_) return &*layout_;
  std::error_code error;
  const auto status = std::filesystem::status(folder_, error);
  if (status.type() == std::filesystem::file_type::not_found) return nullptr;
  if (std::filesystem::is_empty(folder_, error) && !error) return nullptr;
  return &layout_.emplace(oci::Layout::open(folder_));
}

const oci::Layout& LayoutDestination::make() {
  if (const oci::Layout* there = find()) return *there;
  const std::lock_guard guard(mutex_);
  if (!layout_) layout_.emplace(oci::Layout::make(folder_));
  return *layout_;
}

/// Without a media type where only the digest is known.
std::optional<oci::Descriptor> LayoutDestination::descriptor(const std::string& repository,
                                                             const std::string& tag_or_digest) {
  const oci::Layout* layout = find();
  if (layout == nullptr) return std::nullopt;
  if (!tag_or_digest.starts_with("sha256:")) {
    return layout->find_name(repository + ":" + tag_or_digest);
  }
  const oci::Digest digest = oci::Digest::parse(tag_or_digest);
  const auto size = layout->size_of(digest);
  if (!size) return std::nullopt;
  return oci::Descriptor{"", digest, *size, std::nullopt};
}

std::optional<oci::Digest> LayoutDestination::digest(const std::string& repository,
                                                     const std::string& tag) {
  const auto found = descriptor(repository, tag);
  return found ? std::optional(found->digest) : std::nullopt;
}

std::optional<HeldDocument> LayoutDestination::document(const std::string& repository,
                                                        const std::string& tag_or_digest) {
  const auto found = descriptor(repository, tag_or_digest);
  if (!found) return std::nullopt;
  std::string bytes = blob(repository, *found, oci::kLargestManifest);
  const std::string where = "'" + found->digest.to_string() + "' in " + name();
  std::string type = oci::media_type_of(bytes, found->media_type, where);
  return HeldDocument{found->digest, std::move(type), std::move(bytes)};
}

std::string LayoutDestination::blob(const std::string& /*repository*/, const oci::Descriptor& blob,
                                    std::size_t most_bytes) {
  const oci::Layout* layout = find();
  if (layout == nullptr) {
    throw Error("blob '" + blob.digest.to_string() + "' is not in " + name());
  }
  registry::LayoutSource source(*layout);
  return registry::read_blob(source, blob, most_bytes);
}

std::vector<std::string> LayoutDestination::tags(const std::string& repository) {
  std::vector<std::string> found;
  const oci::Layout* layout = find();
  if (layout == nullptr) return found;
  const std::string prefix = repository + ":";
  for (const std::string& name : layout->names()) {
    if (name.starts_with(prefix)) found.push_back(name.substr(prefix.size()));
  }
  return found;
}

registry::PushReport LayoutDestination::push(registry::BlobSource& source,
                                             const std::vector<Item>& items) {
  LayoutPush all(make(), source);
  for (const Item& item : items)
    all.add(item.root);
  return all.run(at_once_);
}

void LayoutDestination::put_tags(const std::vector<TagPut>& batch,
                                 const std::function<void()>& before_each) {
  if (before_each) before_each();
  put_tags_if(batch, {});
}

bool LayoutDestination::put_tags_if(const std::vector<TagPut>& batch,
                                    const std::vector<TagState>& seen) {
  const oci::Layout& layout = make();
  std::vector<std::pair<oci::Descriptor, std::string>> entries;
  for (const TagPut& put : batch) {
    check_bytes(put);
    const oci::Descriptor root{put.media_type, put.digest, put.bytes.size(), std::nullopt};
    const std::string where = "'" + put.name() + "' in " + name();
    if (const auto missing = first_missing(layout, put.bytes, put.media_type, where)) {
      throw UserError(
          where + ": the layout lacks '" + missing->digest.to_string() + "', which this names",
          "run it again: what is missing is pushed again");
    }
    if (!layout.has_blob(root)) {
      auto made = layout.new_blob(root);
      made.write(put.bytes);
      made.commit();
    }
    entries.emplace_back(root, put.name());
  }
  std::vector<oci::Layout::Seen> names;
  for (const TagState& one : seen)
    names.emplace_back(one.repository + ":" + one.tag, one.digest);
  return layout.list_all(entries, names);
}

std::int64_t LayoutDestination::now() {
  return unix_now();
}

}  // namespace cairn::publish
