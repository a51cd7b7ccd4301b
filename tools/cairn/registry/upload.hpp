// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/blob_source.hpp"
#include "registry/client.hpp"

#include <atomic>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace cairn::registry {

struct UploadOptions {
  std::uint64_t chunk_bytes = 0;            ///< of one request's body; 0: a blob is sent whole
  const std::atomic<bool>* stop = nullptr;  ///< ends an upload from outside, when set
  bool ask = true;                          ///< whether the blob is there, before it is sent
  std::optional<Url> begun{};               ///< an upload in the repository to use, or to cancel
};

/// How a blob came to be in a repository.
enum class Arrival { there, mounted, uploaded };

/// Brings one blob into one repository (distribution-spec, "Pushing blobs"): POST and one PUT, or
/// PATCHes where an upload broke and the registry knows how far it came, or where chunks are asked
/// for or a body is too large for the registry.
class Upload {
 public:
  Upload(Client& client, oci::Reference repository, BlobStream& stream, UploadOptions options);

  /// Mounts the blob from the first of `sources` (repositories of the same registry) that has it;
  /// else asks whether it is there, unless told not to; else sends it. Throws UserError when access
  /// or room is refused, UnreachableError when the registry does not answer, Error when the source
  /// lies.
  Arrival run(const std::vector<oci::Reference>& sources);

  /// Whether the repository has the blob. Throws Error when it has one of another size.
  bool is_there();

 private:
  bool mount_from(const oci::Reference& source);
  void begin();
  void send();
  bool send_once(Backoff& backoff);
  std::optional<Answer> try_to_send(std::string& why);
  Answer put_whole();
  Answer put_chunks();
  Answer call(const Request& request);
  void find_offset();
  void take_location(const Request& request, const Answer& answer);
  void cancel() noexcept;
  Request to_location(const std::string& method) const;
  Request closing() const;

  Client& client_;
  oci::Reference repository_;
  BlobStream& stream_;
  UploadOptions options_;
  std::string scope_;
  std::optional<Request> last_;  ///< that was sent to `location_`, without its body
  std::optional<Url> location_;  ///< of the upload that was begun
  std::uint64_t offset_ = 0;     ///< how much of the blob it holds
};

/// An upload that was begun to see whether one may push there, for whoever has something to send;
/// cancelled when nobody takes it, but not on the way out of a failure, which would have to wait
/// for a registry that does not answer any more.
class BegunUpload {
 public:
  /// Throws as Upload::run when one may not push to `repository`.
  BegunUpload(Client& client, oci::Reference repository);
  BegunUpload(const BegunUpload&) = delete;
  BegunUpload& operator=(const BegunUpload&) = delete;
  ~BegunUpload();

  /// Where it is, and whoever asks ends it; nothing when it was taken, or the registry did not say.
  std::optional<Url> take();

 private:
  Client& client_;
  oci::Reference repository_;
  int exceptions_ = std::uncaught_exceptions();
  std::optional<Url> location_;
};

/// Begins an upload to `repository` and cancels it. Throws as BegunUpload.
void try_push(Client& client, const oci::Reference& repository);

}  // namespace cairn::registry
