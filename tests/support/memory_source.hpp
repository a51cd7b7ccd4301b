// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"
#include "registry/blob_source.hpp"
#include "registry/transport.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace cairn::testing {

inline std::string header_of(const registry::Request& request, const std::string& name) {
  for (const std::string& header : request.headers) {
    if (header.starts_with(name + ": ")) return header.substr(name.size() + 2);
  }
  return {};
}

/// Images in memory, made blob by blob; it can be told to lie.
class MemorySource : public registry::BlobSource {
 public:
  std::string name() const override { return "'memory'"; }

  std::unique_ptr<registry::Reader> open(const oci::Descriptor& blob,
                                         std::uint64_t offset) override {
    const auto found = blobs_.find(blob.digest.hex());
    if (found == blobs_.end()) throw Error("no blob '" + blob.digest.to_string() + "'");
    return std::make_unique<TextReader>(found->second.substr(offset));
  }

  oci::Descriptor layer(const std::string& bytes) {
    return add("application/vnd.oci.image.layer.v1.tar+gzip", bytes);
  }
  oci::Descriptor config(const std::string& bytes) {
    return add("application/vnd.oci.image.config.v1+json", bytes);
  }
  oci::Descriptor image(const oci::Descriptor& config, const std::vector<oci::Descriptor>& layers) {
    const std::string type = "application/vnd.oci.image.manifest.v1+json";
    Json document{{"schemaVersion", 2}, {"mediaType", type}, {"config", json_of(config)}};
    document["layers"] = Json::array();
    for (const oci::Descriptor& one : layers)
      document["layers"].push_back(json_of(one));
    return add(type, canonical_json(document));
  }
  oci::Descriptor index(const std::vector<oci::Descriptor>& children) {
    const std::string type = "application/vnd.oci.image.index.v1+json";
    Json document{{"schemaVersion", 2}, {"mediaType", type}};
    for (const oci::Descriptor& one : children)
      document["manifests"].push_back(json_of(one));
    return add(type, canonical_json(document));
  }
  std::string bytes(const oci::Descriptor& one) const { return blobs_.at(one.digest.hex()); }

  void lie(const oci::Digest& digest, const std::string& bytes) { blobs_[digest.hex()] = bytes; }

 private:
  class TextReader : public registry::Reader {
   public:
    explicit TextReader(std::string text) : text_(std::move(text)) {}
    std::size_t read(char* buffer, std::size_t most) override {
      const std::size_t got = text_.copy(buffer, most, at_);
      at_ += got;
      return got;
    }

   private:
    std::string text_;
    std::size_t at_ = 0;
  };

  static Json json_of(const oci::Descriptor& one) {
    return {{"mediaType", one.media_type}, {"digest", one.digest.to_string()}, {"size", one.size}};
  }
  oci::Descriptor add(const std::string& type, const std::string& bytes) {
    const oci::Digest digest = oci::Digest::of(bytes);
    blobs_[digest.hex()] = bytes;
    return {type, digest, bytes.size(), std::nullopt};
  }

  std::map<std::string, std::string> blobs_;
};

}  // namespace cairn::testing
