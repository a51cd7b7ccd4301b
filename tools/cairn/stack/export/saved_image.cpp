// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/saved_image.hpp"

#include "archive/byte_queue.hpp"
#include "archive/tar.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

namespace cairn::stack {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostDocuments = std::size_t{64} * 1024 * 1024;
constexpr int kMostLinks = 8;

/// A layer was taken for one of the store by its size and head, and is another.
struct Mistaken {};

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

/// Reads `docker save` (of graph drivers and of 25 and later) and podman's docker-archive. In all
/// of them manifest.json, which says what is what, may come last.
class SavedFiles : public archive::TarVisitor {
 public:
  SavedFiles(const store::Store& store, const ExpectedImage& expected,
             archive::Compression compression, bool trust_heads)
      : store_(store), map_(store), compression_(compression) {
    for (const std::string& diff_id : expected.diff_ids) {
      if (!trust_heads) break;
      const auto layer = map_.find(oci::Digest::parse(diff_id), archive::to_string(compression));
      if (layer) known_.push_back(*layer);
    }
  }

  void begin_file(const std::string& name, std::uint64_t size) override {
    name_ = std::filesystem::path(name).lexically_normal().string();
    size_ = size;
    head_.clear();
    kind_ = Kind::undecided;
    diff_ = Sha256();
  }

  void file_bytes(std::string_view bytes) override {
    if (kind_ != Kind::undecided) return consume(bytes);
    head_.append(bytes);
    if (head_.size() >= std::min<std::uint64_t>(store::kHeadBytes, size_)) decide();
  }

  void end_file() override {
    if (kind_ == Kind::undecided) decide();
    if (kind_ == Kind::known) end_known();
    if (kind_ == Kind::fresh) end_fresh();
  }

  void link(const std::string& name, const std::string& target, bool hard) override {
    const std::filesystem::path from = std::filesystem::path(name).lexically_normal();
    const std::filesystem::path to =
        hard ? std::filesystem::path(target) : from.parent_path() / target;
    links_[from.string()] = to.lexically_normal().string();
  }

