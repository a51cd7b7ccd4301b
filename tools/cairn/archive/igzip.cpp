// SPDX-License-Identifier: BSD-3-Clause
#include "archive/igzip.hpp"

#include "base/error.hpp"

#include <cstdint>
#include <isa-l/igzip_lib.h>
#include <vector>

namespace cairn::archive {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} * 1024;

class Igzip : public Compressor {
 public:
  explicit Igzip(ByteSink sink)
      : sink_(std::move(sink)), level_buffer_(ISAL_DEF_LVL1_DEFAULT), buffer_(kBuffer) {
    ::isal_deflate_init(&stream_);
    // ISA-L's own gzip header holds no time, no name and no system.
    stream_.gzip_flag = IGZIP_GZIP;
    stream_.level = 1;
    stream_.level_buf = level_buffer_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(level_buffer_.size());
    stream_.flush = NO_FLUSH;
  }

  // ISA-L's result depends on how much it is given at once: always the same.
  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kBuffer - input_.size());
      input_.insert(input_.end(), piece.begin(), piece.end());
      bytes.remove_prefix(piece.size());
      if (input_.size() == kBuffer) compress_input();
    }
  }

  void finish() override {
    stream_.end_of_stream = 1;
    compress_input();
    while (stream_.internal_state.state != ZSTATE_END)
      step();
  }

 private:
  void compress_input() {
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<std::uint32_t>(input_.size());
    while (stream_.avail_in > 0)
      step();
    input_.clear();
  }

  void step() {
    stream_.next_out = buffer_.data();
    stream_.avail_out = static_cast<std::uint32_t>(buffer_.size());
    if (::isal_deflate(&stream_) != COMP_OK) throw Error("ISA-L failed");
    const std::size_t made = buffer_.size() - stream_.avail_out;
    if (made > 0) sink_({reinterpret_cast<const char*>(buffer_.data()), made});
  }

  ByteSink sink_;
  std::vector<std::uint8_t> input_;
  std::vector<std::uint8_t> level_buffer_;
  std::vector<std::uint8_t> buffer_;
  isal_zstream stream_{};
};

}  // namespace

std::unique_ptr<Compressor> make_igzip_compressor(ByteSink sink) {
  return std::make_unique<Igzip>(std::move(sink));
}

}  // namespace cairn::archive
