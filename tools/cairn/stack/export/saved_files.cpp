// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/saved_files.hpp"

#include "archive/decompressor.hpp"
#include "base/error.hpp"
#include "base/sha256.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace cairn::stack {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostDocuments = std::size_t{64} * 1024 * 1024;
constexpr int kMostLinks = 8;
constexpr std::string_view kBlobs = "blobs/sha256/";

/// Whether `head` begins a tar archive: a header whose checksum is right (POSIX.1, ustar), or the
/// zeros of an empty archive.
bool begins_tar(std::string_view head, std::uint64_t size) {
  if (size < 2 * kBlock || size % kBlock != 0) return false;
  constexpr std::size_t kChecksum = 148;
  constexpr std::size_t kWidth = 8;
  unsigned long sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool own = i >= kChecksum && i < kChecksum + kWidth;
    sum += own ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(head[i]);
  }
  if (sum == kWidth * ' ') return head[kChecksum] == '\0';
  const std::string field(head.substr(kChecksum, kWidth));
  return std::strtoul(field.c_str(), nullptr, 8) == sum;
}

oci::Digest finished(Sha256& hash) {
  return oci::Digest::parse("sha256:" + to_hex(hash.finish()));
}

/// The digest that the name of a file in an image layout says.
std::optional<oci::Digest> digest_of_name(const std::string& name) {
  if (name.rfind(kBlobs, 0) != 0) return std::nullopt;
  try {
    return oci::Digest::parse("sha256:" + name.substr(kBlobs.size()));
  } catch (const Error&) {
    return std::nullopt;
  }
}

class Passed : public FileTaker {
 public:
  void write(std::string_view) override {}
  std::optional<TakenLayer> finish() override { return std::nullopt; }
};

class Document : public FileTaker {
 public:
  explicit Document(std::string& text) : text_(text) { text_.clear(); }
  void write(std::string_view bytes) override { text_.append(bytes); }
  std::optional<TakenLayer> finish() override { return std::nullopt; }

 private:
  std::string& text_;
};

/// A layer that the store has, under the digest that these bytes must have: its own, or that of
/// its blob.
class Known : public FileTaker {
 public:
  Known(store::Layer layer, oci::Digest expected)
      : layer_(std::move(layer)), expected_(std::move(expected)) {}
  void write(std::string_view bytes) override { hash_.update(bytes); }
  std::optional<TakenLayer> finish() override {
    if (finished(hash_) != expected_) throw Mistaken();
    return TakenLayer{layer_, false};
  }

 private:
  store::Layer layer_;
  oci::Digest expected_;
  Sha256 hash_;
};

/// What a layer is when unpacked, found while it flows by.
class Unpacked {
 public:
  void take(std::string_view bytes) {
    hash_.update(bytes);
    size_ += bytes.size();
    if (head_.size() < store::kHeadBytes)
      head_.append(bytes.substr(0, store::kHeadBytes - head_.size()));
  }
  /// The layer that `map` has already, if it is given and has it; else a new one, whose blob
  /// `commit` puts in its place.
  template <typename Commit>
  TakenLayer finish(archive::Compression compression, const std::string& made_by,
                    const store::LayerMap* map, Commit commit) {
    const oci::Digest diff_id = finished(hash_);
    const std::string by = archive::to_string(compression);
    if (map != nullptr) {
      if (const auto first = map->find(diff_id, by)) return {*first, false};
    }
    const store::StoredBlob blob = commit();
    return {{diff_id, size_, sha256_hex(head_), by, made_by, blob.digest, blob.size}, true};
  }

 private:
  Sha256 hash_;
  std::uint64_t size_ = 0;
  std::string head_;
};

/// A tar archive, which goes into the store compressed.
class FreshTar : public FileTaker {
 public:
  FreshTar(const store::Store& store, archive::Compression compression)
      : map_(store),
        blob_(store.incoming(), store.blobs()),
        compression_(compression),
        compressor_(archive::make_compressor(
            compression, [this](std::string_view bytes) { blob_.write(bytes); })) {}
  void write(std::string_view bytes) override {
    unpacked_.take(bytes);
    compressor_->write(bytes);
  }
  std::optional<TakenLayer> finish() override {
    compressor_->finish();
    return unpacked_.finish(compression_, archive::compressor_name(compression_), &map_,
                            [this] { return blob_.commit(); });
  }

 private:
  const store::LayerMap map_;
  store::BlobWriter blob_;
  archive::Compression compression_;
  std::unique_ptr<archive::Compressor> compressor_;
  Unpacked unpacked_;
};

/// A layer that was compressed on the way out of the engine, and goes into the store as all do: a
/// known one by what it begins with when it is unpacked.
class Repacked : public FileTaker {
 public:
  Repacked(const store::Store& store, const std::vector<store::Layer>& known,
           archive::Compression from, archive::Compression to)
      : store_(store),
        known_(known),
        to_(to),
        decompressor_(
            archive::make_decompressor(from, [this](std::string_view bytes) { take(bytes); })) {}
  void write(std::string_view bytes) override { decompressor_->write(bytes); }
  std::optional<TakenLayer> finish() override {
    decompressor_->finish();
    if (!taker_) choose();
    return taker_->finish();
  }

 private:
  void take(std::string_view bytes) {
    if (taker_) return taker_->write(bytes);
    head_.append(bytes);
    if (head_.size() >= store::kHeadBytes) choose();
  }

