// SPDX-License-Identifier: BSD-3-Clause
#include "registry/transport.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "registry/errors.hpp"

#include <ctime>
#include <curl/curl.h>
#include <exception>
#include <mutex>
#include <set>

namespace cairn::registry {
namespace {

constexpr long kUploadBuffer = 256L << 10;

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

HeaderList header_list(const std::vector<std::string>& headers) {
  curl_slist* list = nullptr;
  for (const std::string& header : headers)
    list = curl_slist_append(list, header.c_str());
  return {list, &curl_slist_free_all};
}

struct Sink {
  Answer answer;
  std::size_t most_bytes = 0;
  bool too_long = false;
  CURL* handle = nullptr;
  const std::function<void(std::string_view, bool)>* on_body = nullptr;
  bool begun = false;
  Reader* body = nullptr;
  std::exception_ptr thrown;  ///< by a reader or taker
};

bool is_success(CURL* handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status / 100 == 2;
}

// libcurl calls these: nothing may be thrown through it.
std::size_t give_body(char* buffer, std::size_t size, std::size_t count, void* user) noexcept {
  auto& sink = *static_cast<Sink*>(user);
  try {
    return sink.body->read(buffer, size * count);
  } catch (...) {
    sink.thrown = std::current_exception();
    return CURL_READFUNC_ABORT;
  }
}

std::size_t hand_on(Sink& sink, std::string_view piece) noexcept {
  try {
    (*sink.on_body)(piece, !sink.begun);
    sink.begun = true;
    return piece.size();
  } catch (...) {
    sink.thrown = std::current_exception();
    return 0;
  }
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& sink = *static_cast<Sink*>(user);
  const std::size_t length = size * count;
  if (*sink.on_body && is_success(sink.handle)) return hand_on(sink, {data, length});
  sink.too_long = sink.answer.body.size() + length > sink.most_bytes;
  if (sink.too_long) return 0;
  sink.answer.body.append(data, length);
  return length;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& sink = *static_cast<Sink*>(user);
  const std::string line(data, size * count);
  const std::size_t colon = line.find(':');
  // A status line begins a new answer: a 100 or a proxy's own came before it.
  if (line.rfind("HTTP/", 0) == 0) {
    sink.answer.headers.clear();
    sink.answer.earlier.clear();
  }
  if (colon != std::string::npos) {
    const std::string name = to_lower(trim(line.substr(0, colon)));
    const auto [place, fresh] = sink.answer.headers.try_emplace(name);
    if (!fresh) sink.answer.earlier.emplace(name, std::move(place->second));
    place->second = trim(line.substr(colon + 1));
  }
  return size * count;
}

int look_for_interrupt(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  return interrupted() ? 1 : 0;
}

/// What a wrong name or port looks like, and a server that is just being restarted.
bool is_not_found(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT;
}

bool is_final(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return true;
    default:
      return false;
  }
}

std::string hint_for(CURLcode code) {
  if (code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_SSL_CACERT_BADFILE) return {};
  return "name the bundle of CA certificates that it is signed by: --ca-bundle FILE";
}

/// A proxy sees all of what is sent without TLS, credentials included, and what it calls this
/// machine is its own.
bool goes_straight(const Url& url) {
  return !url.is_https() || url.is_loopback();
}

std::vector<std::string> all_headers(const Request& request) {
  std::vector<std::string> headers = request.headers;
  // libcurl would wait a second for a "100 Continue" that many a proxy never sends.
  if (!request.body.empty() || request.open_body) headers.emplace_back("Expect:");
  // And it would call an empty body a form.
  if (request.body.empty() && !request.open_body) headers.emplace_back("Content-Type:");
  return headers;
}

/// The servers that have answered. For any number of threads.
class Met {
 public:
  void add(const Url& url) {
    const std::lock_guard guard(mutex_);
    origins_.insert(url.resolve("/").text());
  }
  bool has(const Url& url) {
    const std::lock_guard guard(mutex_);
    return origins_.contains(url.resolve("/").text());
  }

 private:
  std::mutex mutex_;
  std::set<std::string> origins_;
};

/// One handle, for one thread at a time.
class CurlTransport : public Transport {
 public:
  CurlTransport(TransportOptions options, Met& met)
      : options_(std::move(options)), met_(met), handle_(curl_easy_init(), &curl_easy_cleanup) {
    if (!handle_) throw Error("libcurl does not start");
  }

