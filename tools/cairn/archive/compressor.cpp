// SPDX-License-Identifier: BSD-3-Clause
#include "archive/compressor.hpp"

#include "archive/igzip.hpp"
#include "base/error.hpp"

#include <vector>
#include <zlib.h>
#include <zstd.h>

namespace cairn::archive {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} * 1024;
constexpr int kGzip = 15 + 16;   // zlib.h: the largest window, with a gzip header
constexpr int kMemoryLevel = 8;  // zlib's default
constexpr unsigned char kNoSystem = 255;

class Zlib : public Compressor {
 public:
  explicit Zlib(ByteSink sink) : sink_(std::move(sink)), buffer_(kBuffer) {
    const int code =
        ::deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (code != Z_OK) throw Error("zlib does not start");
    header_.os = kNoSystem;
    ::deflateSetHeader(&stream_, &header_);
  }
  ~Zlib() override { ::deflateEnd(&stream_); }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  void write(std::string_view bytes) override {
    // zlib does not write to its input, but says so only where ZLIB_CONST is set.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0)
      step(Z_NO_FLUSH);
  }

  void finish() override {
    while (step(Z_FINISH) != Z_STREAM_END) {
    }
  }

 private:
  int step(int flush) {
    stream_.next_out = buffer_.data();
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int code = ::deflate(&stream_, flush);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) throw Error("zlib failed");
    const std::size_t made = buffer_.size() - stream_.avail_out;
    if (made > 0) sink_({reinterpret_cast<const char*>(buffer_.data()), made});
    return code;
  }

  ByteSink sink_;
  std::vector<Bytef> buffer_;
  z_stream stream_{};
  gz_header header_{};
};

class Zstd : public Compressor {
 public:
  explicit Zstd(ByteSink sink)
      : sink_(std::move(sink)), buffer_(ZSTD_CStreamOutSize()), context_(::ZSTD_createCCtx()) {
    if (context_ == nullptr) throw Error("zstd does not start");
    ::ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 3);
    ::ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~Zstd() override { ::ZSTD_freeCCtx(context_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  void write(std::string_view bytes) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (in.pos < in.size)
      step(in, ZSTD_e_continue);
  }

  void finish() override {
    ZSTD_inBuffer in{nullptr, 0, 0};
    while (step(in, ZSTD_e_end) != 0) {
    }
  }

 private:
  std::size_t step(ZSTD_inBuffer& in, ZSTD_EndDirective directive) {
    ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
    const std::size_t left = ::ZSTD_compressStream2(context_, &out, &in, directive);
    if (::ZSTD_isError(left) != 0) throw Error(std::string("zstd: ") + ::ZSTD_getErrorName(left));
    if (out.pos > 0) sink_({buffer_.data(), out.pos});
    return left;
  }

  ByteSink sink_;
  std::vector<char> buffer_;
  ZSTD_CCtx* context_;
};

}  // namespace

std::string to_string(Compression compression) {
  return compression == Compression::gzip ? "gzip" : "zstd";
}

Compression parse_compression(const std::string& text) {
  for (const Compression one : {Compression::gzip, Compression::zstd}) {
    if (text == to_string(one)) return one;
  }
  throw Error("unknown compression '" + text + "': expected gzip or zstd");
}

std::unique_ptr<Compressor> make_zlib_compressor(ByteSink sink) {
  return std::make_unique<Zlib>(std::move(sink));
}

std::unique_ptr<Compressor> make_compressor(Compression compression, ByteSink sink) {
  if (compression == Compression::zstd) return std::make_unique<Zstd>(std::move(sink));
#ifdef CAIRN_HAVE_ISAL
  return make_igzip_compressor(std::move(sink));
#else
  return make_zlib_compressor(std::move(sink));
#endif
}

std::string compressor_name(Compression compression) {
  if (compression == Compression::zstd) return "zstd";
#ifdef CAIRN_HAVE_ISAL
  return "isa-l";
#else
  return "zlib";
#endif
}

}  // namespace cairn::archive