  void choose() {
    const std::string hash = sha256_hex(std::string_view(head_).substr(0, store::kHeadBytes));
    const auto known = std::find_if(known_.begin(), known_.end(),
                                    [&](const store::Layer& layer) { return layer.head == hash; });
    if (known != known_.end()) {
      taker_ = std::make_unique<Known>(*known, known->diff_id);
    } else {
      taker_ = std::make_unique<FreshTar>(store_, to_);
    }
    taker_->write(head_);
    head_.clear();
  }

  const store::Store& store_;
  const std::vector<store::Layer>& known_;
  archive::Compression to_;
  std::string head_;
  std::unique_ptr<FileTaker> taker_;
  std::unique_ptr<archive::Decompressor> decompressor_;
};

/// A layer that the engine has compressed, which goes into the store as it is.
class FreshPacked : public FileTaker {
 public:
  FreshPacked(const store::Store& store, archive::Compression compression,
              std::optional<oci::Digest> expected)
      : blob_(store.incoming(), store.blobs()),
        expected_(std::move(expected)),
        compression_(compression),
        decompressor_(archive::make_decompressor(
            compression, [this](std::string_view bytes) { unpacked_.take(bytes); })) {}
  void write(std::string_view bytes) override {
    blob_.write(bytes);
    decompressor_->write(bytes);
  }
  std::optional<TakenLayer> finish() override {
    decompressor_->finish();
    return unpacked_.finish(compression_, "engine", nullptr,
                            [this] { return blob_.commit(expected_); });
  }

 private:
  store::BlobWriter blob_;
  std::optional<oci::Digest> expected_;
  archive::Compression compression_;
  Unpacked unpacked_;
  std::unique_ptr<archive::Decompressor> decompressor_;
};

}  // namespace

std::string blob_name(const oci::Digest& digest) {
  return std::string(kBlobs) + digest.hex();
}

SavedFiles::SavedFiles(const store::Store& store, std::vector<store::Layer> known, LayerRules rules)
    : store_(store), map_(store), known_(std::move(known)), rules_(rules) {}

void SavedFiles::begin_file(const std::string& name, std::uint64_t size) {
  name_ = std::filesystem::path(name).lexically_normal().string();
  size_ = size;
  head_.clear();
  taker_.reset();
}

void SavedFiles::file_bytes(std::string_view bytes) {
  if (taker_) return taker_->write(bytes);
  head_.append(bytes);
  if (head_.size() >= std::min<std::uint64_t>(store::kHeadBytes, size_)) decide();
}

void SavedFiles::end_file() {
  if (!taker_) decide();
  const auto taken = taker_->finish();
  taker_.reset();
  if (!taken) return;
  layers_.insert_or_assign(name_, taken->fresh ? map_.record(taken->layer) : taken->layer);
  if (taken->fresh) ++compressed_;
}

void SavedFiles::link(const std::string& name, const std::string& target, bool hard) {
  const std::filesystem::path from = std::filesystem::path(name).lexically_normal();
  const std::filesystem::path to =
      hard ? std::filesystem::path(target) : from.parent_path() / target;
  links_[from.string()] = to.lexically_normal().string();
}

std::optional<std::string> SavedFiles::document(const std::string& name) const {
  const auto found = documents_.find(followed(name));
  return found == documents_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<store::Layer> SavedFiles::layer(const std::string& name) const {
  const auto found = layers_.find(followed(name));
  return found == layers_.end() ? std::nullopt : std::optional(found->second);
}

void SavedFiles::decide() {
  taker_ = taker_for(std::string_view(head_).substr(0, store::kHeadBytes));
  taker_->write(head_);
  head_.clear();
}

std::unique_ptr<FileTaker> SavedFiles::taker_for(std::string_view head) {
  if (const auto compression = archive::compression_of(head)) return taker_of_packed(*compression);
  if (begins_tar(head, size_)) return taker_of_tar(head);
  if (size_ > store::kMostDocument) return std::make_unique<Passed>();
  documents_size_ += size_;
  if (documents_size_ > kMostDocuments) throw Error("the engine saved too many small files");
  return std::make_unique<Document>(documents_[name_]);
}

std::unique_ptr<FileTaker> SavedFiles::taker_of_packed(archive::Compression compression) {
  if (!rules_.keep_packed) {
    return std::make_unique<Repacked>(store_, known_, compression, rules_.compression);
  }
  const auto digest = digest_of_name(name_);
  const auto known = std::find_if(known_.begin(), known_.end(), [&](const store::Layer& layer) {
    return digest && layer.digest == *digest && layer.size == size_;
  });
  if (known != known_.end()) return std::make_unique<Known>(*known, known->digest);
  return std::make_unique<FreshPacked>(store_, compression, digest);
}

std::unique_ptr<FileTaker> SavedFiles::taker_of_tar(std::string_view head) {
  const std::string hash = sha256_hex(head);
  const auto known = std::find_if(known_.begin(), known_.end(), [&](const store::Layer& layer) {
    return layer.diff_size == size_ && layer.head == hash;
  });
  if (known != known_.end()) return std::make_unique<Known>(*known, known->diff_id);
  return std::make_unique<FreshTar>(store_, rules_.compression);
}

// Links may lead to links, and in circles.
std::string SavedFiles::followed(const std::string& name) const {
  std::string at = std::filesystem::path(name).lexically_normal().string();
  for (int i = 0; i < kMostLinks; ++i) {
    const auto found = links_.find(at);
    if (found == links_.end()) break;
    at = found->second;
  }
  return at;
}

}  // namespace cairn::stack
