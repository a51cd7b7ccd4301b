// SPDX-License-Identifier: BSD-3-Clause
#include "registry/upload.hpp"

#include "registry/errors.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cairn::registry {
namespace {

// What a registry behind a proxy of small bodies is given after a 413; nginx's default is 1 MB.
constexpr std::uint64_t kSmallChunk = std::uint64_t{900} * 1024;
constexpr std::uint64_t kUnlimited = ~0ULL;

/// How much the registry holds, of `Range: 0-<last byte>` (distribution-spec, "Resuming an
/// upload"). registry 2.8 says `0-0` of nothing as well as of one byte.
std::uint64_t offset_of(const Answer& answer) {
  const std::string range = answer.header("range");
  const std::size_t dash = range.find('-');
  std::uint64_t last = 0;
  if (dash == std::string::npos) return 0;
  const char* const end = range.data() + range.size();
  const auto [at, error] = std::from_chars(range.data() + dash + 1, end, last);
  return error != std::errc() || at != end || last == 0 ? 0 : last + 1;
}

bool is_lost(const Answer& answer) {
  return answer.status == 404 || answer.status == 416 ||
         (answer.status == 400 &&
          (has_error_code(answer, "BLOB_UPLOAD_INVALID") ||
           has_error_code(answer, "BLOB_UPLOAD_UNKNOWN") ||
           // Our bytes are of the digest: they were changed on the way.
           has_error_code(answer, "DIGEST_INVALID") || has_error_code(answer, "SIZE_INVALID")));
}

}  // namespace

Upload::Upload(Client& client, oci::Reference repository, BlobStream& stream, UploadOptions options)
    : client_(client),
      repository_(std::move(repository)),
      stream_(stream),
      options_(std::move(options)),
      scope_(push_scope(repository_)),
      location_(options_.begun) {}

Arrival Upload::run(const std::vector<oci::Reference>& sources) {
  for (const oci::Reference& source : sources) {
    if (mount_from(source)) return Arrival::mounted;
  }
  try {
    if (options_.ask && is_there()) {
      cancel();
      return Arrival::there;
    }
    if (!location_) begin();
    send();
  } catch (...) {
    cancel();
    throw;
  }
  return Arrival::uploaded;
}

bool Upload::is_there() {
  const oci::Descriptor& blob = stream_.blob();
  const Request request{
      "HEAD", client_.url(repository_, "/blobs/" + blob.digest.to_string()), {}, {}};
  const Answer answer = client_.call_with_retries(repository_, scope_, request);
  if (answer.status == 404) return false;
  if (answer.status != 200) refuse(request, answer, repository_, Access::push);
  const std::string length = answer.header("content-length");
  if (!length.empty() && length != std::to_string(blob.size)) {
    throw Error(describe(request) + ": the registry holds " + length +
                " bytes under this digest, " + std::to_string(blob.size) + " are its own");
  }
  return true;
}

// Without an answer of 201 nothing is lost: the blob is looked for and sent as any other.
bool Upload::mount_from(const oci::Reference& source) {
  if (source.host != repository_.host || source.path == repository_.path) return false;
  const std::string digest = stream_.blob().digest.to_string();
  const Request request{"POST",
                        client_.url(repository_, "/blobs/uploads/?mount=" + url_encode(digest) +
                                                     "&from=" + url_encode(source.path)),
                        {},
                        {}};
  try {
    const Answer answer =
        client_.call_with_retries(repository_, scope_ + " " + pull_scope(source), request);
    cancel();  // what an earlier source gave instead
    if (answer.status == 201) return true;
    if (answer.status == 202) take_location(request, answer);
  } catch (const UserError&) {
    // The token server gives nothing for this source.
  }
  return false;
}

void Upload::begin() {
  const Request request{"POST", client_.url(repository_, "/blobs/uploads/"), {}, {}};
  const Answer answer = client_.call_with_retries(repository_, scope_, request);
  if (answer.status != 202) refuse(request, answer, repository_, Access::push);
  take_location(request, answer);
  offset_ = 0;
}

void Upload::take_location(const Request& request, const Answer& answer) {
  const std::string where = answer.header("location");
  if (where.empty()) throw Error(describe(request) + ": the answer names no location");
  location_ = request.url.resolve(where);
}

Request Upload::to_location(const std::string& method) const {
  return {method, *location_, {"Content-Type: application/octet-stream"}, {}};
}

/// The PUT that names the digest.
Request Upload::closing() const {
  Request request = to_location("PUT");
  const char* separator = location_->text().find('?') == std::string::npos ? "?" : "&";
  request.url = Url::parse(location_->text() + separator +
                           "digest=" + url_encode(stream_.blob().digest.to_string()));
  return request;
}

