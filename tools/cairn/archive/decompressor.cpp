// SPDX-License-Identifier: BSD-3-Clause
#include "archive/decompressor.hpp"

#include "base/error.hpp"

#include <string>
#include <vector>
#include <zlib.h>
#include <zstd.h>

namespace cairn::archive {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} * 1024;
constexpr int kGzip = 15 + 16;  // zlib.h: the largest window, and a gzip header is a must
constexpr std::string_view kGzipMagic("\x1f\x8b\x08", 3);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
// RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F; what compresses on several cores may begin with one.
constexpr std::string_view kSkippable("\x2a\x4d\x18", 3);
constexpr unsigned kSkippableMask = 0xf0;
constexpr unsigned kSkippableFirst = 0x50;

class Gunzip : public Decompressor {
 public:
  explicit Gunzip(ByteSink sink) : sink_(std::move(sink)), buffer_(kBuffer) {
    if (::inflateInit2(&stream_, kGzip) != Z_OK) throw Error("zlib does not start");
  }
  ~Gunzip() override { ::inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  void write(std::string_view bytes) override {
    // zlib does not write to its input, but says so only where ZLIB_CONST is set.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      if (ended_) begin_member();
      step();
    }
  }

  void finish() override {
    if (!ended_) throw Error("a gzip stream ends too early");
  }

 private:
  void begin_member() {
    ::inflateReset(&stream_);
    ended_ = false;
  }

  void step() {
    do {
      stream_.next_out = buffer_.data();
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      const int code = ::inflate(&stream_, Z_NO_FLUSH);
      // Z_BUF_ERROR: all that could be unpacked has been, and there is no more to read.
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        throw Error(std::string("bad gzip data: ") +
                    (stream_.msg != nullptr ? stream_.msg : ::zError(code)));
      }
      const std::size_t made = buffer_.size() - stream_.avail_out;
      if (made > 0) sink_({reinterpret_cast<const char*>(buffer_.data()), made});
      ended_ = code == Z_STREAM_END;
    } while (!ended_ && stream_.avail_out == 0);
  }

  ByteSink sink_;
  std::vector<Bytef> buffer_;
  z_stream stream_{};
  bool ended_ = false;  ///< at the end of a member
};

class Unzstd : public Decompressor {
 public:
  explicit Unzstd(ByteSink sink)
      : sink_(std::move(sink)), buffer_(::ZSTD_DStreamOutSize()), context_(::ZSTD_createDCtx()) {
    if (context_ == nullptr) throw Error("zstd does not start");
  }
  ~Unzstd() override { ::ZSTD_freeDCtx(context_); }
  Unzstd(const Unzstd&) = delete;
  Unzstd& operator=(const Unzstd&) = delete;

  void write(std::string_view bytes) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool full = false;
    while (in.pos < in.size || full) {
      ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
      left_ = ::ZSTD_decompressStream(context_, &out, &in);
      if (::ZSTD_isError(left_) != 0) {
        throw Error(std::string("bad zstd data: ") + ::ZSTD_getErrorName(left_));
      }
      if (out.pos > 0) sink_({buffer_.data(), out.pos});
      full = left_ != 0 && out.pos == out.size;
    }
  }

  void finish() override {
    if (left_ != 0) throw Error("a zstd stream ends too early");
  }

 private:
  ByteSink sink_;
  std::vector<char> buffer_;
  ZSTD_DCtx* context_;
  std::size_t left_ = 1;  ///< 0 at the end of a frame
};

}  // namespace

std::optional<Compression> compression_of(std::string_view head) {
  const bool skippable =
      head.size() > kSkippable.size() &&
      (static_cast<unsigned char>(head[0]) & kSkippableMask) == kSkippableFirst &&
      head.substr(1, kSkippable.size()) == kSkippable;
  if (skippable) return Compression::zstd;
  if (head.substr(0, kGzipMagic.size()) == kGzipMagic) return Compression::gzip;
  if (head.substr(0, kZstdMagic.size()) == kZstdMagic) return Compression::zstd;
  return std::nullopt;
}

std::unique_ptr<Decompressor> make_decompressor(Compression compression, ByteSink sink) {
  if (compression == Compression::zstd) return std::make_unique<Unzstd>(std::move(sink));
  return std::make_unique<Gunzip>(std::move(sink));
}

}  // namespace cairn::archive
