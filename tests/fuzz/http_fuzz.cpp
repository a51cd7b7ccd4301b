// SPDX-License-Identifier: BSD-3-Clause
//
// An engine's HTTP answers: read or refused with an Error, the same however the bytes come.
#include "base/error.hpp"
#include "engine/http.hpp"
#include "fuzz/property.hpp"

#include <cstdint>
#include <optional>

namespace {

using cairn::engine::HttpResponse;
using cairn::engine::ResponseReader;
using cairn::fuzz::require;

constexpr std::size_t kMaxBody = 4096;

// Nothing when the bytes are refused.
std::optional<HttpResponse> read(std::string_view bytes, std::size_t step) {
  try {
    ResponseReader reader(kMaxBody);
    bool done = false;
    for (std::size_t i = 0; i < bytes.size() && !done; i += step) {
      done = reader.feed(bytes.substr(i, step));
    }
    if (!done) {
      reader.finish();
    }
    return reader.take();
  } catch (const cairn::Error&) {
    return std::nullopt;
  }
}

// What a sink gets, in pieces, is the body.
std::optional<std::string> read_into_sink(std::string_view bytes) {
  std::string body;
  try {
    ResponseReader reader(kMaxBody, [&body](std::string_view piece) {
      body += piece;
      return body.size() <= kMaxBody;
    });
    if (!reader.feed(bytes)) {
      reader.finish();
    }
    return reader.take().status < 300 ? std::optional(body) : std::nullopt;
  } catch (const cairn::Error&) {
    return std::nullopt;
  }
}

bool same(const HttpResponse& one, const HttpResponse& other) {
  return one.status == other.status && one.headers == other.headers && one.body == other.body &&
         one.keep_alive == other.keep_alive;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, size + 1);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    const auto pieces = read(bytes, step);
    require(whole.has_value() == pieces.has_value(), "bytes are refused however they come");
    require(!whole || same(*whole, *pieces), "an answer is the same however its bytes come");
  }
  require(!whole || whole->body.size() <= kMaxBody, "a body is bounded");
  const auto sunk = read_into_sink(bytes);
  require(!whole || !sunk || *sunk == whole->body, "a sink gets the body");
  return 0;
}
