// SPDX-License-Identifier: BSD-3-Clause
#include "store/maintenance.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "oci/manifest.hpp"
#include "store/layer_map.hpp"

#include <algorithm>
#include <array>
#include <sys/file.h>

namespace cairn::store {
namespace {

namespace fs = std::filesystem;

/// An attestation or signature may hang below an index of indexes; nobody nests deeper.
constexpr int kMostDepth = 8;

void reach(const Store& store, const oci::Descriptor& from, int depth,
           std::set<oci::Digest>& reached) {
  if (!reached.insert(from.digest).second) return;
  const bool index = oci::is_index_type(from.media_type);
  if (!index && !oci::is_manifest_type(from.media_type)) return;
  if (depth > kMostDepth) throw Error("the index of the store is nested too deep");
  const auto bytes = store.read(from.digest, kMostDocument);
  if (!bytes) return;
  const std::string where = store.path_of(from.digest).string();
  if (index) {
    for (const oci::Descriptor& child : oci::parse_index(*bytes, where).manifests)
      reach(store, child, depth + 1, reached);
    return;
  }
  const oci::Manifest manifest = oci::parse_manifest(*bytes, where);
  reached.insert(manifest.config.digest);
  for (const oci::Descriptor& layer : manifest.layers)
    reached.insert(layer.digest);
}

/// A living writer holds a lock on what it writes.
bool is_left_over(const Folder& incoming, const std::string& name) {
  const auto file = incoming.open_file(name);
  return file && ::flock(file->get(), LOCK_EX | LOCK_NB) == 0;
}

std::size_t remove_left_overs(const Store& store, std::int64_t older_than, bool dry_run) {
  std::size_t removed = 0;
  for (const std::string& name : store.incoming().names()) {
    const auto facts = store.incoming().facts(name);
    if (!facts || facts->modified > older_than || !is_left_over(store.incoming(), name)) continue;
    if (dry_run || store.incoming().remove(name)) ++removed;
  }
  return removed;
}

fs::path tree_of(const Store& store, const std::string& name) {
  return trim(store.roots().read(name).value_or(""));
}

/// A tree that cannot be looked at may still be there: it is no reason to drop its blobs.
bool is_gone(const fs::path& tree) {
  std::error_code code;
  return fs::status(tree, code).type() == fs::file_type::not_found;
}

void forget_gone_roots(const Store& store) {
  for (const std::string& name : store.roots().names()) {
    if (is_gone(tree_of(store, name))) store.roots().remove(name);
  }
}

}  // namespace

void register_root(const Store& store, const fs::path& tree) {
  const std::string path = tree.string();
  const std::string name = sha256_hex(path).substr(0, 32);
  if (store.roots().read(name) != path + "\n") store.roots().write(name, path + "\n");
}

std::vector<fs::path> roots(const Store& store) {
  std::vector<fs::path> trees;
  for (const std::string& name : store.roots().names()) {
    const fs::path tree = tree_of(store, name);
    if (!is_gone(tree)) trees.push_back(tree);
  }
  std::sort(trees.begin(), trees.end());
  return trees;
}

std::set<oci::Digest> reached_from_index(const Store& store) {
  const std::string where = (store.layout().path() / "index.json").string();
  const auto text = store.layout().read("index.json");
  if (!text) throw UserError("store: '" + where + "' is missing");
  std::set<oci::Digest> reached;
  for (const oci::Descriptor& manifest : oci::parse_index(*text, where).manifests)
    reach(store, manifest, 0, reached);
  return reached;
}

Collected collect(const Store& store, const std::set<oci::Digest>& keep,
                  const CollectOptions& options) {
  const std::set<oci::Digest> reached = reached_from_index(store);
  const std::int64_t older_than = unix_now() - options.grace.count();
  Collected result;
  for (const ListedBlob& blob : store.list()) {
    if (keep.count(blob.digest) != 0 || reached.count(blob.digest) != 0) continue;
    // Times in the future are of a clock that was wrong: nobody knows how old the blob is.
    if (blob.modified > older_than) {
      ++result.young;
      continue;
    }
    if (!options.dry_run && !store.remove(blob.digest)) continue;
    ++result.blobs;
    result.bytes += blob.size;
  }
  result.left_over = remove_left_overs(store, older_than, options.dry_run);
  if (!options.dry_run) {
    LayerMap(store).prune();
    forget_gone_roots(store);
  }
  return result;
}

Verified verify(const Store& store) {
  Verified result;
  std::array<char, 262144> buffer{};
  for (const ListedBlob& blob : store.list()) {
    check_interrupted();
    try {
      auto reader = store.open(blob.digest);
      if (!reader) continue;
      while (reader->read(buffer) != 0) {
      }
      ++result.blobs;
      result.bytes += reader->size();
    } catch (const BadBlob& bad) {
      result.bad.emplace_back(bad.what());
    }
  }
  return result;
}

Usage usage(const Store& store, const std::set<oci::Digest>* of) {
  Usage result;
  for (const ListedBlob& blob : store.list()) {
    if (of != nullptr && of->count(blob.digest) == 0) continue;
    ++result.blobs;
    result.bytes += blob.size;
  }
  return result;
}

}  // namespace cairn::store
