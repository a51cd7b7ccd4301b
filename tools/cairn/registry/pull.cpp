// SPDX-License-Identifier: BSD-3-Clause
#include "registry/pull.hpp"

#include "registry/errors.hpp"
#include "registry/layout_source.hpp"
#include "registry/parallel.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace cairn::registry {
namespace {

class Pull {
 public:
  Pull(Client& client, const oci::Reference& reference, const oci::Layout& layout)
      : client_(client), repository_(reference), layout_(layout), source_(layout) {}

  void collect(const RemoteManifest& found, int depth) {
    const std::string where = "'" + repository_.repository() + "@" + found.digest.to_string() + "'";
    oci::check_depth(depth, where);
    for (const oci::Descriptor& below : oci::named_by(found.bytes, found.media_type, where)) {
      if (oci::is_index_type(found.media_type)) {
        collect(fetch_manifest(below), depth + 1);
      } else {
        blobs_.emplace(below.digest.to_string(), below);
      }
    }
    documents_.push_back(found);
  }

  void fetch_blobs(int threads) {
    std::vector<oci::Descriptor> all;
    for (const auto& [digest, blob] : blobs_)
      all.push_back(blob);
    std::atomic<bool> stop{false};
    in_parallel(all.size(), threads, stop, [&](std::size_t i) { fetch_blob(all[i]); });
  }

  void write_documents() const {
    for (const RemoteManifest& one : documents_) {
      auto blob = layout_.new_blob({one.media_type, one.digest, one.bytes.size(), std::nullopt});
      blob.write(one.bytes);
      blob.commit();
    }
  }

  const PullReport& report() const { return report_; }

 private:
  RemoteManifest fetch_manifest(const oci::Descriptor& child) {
    oci::Reference reference = repository_;
    reference.tag.clear();
    reference.digest = child.digest.to_string();
    auto found = client_.manifest(reference);
    if (!found) throw Error("'" + reference.to_string() + "' is not in the registry");
    if (found->bytes.size() != child.size) {
      throw Error("'" + reference.to_string() + "' is " + std::to_string(found->bytes.size()) +
                  " bytes long, its descriptor says " + std::to_string(child.size));
    }
    found->media_type = child.media_type;
    return std::move(*found);
  }

  bool is_whole(const oci::Descriptor& blob) {
    if (!layout_.has_blob(blob)) return false;
    try {
      BlobStream stream(source_, blob);
      const auto reader = stream.range(0, blob.size);
      std::vector<char> buffer(1 << 18);
      while (reader->read(buffer.data(), buffer.size()) != 0) {
      }
      return true;
    } catch (const Error&) {
      return false;  // then it is fetched again
    }
  }

  void fetch_blob(const oci::Descriptor& blob) {
    const bool whole = is_whole(blob);
    if (!whole) {
      auto made = layout_.new_blob(blob);
      client_.copy_blob(repository_, blob, [&](std::string_view piece, bool anew) {
        if (anew) made.begin_anew();
        made.write(piece);
      });
      made.commit();
    }
    const std::lock_guard guard(mutex_);
    if (whole) {
      ++report_.blobs_there;
    } else {
      ++report_.blobs_fetched;
      report_.bytes_fetched += blob.size;
    }
  }

  Client& client_;
  oci::Reference repository_;
  const oci::Layout& layout_;
  LayoutSource source_;
  std::vector<RemoteManifest> documents_;  ///< children first
  std::map<std::string, oci::Descriptor> blobs_;
  std::mutex mutex_;
  PullReport report_{{"", oci::Digest::of(""), 0, std::nullopt}};
};

}  // namespace

PullReport pull_image(Client& client, const oci::Reference& reference, const oci::Layout& layout,
                      const std::string& tag, int threads) {
  const auto found = client.manifest(reference);
  if (!found) {
    throw UserError("'" + reference.to_string() + "' is not in the registry '" + reference.host +
                    "'");
  }
  Pull pull(client, reference, layout);
  pull.collect(*found, 0);
  pull.fetch_blobs(threads);
  pull.write_documents();
  PullReport report = pull.report();
  report.root = {found->media_type, found->digest, found->bytes.size(), std::nullopt};
  layout.list(report.root, tag);
  return report;
}

}  // namespace cairn::registry
