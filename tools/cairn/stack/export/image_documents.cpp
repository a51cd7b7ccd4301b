// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/image_documents.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "oci/manifest.hpp"

namespace cairn::stack {
namespace {

/// Reads the documents of an image layout.
class LayoutDocuments {
 public:
  LayoutDocuments(const SavedFiles& files, const ExpectedImage& expected)
      : files_(files),
        expected_(expected),
        where_("what the engine saved of '" + expected.title + "'") {}

  /// Starting with the documents that `index` names.
  ImageDocuments under(const std::string& index) const {
    const auto found = find(oci::parse_index(index, where_), 0);
    if (!found)
      throw Error(where_ + " names no manifest with the config '" +
                  expected_.config_digest.to_string() + "'");
    return described(*found);
  }

  ImageDocuments from(const oci::Digest& digest) const {
    const std::string text = require(digest);
    if (oci::is_index_type(oci::media_type_of(text, "", where_))) return under(text);
    return described(text);
  }

 private:
  /// The manifest of the expected config; several platforms' may be there, and attestations.
  std::optional<std::string> find(const oci::Index& index, int depth) const {
    oci::check_depth(depth, where_);
    for (const oci::Descriptor& child : index.manifests) {
      // Of an index, one platform's alone may have been saved.
      const auto text = checked(child.digest);
      if (!text) continue;
      if (oci::is_index_type(child.media_type)) {
        if (auto found = find(oci::parse_index(*text, where_), depth + 1)) return found;
      } else if (oci::parse_manifest(*text, where_).config.digest == expected_.config_digest) {
        return text;
      }
    }
    return std::nullopt;
  }

  ImageDocuments described(const std::string& manifest) const {
    const oci::Manifest parsed = oci::parse_manifest(manifest, where_);
    const auto family = family_of_config(parsed.config.media_type);
    if (!family)
      throw Error(where_ + " has a config of the type '" + parsed.config.media_type + "'");
    const std::string config = require(parsed.config.digest);
    ImageDocuments documents{config, family_of(config, *family), {}, manifest};
    for (const oci::Descriptor& layer : parsed.layers)
      documents.layers.push_back(blob_name(layer.digest));
    return documents;
  }

  std::optional<std::string> checked(const oci::Digest& digest) const {
    auto text = files_.document(blob_name(digest));
    if (text && oci::Digest::of(*text) != digest) {
      throw Error(where_ + " has another document under '" + digest.to_string() + "'");
    }
    return text;
  }

  std::string require(const oci::Digest& digest) const {
    const auto text = checked(digest);
    if (!text) throw Error(where_ + " lacks the document '" + digest.to_string() + "'");
    return *text;
  }

  const SavedFiles& files_;
  const ExpectedImage& expected_;
  const std::string where_;
};

ImageDocuments of_docker_archive(const SavedFiles& files, const std::string& text,
                                 const std::string& title) {
  const Json manifest = Json::parse(text, nullptr, false);
  if (!manifest.is_array() || manifest.size() != 1 || !manifest[0].is_object()) {
    throw Error("the engine saved '" + title + "' without a manifest.json for it");
  }
  const auto config = files.document(string_or(manifest[0], "Config", ""));
  if (!config) throw Error("the engine saved '" + title + "' without its config");
  return {*config, ConfigFamily::docker, strings_or_empty(manifest[0], "Layers"), std::nullopt};
}

}  // namespace

ImageDocuments documents_of(const SavedFiles& files, const ExpectedImage& expected) {
  const LayoutDocuments layout(files, expected);
  if (expected.document) return layout.from(*expected.document);
  const auto manifest = files.document("manifest.json");
  if (manifest) return of_docker_archive(files, *manifest, expected.title);
  const auto index = files.document("index.json");
  if (!index) {
    throw Error("the engine saved '" + expected.title + "' without a manifest.json for it");
  }
  ImageDocuments documents = layout.under(*index);
  // Made for the archive alone: the engine does not know the image by it.
  documents.manifest.reset();
  return documents;
}

}  // namespace cairn::stack
