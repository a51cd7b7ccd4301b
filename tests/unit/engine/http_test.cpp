// SPDX-License-Identifier: BSD-3-Clause
#include "engine/http.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {

HttpResponse read_all(const std::string& bytes, std::size_t piece) {
  ResponseReader reader(1000);
  bool done = false;
  for (std::size_t i = 0; i < bytes.size(); i += piece)
    done = reader.feed(bytes.substr(i, piece));
  EXPECT_TRUE(done);
  return reader.take();
}

std::string error_of(const std::string& bytes) {
  try {
    ResponseReader reader(10);
    if (!reader.feed(bytes)) reader.finish();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Http, FormatsRequests) {
  EXPECT_EQ(format_request({"GET", "/info", {}}), "GET /info HTTP/1.1\r\nHost: docker\r\n\r\n");
  EXPECT_EQ(format_request({"POST", "/x?a=b", "{}"}),
            "POST /x?a=b HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}");
  EXPECT_EQ(format_request({"DELETE", "/x", {}}),
            "DELETE /x HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n");
}

TEST(Http, EncodesEverythingButUnreservedCharacters) {
  EXPECT_EQ(url_encode("a-Z_0.~"), "a-Z_0.~");
  EXPECT_EQ(url_encode("localhost:5000/x y\xC3\xA9"), "localhost%3A5000%2Fx%20y%C3%A9");
}

TEST(Http, ReadsACountedBodyInPiecesOfAnySize) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: "
      "11\r\n\r\nhello\r\nyou!";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const HttpResponse response = read_all(bytes, piece);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello\r\nyou!");
    EXPECT_EQ(response.headers.at("content-type"), "application/json");
    EXPECT_TRUE(response.keep_alive);
  }
}

TEST(Http, ReadsChunksWithExtensionsAndTrailers) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\nA;name=value\r\n, big worl\r\n1\r\nd\r\n0\r\nX-Trailer: y\r\n\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    EXPECT_EQ(read_all(bytes, piece).body, "hello, big world");
  }
}

TEST(Http, PassesOverInterimResponses) {
  const HttpResponse response =
      read_all("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 7);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
}

TEST(Http, ReadsUntilTheEndWhereNoLengthIsGiven) {
  ResponseReader reader(100);
  EXPECT_FALSE(reader.feed("HTTP/1.0 500 Oh\r\n\r\nwhat"));
  EXPECT_FALSE(reader.feed(" now"));
  reader.finish();
  const HttpResponse response = reader.take();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "what now");
  EXPECT_FALSE(response.keep_alive);
}

TEST(Http, HeedsConnectionClose) {
  EXPECT_FALSE(
      read_all("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", 9).keep_alive);
}

TEST(Http, GivesTheBodyToASinkThatMayStopIt) {
  std::string got;
  ResponseReader reader(3, [&](std::string_view bytes) {
    got.append(bytes);
    return got.size() < 6;
  });
  EXPECT_FALSE(reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"));
  EXPECT_TRUE(reader.feed("4\r\nefgh\r\n"));
  EXPECT_EQ(got, "abcdefgh");
  EXPECT_FALSE(reader.take().keep_alive);
}

TEST(Http, SaysWhatIsWrongWithAResponse) {
  const std::string prefix = "malformed HTTP response: ";
  EXPECT_EQ(error_of("SSH-2.0-OpenSSH\r\n\r\n"), prefix + "'SSH-2.0-OpenSSH'");
  EXPECT_EQ(error_of("HTTP/1.1 abc OK\r\n\r\n"), prefix + "invalid status 'abc'");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"), prefix + "header 'nonsense'");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
            prefix + "invalid content length '-1'");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"),
            prefix + "transfer encoding 'gzip'");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            prefix + "invalid chunk size 'xyz'");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"),
            prefix + "a chunk is longer than it said");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"),
            prefix + "the body is too long");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\n\r\n" + std::string(11, 'x')),
            prefix + "the body is too long");
  EXPECT_EQ(error_of(std::string(70000, 'x')), prefix + "the head is too long");
  EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"),
            "the connection ended inside a response");
}

}  // namespace
}  // namespace cairn::engine
