// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::archive {

/// The next bytes of a stream, good until the next call; empty at its end.
using ByteSource = std::function<std::string_view()>;

/// What read_tar tells, in the order of the archive. Nothing is ever written to a disk under the
/// names in an archive; they are keys and nothing else.
class TarVisitor {
 public:
  virtual ~TarVisitor() = default;
  virtual void begin_file(const std::string& name, std::uint64_t size) = 0;
  virtual void file_bytes(std::string_view bytes) = 0;
  virtual void end_file() = 0;
  /// A symbolic or hard link; `target` as it stands in the archive.
  virtual void link(const std::string& name, const std::string& target, bool hard) = 0;
};

/// Reads an uncompressed tar archive to its end, and `source` to its end. Throws Error for what is
/// no tar archive and for one that ends early, and whatever source and visitor throw.
void read_tar(const ByteSource& source, TarVisitor& visitor);

/// Writes a tar archive (POSIX ustar, pax where sizes need it) whose bytes depend on names and
/// contents alone.
class TarWriter {
 public:
  explicit TarWriter(std::function<void(std::string_view)> sink);
  ~TarWriter();
  TarWriter(const TarWriter&) = delete;
  TarWriter& operator=(const TarWriter&) = delete;

  void begin_file(const std::string& name, std::uint64_t size);
  void write(std::string_view bytes);
  /// Writes the end of the archive.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::archive
