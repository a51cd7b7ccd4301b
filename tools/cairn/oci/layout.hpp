// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/descriptor.hpp"
#include "base/json.hpp"
#include "oci/manifest.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::oci {

/// An image layout on disk (image-spec, image-layout.md), as somebody else may have made it:
/// nothing is read through a symbolic link, from outside of the folder, or from what is no regular
/// file. What its blobs hold is not verified here.
class Layout {
 public:
  /// Throws UserError when `folder` is no layout of a version that is known here.
  static Layout open(const std::filesystem::path& folder);
  /// As open; makes the folder and the layout where there is none. Any number of processes may.
  static Layout make(const std::filesystem::path& folder);

  /// What index.json lists: under `tag` (org.opencontainers.image.ref.name), or by digest; with an
  /// empty name the only one. Throws UserError when there is none, naming those there are.
  Descriptor find(const std::string& tag_or_digest) const;

  /// As find, by the name that an entry has; nothing when none has it. Throws UserError when two
  /// that differ have it.
  std::optional<Descriptor> find_name(const std::string& name) const;
  /// All names that entries have (org.opencontainers.image.ref.name), sorted.
  std::vector<std::string> names() const;

  /// The blob from `offset` on. Throws Error when it is absent, linked, or of another size.
  FileDescriptor open_blob(const Descriptor& blob, std::uint64_t offset) const;
  bool has_blob(const Descriptor& blob) const;                       ///< a regular file of its size
  std::optional<std::uint64_t> size_of(const Digest& digest) const;  ///< nothing: there is no blob

  /// A blob on its way in, under a name that no reader takes for one.
  class NewBlob {
   public:
    ~NewBlob();
    NewBlob(NewBlob&&) noexcept = default;
    void write(std::string_view bytes);  ///< throws Error: full disk
    void begin_anew();
    /// It is whole, and verified by the caller: renames it to its digest.
    void commit();

   private:
    friend class Layout;
    NewBlob(const Layout& layout, Digest digest);
    const Layout& layout_;
    Digest digest_;
    std::string name_;
    FileDescriptor file_;
    bool committed_ = false;
  };
  NewBlob new_blob(const Descriptor& blob) const;

  /// Lists `descriptor` in index.json, under `tag` (the one that had it loses it) when it is not
  /// empty; under a lock, so that processes do not lose each other's.
  void list(const Descriptor& descriptor, const std::string& tag) const;
  /// What a tag names; nothing when no entry has it.
  using Seen = std::pair<std::string, std::optional<Digest>>;
  /// The same of several, each with its tag, in one step: readers see all of them or none. False,
  /// and nothing is done, when a tag of `seen` names something else by now.
  bool list_all(const std::vector<std::pair<Descriptor, std::string>>& entries,
                const std::vector<Seen>& seen = {}) const;

  const std::filesystem::path& folder() const { return folder_; }
  std::string name() const { return "'oci:" + folder_.string() + "'"; }

 private:
  Layout(std::filesystem::path folder, FileDescriptor top);
  std::string read_document(const char* name, std::uint64_t most) const;
  Json read_index() const;
  Descriptor only_one(const std::vector<Json>& found, const std::string& what,
                      const std::string& hint) const;
  FileDescriptor blob_folder() const;

  std::filesystem::path folder_;
  FileDescriptor top_;
};

}  // namespace cairn::oci