  Answer send(const Request& request) override {
    Sink sink;
    sink.most_bytes = request.most_bytes;
    sink.handle = handle_.get();
    sink.on_body = &request.on_body;
    const auto body = request.open_body ? request.open_body() : nullptr;
    sink.body = body.get();
    const HeaderList headers = header_list(all_headers(request));
    prepare(request, headers.get(), sink);
    const CURLcode code = curl_easy_perform(handle_.get());
    check_interrupted();
    if (sink.thrown) std::rethrow_exception(sink.thrown);
    if (sink.too_long) {
      throw Error(describe(request) + ": the answer is longer than " +
                  format_bytes(request.most_bytes));
    }
    if (code != CURLE_OK) fail(request, code);
    met_.add(request.url);
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    sink.answer.status = static_cast<int>(status);
    return std::move(sink.answer);
  }

 private:
  void prepare(const Request& request, curl_slist* headers, Sink& sink) {
    CURL* handle = handle_.get();
    curl_easy_reset(handle);  // keeps connections
    curl_easy_setopt(handle, CURLOPT_URL, request.url.text().c_str());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.method == "HEAD") curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (sink.body != nullptr) {
      curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
      curl_easy_setopt(handle, CURLOPT_READFUNCTION, &give_body);
      curl_easy_setopt(handle, CURLOPT_READDATA, &sink);
      curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
                       static_cast<curl_off_t>(request.body_bytes));
    } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
      // An empty body has a length, too.
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "cairn/" CAIRN_VERSION);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    // Else as the environment says: libcurl itself would take a proxy for this machine, too.
    if (goes_straight(request.url)) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, options_.connect_seconds);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, options_.stall_seconds);
    if (!options_.ca_file.empty()) {
      curl_easy_setopt(handle, CURLOPT_CAINFO, options_.ca_file.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error_);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &sink);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &sink);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &look_for_interrupt);
    error_[0] = '\0';
  }

  [[noreturn]] void fail(const Request& request, CURLcode code) const {
    const std::string why = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    const std::string text = describe(request) + ": " + why;
    if (is_final(code)) throw UnreachableError(text, hint_for(code));
    // Who has answered before is there, and comes back.
    if (is_not_found(code) && !met_.has(request.url)) throw UnreachableError(text);
    throw TransientError(text);
  }

  TransportOptions options_;
  Met& met_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
  char error_[CURL_ERROR_SIZE] = "";
};

/// All handles of the process, so that any thread finds an open connection.
class Pool : public Transport {
 public:
  explicit Pool(TransportOptions options) : options_(std::move(options)) {}

  Answer send(const Request& request) override {
    const auto give_back = [this](CurlTransport* handle) {
      const std::lock_guard guard(mutex_);
      free_.emplace_back(handle);
    };
    const std::unique_ptr<CurlTransport, decltype(give_back)> handle(take().release(), give_back);
    return handle->send(request);
  }

 private:
  std::unique_ptr<CurlTransport> take() {
    const std::lock_guard guard(mutex_);
    if (free_.empty()) return std::make_unique<CurlTransport>(options_, met_);
    auto handle = std::move(free_.back());
    free_.pop_back();
    return handle;
  }

  TransportOptions options_;
  Met met_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlTransport>> free_;
};

}  // namespace

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::vector<std::string> Answer::all_headers(const std::string& name) const {
  std::vector<std::string> all;
  const auto [begin, end] = earlier.equal_range(name);
  for (auto one = begin; one != end; ++one)
    all.push_back(one->second);
  if (const auto last = headers.find(name); last != headers.end()) all.push_back(last->second);
  return all;
}

std::optional<std::int64_t> http_date(const std::string& text) {
  const std::time_t date = curl_getdate(text.c_str(), nullptr);
  return date < 0 ? std::nullopt : std::optional<std::int64_t>(date);
}

std::unique_ptr<Transport> open_transport(const TransportOptions& options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error("libcurl does not start");
  return std::make_unique<Pool>(options);
}

}  // namespace cairn::registry
