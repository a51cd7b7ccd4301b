// SPDX-License-Identifier: BSD-3-Clause
#include "engine/http.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::engine {
namespace {

constexpr std::size_t kMaxHead = 64UL * 1024;
constexpr std::size_t kMaxLine = 8UL * 1024;

[[noreturn]] void malformed(const std::string& what) {
  throw Error("malformed HTTP response: " + what);
}

std::size_t parse_number(std::string_view text, int base, const char* what) {
  std::size_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) {
    malformed(std::string("invalid ") + what + " '" + std::string(text) + "'");
  }
  return value;
}

}  // namespace

std::string format_request(const HttpRequest& request) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: docker\r\n";
  if (!request.body.empty()) text += "Content-Type: application/json\r\n";
  if (request.method != "GET" && request.method != "HEAD") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "\r\n" + request.body;
}

std::string url_encode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

ResponseReader::ResponseReader(std::size_t max_body, std::function<bool(std::string_view)> sink)
    : max_body_(max_body), sink_(std::move(sink)) {}

bool ResponseReader::feed(std::string_view bytes) {
  if (!bytes.empty()) started_ = true;
  pending_.append(bytes);
  while (state_ != State::done && step()) {
  }
  return state_ == State::done;
}

void ResponseReader::finish() {
  response_.keep_alive = false;
  if (state_ == State::until_end) state_ = State::done;
  if (state_ != State::done) throw Error("the connection ended inside a response");
}

bool ResponseReader::take_line(std::string& line) {
  const std::size_t end = pending_.find("\r\n");
  if (end == std::string::npos) {
    if (pending_.size() > kMaxLine) malformed("a line is too long");
    return false;
  }
  line = pending_.substr(0, end);
  pending_.erase(0, end + 2);
  return true;
}

bool ResponseReader::take_head() {
  const std::size_t end = pending_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (pending_.size() > kMaxHead) malformed("the head is too long");
    return false;
  }
  const std::string head = pending_.substr(0, end);
  pending_.erase(0, end + 4);
  parse_head(head);
  return true;
}

bool ResponseReader::take_counted() {
  const std::size_t count = std::min(remaining_, pending_.size());
  if (count == 0) return false;
  add_body(std::string_view(pending_).substr(0, count));
  pending_.erase(0, count);
  remaining_ -= count;
  if (remaining_ == 0 && state_ != State::done) {
    state_ = state_ == State::counted ? State::done : State::chunk_end;
  }
  return true;
}

bool ResponseReader::step() {
  std::string line;
  switch (state_) {
    case State::head:
      return take_head();
    case State::counted:
    case State::chunk_data:
      return take_counted();
    case State::chunk_size:
      if (!take_line(line)) return false;
      remaining_ = parse_number(trim(line.substr(0, line.find(';'))), 16, "chunk size");
      state_ = remaining_ == 0 ? State::trailer : State::chunk_data;
      return true;
    case State::chunk_end:
      if (!take_line(line)) return false;
      if (!line.empty()) malformed("a chunk is longer than it said");
      state_ = State::chunk_size;
      return true;
    case State::trailer:
      if (!take_line(line)) return false;
      if (line.empty()) state_ = State::done;
      return true;
    case State::until_end: {
      const std::string all = std::move(pending_);
      pending_.clear();
      add_body(all);
      return false;
    }
    case State::done:
      return false;
  }
  return false;
}

void ResponseReader::parse_head(const std::string& head) {
  const std::vector<std::string> lines = split_lines(head);
  if (lines.empty() || lines[0].rfind("HTTP/1.", 0) != 0 || lines[0].size() < 12) {
    malformed("'" + (lines.empty() ? head : lines[0].substr(0, 80)) + "'");
  }
  response_ = {};
  response_.status = static_cast<int>(parse_number(lines[0].substr(9, 3), 10, "status"));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string::npos) malformed("header '" + lines[i] + "'");
    response_.headers[to_lower(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
  }
  const auto connection = response_.headers.find("connection");
  response_.keep_alive =
      lines[0].rfind("HTTP/1.1", 0) == 0 &&
      (connection == response_.headers.end() || to_lower(connection->second) != "close");
  // An interim response (100 Continue) is followed by the real one.
  if (response_.status >= 100 && response_.status < 200) return;
  choose_body();
}

void ResponseReader::choose_body() {
  const auto encoding = response_.headers.find("transfer-encoding");
  const auto length = response_.headers.find("content-length");
  if (response_.status == 204 || response_.status == 304) {
    state_ = State::done;
  } else if (encoding != response_.headers.end()) {
    if (to_lower(encoding->second) != "chunked") {
      malformed("transfer encoding '" + encoding->second + "'");
    }
    state_ = State::chunk_size;
  } else if (length != response_.headers.end()) {
    remaining_ = parse_number(length->second, 10, "content length");
    if (!sink_ && remaining_ > max_body_) malformed("the body is too long");
    state_ = remaining_ == 0 ? State::done : State::counted;
  } else {
    state_ = State::until_end;
    response_.keep_alive = false;
  }
}

void ResponseReader::add_body(std::string_view bytes) {
  total_ += bytes.size();
  if (sink_ && response_.status < 300) {
    if (!sink_(bytes)) {
      state_ = State::done;
      response_.keep_alive = false;
    }
    return;
  }
  if (total_ > max_body_) malformed("the body is too long");
  response_.body.append(bytes);
}

}  // namespace cairn::engine
