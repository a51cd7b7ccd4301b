// SPDX-License-Identifier: BSD-3-Clause
#include "publish/layout_push.hpp"

#include "base/error.hpp"
#include "registry/layout_source.hpp"
#include "registry/parallel.hpp"

#include <algorithm>
#include <atomic>

namespace cairn::publish {
namespace {

constexpr std::size_t kPiece = 1 << 18;

}  // namespace

std::optional<oci::Descriptor> first_missing(const oci::Layout& layout, const std::string& bytes,
                                             const std::string& media_type,
                                             const std::string& where) {
  for (const oci::Descriptor& one : oci::named_by(bytes, media_type, where)) {
    if (!layout.has_blob(one)) return one;
  }
  return std::nullopt;
}

/// From the layout when it has it, whole; else from the source, and then it is to be written.
std::string LayoutPush::read(const oci::Descriptor& descriptor) {
  if (layout_.has_blob(descriptor)) {
    try {
      registry::LayoutSource own(layout_);
      std::string bytes = registry::read_blob(own, descriptor, oci::kLargestManifest);
      ++report_.manifests_there;
      return bytes;
    } catch (const Error&) {
      // Then it is written again.
    }
  }
  documents_.push_back(
      {descriptor, registry::read_blob(source_, descriptor, oci::kLargestManifest)});
  return documents_.back().bytes;
}

void LayoutPush::plan(const oci::Descriptor& descriptor, int depth) {
  const std::string where = "'" + descriptor.digest.to_string() + "' in " + source_.name();
  oci::check_depth(depth, where);
  if (!planned_.insert(descriptor.digest).second) return;
  const std::size_t at = documents_.size();
  const std::string bytes = read(descriptor);
  oci::check_media_type(bytes, descriptor, where);
  const bool is_index = oci::is_index_type(descriptor.media_type);
  for (const oci::Descriptor& one : oci::named_by(bytes, descriptor.media_type, where)) {
    if (is_index) {
      plan(one, depth + 1);
    } else {
      blobs_.emplace(one.digest, one);
    }
  }
  // Behind its children.
  if (documents_.size() > at && documents_[at].descriptor.digest == descriptor.digest) {
    std::rotate(documents_.begin() + static_cast<std::ptrdiff_t>(at),
                documents_.begin() + static_cast<std::ptrdiff_t>(at) + 1, documents_.end());
  }
}

void LayoutPush::copy(const oci::Descriptor& blob) {
  const bool there = layout_.has_blob(blob);
  if (!there) {
    registry::BlobStream stream(source_, blob);
    const auto reader = stream.range(0, blob.size);
    auto made = layout_.new_blob(blob);
    std::vector<char> buffer(kPiece);
    while (const std::size_t got = reader->read(buffer.data(), buffer.size()))
      made.write({buffer.data(), got});
    made.commit();
  }
  const std::lock_guard guard(mutex_);
  there ? ++report_.blobs_there : ++report_.blobs_uploaded;
  if (!there) report_.bytes_uploaded += blob.size;
}

registry::PushReport LayoutPush::run(int at_once) {
  std::vector<oci::Descriptor> all;
  for (const auto& [digest, blob] : blobs_)
    all.push_back(blob);
  std::atomic<bool> stop{false};
  registry::in_parallel(all.size(), at_once, stop, [&](std::size_t i) { copy(all[i]); });
  for (const Document& document : documents_) {
    auto made = layout_.new_blob(document.descriptor);
    made.write(document.bytes);
    made.commit();
    ++report_.manifests_put;
  }
  return report_;
}

}  // namespace cairn::publish
