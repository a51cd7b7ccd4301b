// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "archive/compressor.hpp"
#include "archive/tar.hpp"
#include "oci/digest.hpp"
#include "store/layer_map.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::stack {

/// Where an image layout has a blob (image-spec, image-layout.md): `blobs/sha256/<hex>`.
std::string blob_name(const oci::Digest& digest);

/// A file was taken for a layer of the store by what it begins with, and is another.
struct Mistaken {};

/// A layer that an archive held.
struct TakenLayer {
  store::Layer layer;
  bool fresh = false;  ///< the store did not have it
};

/// Takes the bytes of one file of an archive.
class FileTaker {
 public:
  virtual ~FileTaker() = default;
  virtual void write(std::string_view bytes) = 0;
  /// The layer that the file is, when it is one.
  virtual std::optional<TakenLayer> finish() = 0;
};

/// How layers are to lie in the store.
struct LayerRules {
  archive::Compression compression = archive::Compression::gzip;
  /// Those that the engine has compressed stay as they are: it keeps them so, and knows the image
  /// by their digests. Else they were compressed for the archive alone, and are unpacked.
  bool keep_packed = false;
};

/// Reads what engines save: `docker save` (of graph drivers, and of 25 and later, which write an
/// image layout too), podman's docker-archive, and the oci-archive of podman and buildah. Layers go
/// into the store as they come, small files are kept for whoever asks: what is what they say, and
/// they may come last.
class SavedFiles : public archive::TarVisitor {
 public:
  /// `known`: layers of the store that are to be expected; they are hashed only. Throws Mistaken
  /// while it reads when a file turns out not to be the one it was taken for.
  SavedFiles(const store::Store& store, std::vector<store::Layer> known, LayerRules rules);

  void begin_file(const std::string& name, std::uint64_t size) override;
  void file_bytes(std::string_view bytes) override;
  void end_file() override;
  void link(const std::string& name, const std::string& target, bool hard) override;

  std::optional<std::string> document(const std::string& name) const;
  std::optional<store::Layer> layer(const std::string& name) const;
  std::size_t compressed() const { return compressed_; }  ///< layers that the store did not have

 private:
  void decide();
  std::unique_ptr<FileTaker> taker_for(std::string_view head);
  std::unique_ptr<FileTaker> taker_of_packed(archive::Compression compression);
  std::unique_ptr<FileTaker> taker_of_tar(std::string_view head);
  std::string followed(const std::string& name) const;

  const store::Store& store_;
  const store::LayerMap map_;
  const std::vector<store::Layer> known_;
  const LayerRules rules_;
  std::map<std::string, std::string> documents_;
  std::size_t documents_size_ = 0;
  std::map<std::string, store::Layer> layers_;
  std::map<std::string, std::string> links_;
  std::size_t compressed_ = 0;

  std::string name_;
  std::uint64_t size_ = 0;
  std::string head_;                  ///< of a file whose taker is not chosen yet
  std::unique_ptr<FileTaker> taker_;  ///< of the file that is being read
};

}  // namespace cairn::stack