  std::optional<std::string> document(const std::string& name) const {
    const auto found = documents_.find(followed(name));
    return found == documents_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<store::Layer> layer(const std::string& name) const {
    const auto found = layers_.find(followed(name));
    return found == layers_.end() ? std::nullopt : std::optional(found->second);
  }
  std::size_t compressed() const { return compressed_; }

 private:
  enum class Kind { undecided, known, fresh, document, other };

  void decide() {
    const std::string_view start = std::string_view(head_).substr(0, store::kHeadBytes);
    if (begins_tar(start, size_)) {
      head_hash_ = sha256_hex(start);
      const auto known = std::find_if(known_.begin(), known_.end(), [&](const store::Layer& layer) {
        return layer.diff_size == size_ && layer.head == head_hash_;
      });
      if (known != known_.end()) {
        taken_for_ = *known;
        kind_ = Kind::known;
      } else {
        begin_fresh();
      }
    } else {
      kind_ = size_ <= store::kMostDocument ? Kind::document : Kind::other;
      documents_size_ += kind_ == Kind::document ? size_ : 0;
      if (documents_size_ > kMostDocuments) throw Error("the engine saved too many small files");
      if (kind_ == Kind::document) documents_[name_].clear();
    }
    consume(head_);
    head_.clear();
  }

  void begin_fresh() {
    kind_ = Kind::fresh;
    blob_.emplace(store_.incoming(), store_.blobs());
    compressor_ = archive::make_compressor(compression_,
                                           [this](std::string_view bytes) { blob_->write(bytes); });
  }

  void consume(std::string_view bytes) {
    if (kind_ == Kind::document) documents_[name_].append(bytes);
    if (kind_ == Kind::known || kind_ == Kind::fresh) diff_.update(bytes);
    if (kind_ == Kind::fresh) compressor_->write(bytes);
  }

  void end_known() {
    if (to_hex(diff_.finish()) != taken_for_->diff_id.hex()) throw Mistaken();
    layers_.insert_or_assign(name_, *taken_for_);
  }

  void end_fresh() {
    compressor_->finish();
    compressor_.reset();
    const store::StoredBlob blob = blob_->commit();
    blob_.reset();
    const store::Layer made{oci::Digest::parse("sha256:" + to_hex(diff_.finish())),
                            size_,
                            head_hash_,
                            archive::to_string(compression_),
                            archive::compressor_name(compression_),
                            blob.digest,
                            blob.size};
    layers_.insert_or_assign(name_, map_.record(made));
    ++compressed_;
  }

  std::string followed(const std::string& name) const {
    std::string at = std::filesystem::path(name).lexically_normal().string();
    for (int i = 0; i < kMostLinks; ++i) {
      const auto found = links_.find(at);
      if (found == links_.end()) break;
      at = found->second;
    }
    return at;
  }

  const store::Store& store_;
  const store::LayerMap map_;
  archive::Compression compression_;
  std::vector<store::Layer> known_;  ///< layers of the image that the store has
  std::map<std::string, std::string> documents_;
  std::size_t documents_size_ = 0;
  std::map<std::string, store::Layer> layers_;
  std::map<std::string, std::string> links_;
  std::size_t compressed_ = 0;

  std::string name_;
  std::uint64_t size_ = 0;
  std::string head_;
  std::string head_hash_;
  Kind kind_ = Kind::undecided;
  Sha256 diff_;
  std::optional<store::Layer> taken_for_;
  std::optional<store::BlobWriter> blob_;
  std::unique_ptr<archive::Compressor> compressor_;
};

void read_saved(engine::Engine& engine, const std::string& id, SavedFiles& files) {
  archive::ByteQueue queue([&](const archive::ByteQueue::Push& push) { engine.save(id, push); });
  try {
    archive::read_tar([&] { return queue.next(); }, files);
  } catch (const Mistaken&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const UnreachableError&) {
    throw;
  } catch (const Error& error) {
    throw Error("saving '" + id + "': " + error.what());
  }
}

Json manifest_of(const SavedFiles& files, const std::string& title) {
  const auto text = files.document("manifest.json");
  const Json manifest = text ? Json::parse(*text, nullptr, false) : Json();
  if (!manifest.is_array() || manifest.size() != 1 || !manifest[0].is_object()) {
    throw Error("the engine saved '" + title + "' without a manifest.json for it");
  }
  return manifest[0];
}

SavedImage checked(const SavedFiles& files, const ExpectedImage& expected,
                   const std::string& engine_kind) {
  const Json manifest = manifest_of(files, expected.title);
  const auto config = files.document(string_or(manifest, "Config", ""));
  if (!config) throw Error("the engine saved '" + expected.title + "' without its config");
  const oci::Digest digest = oci::Digest::of(*config);
  if (digest != expected.config_digest) {
    throw UserError("'" + expected.title + "' was saved with the config '" + digest.to_string() +
                        "' instead of '" + expected.config_digest.to_string() + "'",
                    engine_kind == "docker"
                        ? "build it again: cairn build --force " + expected.title
                        : "images of docker's format come out of " + engine_kind +
                              " as they are: take '--format oci' out of "
                              "CAIRN_BUILD_FLAGS");
  }
  SavedImage image{*config, {}, files.compressed()};
  const std::vector<oci::Digest> wanted = diff_ids_of(*config, expected.title);
  const std::vector<std::string> names = strings_or_empty(manifest, "Layers");
  if (names.size() != wanted.size()) {
    throw Error(fmt::format("'{}' was saved with {} layers, its config names {}", expected.title,
                            names.size(), wanted.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto layer = files.layer(names[i]);
    if (!layer) throw Error(fmt::format("'{}' was saved without layer {}", expected.title, i + 1));
    if (layer->diff_id != wanted[i]) {
      throw Error(fmt::format("layer {} of '{}' was saved as '{}', its config says '{}'", i + 1,
                              expected.title, layer->diff_id.to_string(), wanted[i].to_string()));
    }
    image.layers.push_back(*layer);
  }
  return image;
}

}  // namespace

SavedImage save_image(const store::Store& store, engine::Engine& engine,
                      const ExpectedImage& expected, archive::Compression compression) {
  try {
    SavedFiles files(store, expected, compression, /*trust_heads=*/true);
    read_saved(engine, expected.engine_id, files);
    return checked(files, expected, engine.endpoint().kind);
  } catch (const Mistaken&) {
    // Two layers of one size with one beginning, one of them new.
    SavedFiles files(store, expected, compression, /*trust_heads=*/false);
    read_saved(engine, expected.engine_id, files);
    return checked(files, expected, engine.endpoint().kind);
  }
}

std::vector<oci::Digest> diff_ids_of(const std::string& config, const std::string& title) {
  const Json document = Json::parse(config, nullptr, false);
  const Json rootfs = document.is_object() ? document.value("rootfs", Json()) : Json();
  if (!rootfs.is_object() || !rootfs.value("diff_ids", Json()).is_array()) {
    throw Error("the config of '" + title + "' names no layers");
  }
  std::vector<oci::Digest> all;
  for (const std::string& diff_id : strings_or_empty(rootfs, "diff_ids"))
    all.push_back(oci::Digest::parse(diff_id));
  return all;
}

}  // namespace cairn::stack
