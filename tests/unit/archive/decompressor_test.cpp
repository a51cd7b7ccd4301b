// SPDX-License-Identifier: BSD-3-Clause
#include "archive/decompressor.hpp"

#include "fake_stack.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace cairn::archive {
namespace {

std::string sample() {
  std::string text;
  for (std::uint64_t i = 0; i < 200000; ++i)
    text += static_cast<char>('a' + (i * i + i / 7) % 23);
  return text;
}

std::string packed(Compression compression, const std::string& text) {
  std::string out;
  const auto compressor =
      make_compressor(compression, [&](std::string_view bytes) { out.append(bytes); });
  compressor->write(text);
  compressor->finish();
  return out;
}

std::string unpacked(Compression compression, const std::string& bytes, std::size_t piece) {
  std::string out;
  const auto decompressor =
      make_decompressor(compression, [&](std::string_view some) { out.append(some); });
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    decompressor->write(std::string_view(bytes).substr(at, piece));
  decompressor->finish();
  return out;
}

class DecompressorOf : public ::testing::TestWithParam<Compression> {
 protected:
  std::string failure(const std::string& bytes) {
    return cairn::testing::thrown_by([&] { unpacked(GetParam(), bytes, 1000); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, DecompressorOf,
                         ::testing::Values(Compression::gzip, Compression::zstd));

TEST_P(DecompressorOf, GivesBackWhatWasCompressed) {
  for (const std::string& text : {std::string(), std::string("x"), sample()}) {
    const std::string bytes = packed(GetParam(), text);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{777}, bytes.size()})
      EXPECT_EQ(unpacked(GetParam(), bytes, piece), text);
  }
}

TEST_P(DecompressorOf, UnpacksWhatGrowsAThousandfold) {
  const std::string zeros(20U << 20U, '\0');
  EXPECT_EQ(unpacked(GetParam(), packed(GetParam(), zeros), 65536), zeros);
}

TEST_P(DecompressorOf, ReadsOnBehindTheEndOfAMember) {
  const std::string bytes =
      packed(GetParam(), sample()) + packed(GetParam(), "") + packed(GetParam(), "and more");
  EXPECT_EQ(unpacked(GetParam(), bytes, 4096), sample() + "and more");
}

TEST_P(DecompressorOf, TellsAStreamThatEndsTooEarly) {
  const std::string whole = packed(GetParam(), sample());
  const std::string name = to_string(GetParam());
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, whole.size() - 1})
    EXPECT_EQ(failure(whole.substr(0, size)), "a " + name + " stream ends too early");
  EXPECT_EQ(failure(whole + whole.substr(0, 5)), "a " + name + " stream ends too early");
}

TEST_P(DecompressorOf, TellsBytesThatAreNotOfTheFormat) {
  std::string bytes = packed(GetParam(), sample());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
  EXPECT_NE(failure(bytes), "");
  EXPECT_EQ(failure(packed(GetParam(), "x") + "no compressed data")
                .rfind("bad " + to_string(GetParam()) + " data: ", 0),
            0U);
}

TEST(Decompressor, SkipsFramesThatHoldNoData) {
  using namespace std::string_literals;
  const std::string skippable =
      "\x5f\x2a\x4d\x18\x03\x00\x00\x00"
      "abc"s;
  EXPECT_EQ(compression_of(skippable), Compression::zstd);
  EXPECT_EQ(unpacked(Compression::zstd, skippable + packed(Compression::zstd, "x") + skippable, 5),
            "x");
}

TEST(Decompressor, KnowsWhatAStreamIsCompressedBy) {
  EXPECT_EQ(compression_of(packed(Compression::gzip, "x")), Compression::gzip);
  EXPECT_EQ(compression_of(packed(Compression::zstd, "x")), Compression::zstd);
  EXPECT_EQ(compression_of("{\"schemaVersion\": 2}"), std::nullopt);
  EXPECT_EQ(compression_of(""), std::nullopt);
  EXPECT_EQ(compression_of("\x1f\x8b"), std::nullopt);
}

}  // namespace
}  // namespace cairn::archive
