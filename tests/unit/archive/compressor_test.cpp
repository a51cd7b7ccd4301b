// SPDX-License-Identifier: BSD-3-Clause
#include "archive/compressor.hpp"

#include "../../support/unpacked.hpp"
#include "fake_stack.hpp"

#include <gtest/gtest.h>

#include <zstd.h>

namespace cairn::archive {
namespace {

/// Some words and some noise, always the same.
std::string sample(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525U + 1013904223U;
    text += state % 3 == 0 ? "layers and layers " : std::string(1, static_cast<char>(state >> 24U));
  }
  text.resize(size);
  return text;
}

using Make = std::function<std::unique_ptr<Compressor>(ByteSink)>;

std::string compressed(const Make& make, const std::string& text, std::size_t piece) {
  std::string out;
  const auto compressor = make([&](std::string_view bytes) { out.append(bytes); });
  for (std::size_t at = 0; at < text.size(); at += piece)
    compressor->write(std::string_view(text).substr(at, piece));
  compressor->finish();
  return out;
}

std::unique_ptr<Compressor> gzip(ByteSink sink) {
  return make_compressor(Compression::gzip, std::move(sink));
}
std::unique_ptr<Compressor> zstd(ByteSink sink) {
  return make_compressor(Compression::zstd, std::move(sink));
}

TEST(Compressor, WritesGzipThatUnpacksToTheSame) {
  for (const std::size_t size : {0, 1, 511, 65536, 3000000}) {
    const std::string text = sample(size);
    for (const Make& make : {Make(gzip), Make(make_zlib_compressor)}) {
      EXPECT_EQ(testing::gunzipped(compressed(make, text, 100000)), text);
    }
  }
}

TEST(Compressor, MakesTheSameOfPiecesOfAnySize) {
  const std::string text = sample(1000000);
  for (const Make& make : {Make(gzip), Make(make_zlib_compressor), Make(zstd)}) {
    const std::string whole = compressed(make, text, text.size());
    EXPECT_LT(whole.size(), text.size());
    EXPECT_EQ(compressed(make, text, 777), whole);
    EXPECT_EQ(compressed(make, text, 65536), whole);
  }
}

TEST(Compressor, WritesNeitherTimeNorNameNorSystem) {
  for (const Make& make : {Make(gzip), Make(make_zlib_compressor)}) {
    const std::string bytes = compressed(make, "x", 1);
    // RFC 1952: magic, method, no flags, time 0; then the level; then the system.
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
    EXPECT_EQ(bytes[9], '\xff');
  }
}

TEST(Compressor, WritesZstdThatUnpacksToTheSame) {
  const std::string text = sample(3000000);
  const std::string bytes = compressed(zstd, text, 100000);
  std::string unpacked(text.size(), '\0');
  EXPECT_EQ(::ZSTD_decompress(unpacked.data(), unpacked.size(), bytes.data(), bytes.size()),
            text.size());
  EXPECT_EQ(unpacked, text);
}

TEST(Compressor, SaysWhatItIs) {
  EXPECT_EQ(to_string(Compression::gzip), "gzip");
  EXPECT_EQ(to_string(Compression::zstd), "zstd");
  EXPECT_EQ(compressor_name(Compression::zstd), "zstd");
}

TEST(Compressor, IsChosenByName) {
  EXPECT_EQ(parse_compression("gzip"), Compression::gzip);
  EXPECT_EQ(parse_compression("zstd"), Compression::zstd);
  EXPECT_EQ(cairn::testing::thrown_by([] { parse_compression("xz"); }),
            "unknown compression 'xz': expected gzip or zstd");
}

}  // namespace
}  // namespace cairn::archive
