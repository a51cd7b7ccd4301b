// SPDX-License-Identifier: BSD-3-Clause
#include "store/store.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

#include <array>
#include <unistd.h>

namespace cairn::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLayoutFile = "oci-layout";
constexpr const char* kIndexFile = "index.json";

void check_version(const Folder& layout, const std::string& text) {
  const Json document = Json::parse(text, nullptr, false);
  const std::string version =
      document.is_object() ? string_or(document, "imageLayoutVersion", "") : "";
  if (version.rfind("1.", 0) == 0) return;
  throw UserError(
      "store: '" + (layout.path() / kLayoutFile).string() + "' says no image layout of version 1",
      "name another folder: cmake -DCAIRN_STORE=<folder> -B <build folder>");
}

/// The index comes first: a layout that says its version is complete.
void make_layout(const Folder& layout) {
  if (const auto text = layout.read(kLayoutFile)) {
    check_version(layout, *text);
    return;
  }
  if (!layout.facts(kIndexFile)) {
    layout.write(kIndexFile, pretty_json({{"schemaVersion", 2},
                                          {"mediaType", "application/vnd.oci.image.index.v1+json"},
                                          {"manifests", Json::array()}}));
  }
  layout.write(kLayoutFile, "{\"imageLayoutVersion\":\"1.0.0\"}\n");
}

}  // namespace

Store::Store(const fs::path& root)
    : root_(Folder::open(root)),
      layout_(root_.below("oci")),
      blobs_(layout_.below("blobs").below("sha256")),
      layers_(root_.below("layers")),
      roots_(root_.below("roots")),
      incoming_(root_.below("incoming")) {
  const FileLock alone(lock_path("layout"), "", {});
  make_layout(layout_);
}

fs::path Store::lock_path(const std::string& name) const {
  const std::string where = fs::canonical(root()).string();
  return lock_directory() / ("store-" + sha256_hex(where).substr(0, 16) + "-" + name + ".lock");
}

std::unique_ptr<SharedLock> Store::hold(const std::function<void()>& on_wait) const {
  return std::make_unique<SharedLock>(lock_path("gc"), [&](const std::string&) {
    if (on_wait) on_wait();
  });
}

std::unique_ptr<FileLock> Store::hold_alone(const std::function<void()>& on_wait) const {
  return std::make_unique<FileLock>(lock_path("gc"), "gc", [&](const std::string&) {
    if (on_wait) on_wait();
  });
}

bool Store::take(const oci::Digest& digest, std::uint64_t size) const {
  const auto facts = blobs_.facts(digest.hex());
  if (!facts) return false;
  if (facts->size == size) return blobs_.touch(digest.hex());
  blobs_.remove(digest.hex());
  return false;
}

std::optional<std::uint64_t> Store::size_of(const oci::Digest& digest) const {
  const auto facts = blobs_.facts(digest.hex());
  return facts ? std::optional(facts->size) : std::nullopt;
}

fs::path Store::path_of(const oci::Digest& digest) const {
  return blobs_.path() / digest.hex();
}

StoredBlob Store::put(std::string_view bytes) const {
  BlobWriter blob = writer();
  blob.write(bytes);
  return blob.commit();
}

std::optional<BlobReader> Store::open(const oci::Digest& digest,
                                      std::optional<std::uint64_t> size) const {
  auto file = blobs_.open_file(digest.hex());
  if (!file) return std::nullopt;
  if (!size) size = size_of(digest);
  if (!size) return std::nullopt;
  return std::optional<BlobReader>(std::in_place, blobs_, std::move(*file), digest, *size);
}

std::optional<std::string> Store::read(const oci::Digest& digest, std::uint64_t most_bytes) const {
  auto reader = open(digest);
  if (!reader) return std::nullopt;
  if (reader->size() > most_bytes) {
    throw Error("blob '" + digest.to_string() + "' of the store has " +
                std::to_string(reader->size()) + " bytes, allowed are " +
                std::to_string(most_bytes));
  }
  std::string content;
  std::array<char, 65536> buffer{};
  while (const std::size_t got = reader->read(buffer))
    content.append(buffer.data(), got);
  return content;
}

std::vector<ListedBlob> Store::list() const {
  std::vector<ListedBlob> all;
  for (const std::string& name : blobs_.names()) {
    if (name.size() != 64 || name.find_first_not_of("0123456789abcdef") != std::string::npos) {
      throw UserError("store: '" + (blobs_.path() / name).string() + "' is no blob",
                      "look at it, and move it out of the store");
    }
    if (const auto facts = blobs_.facts(name)) {
      all.push_back({oci::Digest::parse("sha256:" + name), facts->size, facts->modified});
    }
  }
  return all;
}

bool Store::remove(const oci::Digest& digest) const {
  return blobs_.remove(digest.hex());
}

}  // namespace cairn::store
