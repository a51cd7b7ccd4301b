// SPDX-License-Identifier: BSD-3-Clause
#include "publish/journal.hpp"

#include "base/json.hpp"
#include "registry/blob_source.hpp"

#include <map>
#include <utility>

namespace cairn::publish {
namespace {

constexpr const char* kReleaseType = "application/vnd.cairn.release.v1+json";
constexpr std::size_t kMostDocument = 64 << 20;

/// What is at hand, as a place to push from.
class BytesSource : public registry::BlobSource {
 public:
  std::string name() const override { return "'release document'"; }

  oci::Descriptor add(const char* media_type, std::string bytes) {
    oci::Descriptor one{media_type, oci::Digest::of(bytes), bytes.size(), std::nullopt};
    blobs_[one.digest] = std::move(bytes);
    return one;
  }

  std::unique_ptr<registry::Reader> open(const oci::Descriptor& blob,
                                         std::uint64_t offset) override {
    return registry::read_from(blobs_.at(blob.digest), offset);
  }

 private:
  std::map<oci::Digest, std::string> blobs_;
};

/// The layer that holds the document; nothing when this is another kind of thing.
std::optional<oci::Descriptor> layer_of(const HeldDocument& held, const std::string& where) {
  const Json manifest = Json::parse(held.bytes, nullptr, /*allow_exceptions=*/false);
  if (!oci::is_manifest_type(held.media_type) || !manifest.is_object()) return std::nullopt;
  if (string_or(manifest, "artifactType", "") != kReleaseType) return std::nullopt;
  for (const oci::Descriptor& layer : oci::parse_manifest(held.bytes, where).layers) {
    if (layer.media_type == kReleaseType) return layer;
  }
  return std::nullopt;
}

}  // namespace

std::optional<oci::Digest> digest_of(const std::optional<JournalEntry>& entry) {
  return entry ? std::optional(entry->digest) : std::nullopt;
}

Journal::Journal(Destination& destination, std::string root_repository)
    : destination_(destination), repository_(std::move(root_repository)) {}

std::string Journal::place() const {
  return destination_.place_of(repository_) + ":" + kReleaseTag;
}

std::optional<JournalEntry> Journal::read() {
  return read_named(kReleaseTag);
}

std::optional<JournalEntry> Journal::read(const oci::Digest& digest) {
  return read_named(digest.to_string());
}

std::optional<JournalEntry> Journal::read_named(const std::string& tag_or_digest) {
  const auto held = destination_.document(repository_, tag_or_digest);
  if (!held) return std::nullopt;
  const bool by_tag = tag_or_digest == kReleaseTag;
  const std::string where =
      "'" + (by_tag ? place() : destination_.place_of(repository_) + "@" + tag_or_digest) + "'";
  const auto layer = layer_of(*held, where);
  if (!layer) {
    throw UserError(where + " is no release document",
                    by_tag ? "remove that tag, or keep the release document in another repository: "
                             "ROOT of add_docker_stack"
                           : "");
  }
  const std::string text = destination_.blob(repository_, *layer, kMostDocument);
  return JournalEntry{held->digest, stack::ReleaseDocument::parse(text, where)};
}

TagPut Journal::prepare(const stack::ReleaseDocument& document) {
  BytesSource source;
  const oci::Descriptor config = source.add("application/vnd.oci.empty.v1+json", "{}");
  const oci::Descriptor layer = source.add(kReleaseType, document.to_text());
  const std::string bytes = canonical_json({{"schemaVersion", 2},
                                            {"mediaType", oci::kOciManifest},
                                            {"artifactType", kReleaseType},
                                            {"config", to_json(config)},
                                            {"layers", Json::array({to_json(layer)})}});
  const oci::Descriptor root = source.add(oci::kOciManifest, bytes);
  Destination::Item item{repository_, root};
  item.is_below_only = true;
  destination_.push(source, {item});
  return {repository_, kReleaseTag, root.digest, root.media_type, bytes};
}

void Journal::move_to(const TagPut& prepared, const std::function<void()>& before_each) {
  try {
    destination_.put_tags({prepared}, before_each);
  } catch (const ImmutableTagError& error) {
    throw UserError(error.what(), std::string("have the registry let the tag '") + kReleaseTag +
                                      "' be moved, which holds the release document");
  }
}

oci::Digest Journal::write(const stack::ReleaseDocument& document) {
  const TagPut put = prepare(document);
  move_to(put);
  return put.digest;
}

std::optional<oci::Digest> Journal::digest() {
  return destination_.digest(repository_, kReleaseTag);
}

bool Journal::still_names(const oci::Digest& digest) {
  return this->digest() == digest;
}

}  // namespace cairn::publish