Answer Upload::put_whole() {
  Request request = closing();
  request.body_bytes = stream_.blob().size;
  request.open_body = [this] { return stream_.range(0, stream_.blob().size, options_.stop); };
  Answer answer = call(request);
  if (answer.status == 413 && options_.chunk_bytes == 0) {
    options_.chunk_bytes = kSmallChunk;
    location_.reset();  // of its state nothing is known
  }
  return answer;
}

Answer Upload::put_chunks() {
  const std::uint64_t size = stream_.blob().size;
  const std::uint64_t most = options_.chunk_bytes == 0 ? kUnlimited : options_.chunk_bytes;
  while (offset_ < size) {
    const std::uint64_t length = std::min(most, size - offset_);
    Request request = to_location("PATCH");
    request.headers.push_back("Content-Range: " + std::to_string(offset_) + "-" +
                              std::to_string(offset_ + length - 1));
    request.body_bytes = length;
    request.open_body = [this, length] { return stream_.range(offset_, length, options_.stop); };
    Answer answer = call(request);
    if (answer.status / 100 != 2) return answer;
    if (!answer.header("location").empty()) take_location(request, answer);
    const std::uint64_t told = offset_of(answer);
    offset_ = told != 0 && told <= size ? told : offset_ + length;
  }
  return call(closing());
}

Answer Upload::call(const Request& request) {
  last_ = {request.method, request.url, {}, {}};
  return client_.call(repository_, scope_, request);
}

void Upload::find_offset() {
  const Request request = to_location("GET");
  const Answer answer = client_.call_with_retries(repository_, scope_, request);
  if (answer.status != 204) {
    cancel();
    return;
  }
  if (!answer.header("location").empty()) take_location(request, answer);
  offset_ = std::min(offset_of(answer), stream_.blob().size);
}

/// The answer to the last request; nothing when none came.
std::optional<Answer> Upload::try_to_send(std::string& why) {
  try {
    const bool whole =
        offset_ == 0 && (options_.chunk_bytes == 0 || stream_.blob().size <= options_.chunk_bytes);
    return whole ? put_whole() : put_chunks();
  } catch (const TransientError& error) {
    why = error.what();
    return std::nullopt;
  }
}

void Upload::send() {
  Backoff backoff(client_.retry());
  while (!send_once(backoff)) {
  }
  location_.reset();
}

/// Whether the blob has arrived; if not, what is known of the upload is right for another time.
bool Upload::send_once(Backoff& backoff) {
  if (!location_) begin();
  std::string why;
  const std::optional<Answer> answer = try_to_send(why);
  if (answer && answer->status == 201) return true;
  if (answer && answer->status == 413 && !location_) return false;  // in small chunks now
  const bool lost = answer && is_lost(*answer);
  if (answer && !lost && !may_pass(*answer)) {
    refuse(*last_, *answer, repository_, Access::push);
  }
  const bool again = backoff.pause(answer ? &*answer : nullptr);
  // It may have arrived, and only its answer not.
  if ((!lost || !again) && is_there()) return true;
  if (!again && answer) refuse(*last_, *answer, repository_, Access::push);
  if (!again) throw UnreachableError(why);
  if (lost) cancel();
  if (location_) find_offset();
  return false;
}

void Upload::cancel() noexcept {
  if (!location_) return;
  try {
    client_.call(repository_, scope_, to_location("DELETE"));
  } catch (const std::exception&) {
    // The registry forgets uploads that nobody ends.
  }
  location_.reset();
  offset_ = 0;
}

BegunUpload::BegunUpload(Client& client, oci::Reference repository)
    : client_(client), repository_(std::move(repository)) {
  const Request request{"POST", client_.url(repository_, "/blobs/uploads/"), {}, {}};
  const Answer answer = client_.call_with_retries(repository_, push_scope(repository_), request);
  if (answer.status != 202 && answer.status != 201) {
    refuse(request, answer, repository_, Access::push);
  }
  const std::string where = answer.header("location");
  if (where.empty()) return;
  try {
    location_ = request.url.resolve(where);
  } catch (const Error&) {
    // One may push there, which is all that was asked; whoever uploads begins anew.
  }
}

BegunUpload::~BegunUpload() {
  const auto left = take();
  if (!left || std::uncaught_exceptions() > exceptions_) return;
  try {
    client_.call(repository_, push_scope(repository_), {"DELETE", *left, {}, {}});
  } catch (const std::exception&) {
    // Not every registry lets an upload be cancelled, and all forget it.
  }
}

std::optional<Url> BegunUpload::take() {
  return std::exchange(location_, std::nullopt);
}

void try_push(Client& client, const oci::Reference& repository) {
  const BegunUpload begun(client, repository);
}

}  // namespace cairn::registry
