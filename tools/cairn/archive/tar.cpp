// SPDX-License-Identifier: BSD-3-Clause
#include "archive/tar.hpp"

#include "base/error.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <exception>

namespace cairn::archive {
namespace {

/// What libarchive's C callbacks need. Nothing may be thrown through libarchive: it is kept here
/// and thrown behind it.
struct Reading {
  const ByteSource& source;
  std::exception_ptr failed{};
};

la_ssize_t read_piece(struct ::archive*, void* data, const void** buffer) {
  auto& reading = *static_cast<Reading*>(data);
  try {
    const std::string_view piece = reading.source();
    *buffer = piece.data();
    return static_cast<la_ssize_t>(piece.size());
  } catch (...) {
    reading.failed = std::current_exception();
    return -1;
  }
}

using Reader = std::unique_ptr<struct ::archive, decltype(&::archive_read_free)>;

/// Throws for every code but success and end.
bool succeeded(int code, struct ::archive* reader, Reading& reading) {
  if (reading.failed) std::rethrow_exception(reading.failed);
  if (code == ARCHIVE_EOF) return false;
  // A warning is of what nobody here reads: owners, times, names in another character set.
  if (code == ARCHIVE_OK || code == ARCHIVE_WARN) return true;
  const char* what = ::archive_error_string(reader);
  throw Error(std::string("reading a tar archive: ") + (what != nullptr ? what : "unknown error"));
}

void read_content(struct ::archive* reader, Reading& reading, TarVisitor& visitor,
                  std::uint64_t size) {
  const void* bytes = nullptr;
  std::size_t count = 0;
  la_int64_t offset = 0;
  std::uint64_t seen = 0;
  while (succeeded(::archive_read_data_block(reader, &bytes, &count, &offset), reader, reading)) {
    if (static_cast<std::uint64_t>(offset) != seen) {
      throw Error("reading a tar archive: a sparse file is not expected");
    }
    seen += count;
    visitor.file_bytes({static_cast<const char*>(bytes), count});
  }
  if (seen != size) throw Error("reading a tar archive: it ends early");
}

void read_entry(struct ::archive* reader, Reading& reading, archive_entry* entry,
                TarVisitor& visitor) {
  const char* path = ::archive_entry_pathname(entry);
  if (path == nullptr) throw Error("reading a tar archive: a name cannot be read");
  if (const char* target = ::archive_entry_hardlink(entry)) {
    visitor.link(path, target, true);
  } else if (const char* linked = ::archive_entry_symlink(entry)) {
    visitor.link(path, linked, false);
  } else if (::archive_entry_filetype(entry) == AE_IFREG) {
    const auto size = static_cast<std::uint64_t>(::archive_entry_size(entry));
    visitor.begin_file(path, size);
    read_content(reader, reading, visitor, size);
    visitor.end_file();
  }
}

}  // namespace

void read_tar(const ByteSource& source, TarVisitor& visitor) {
  Reading reading{source};
  const Reader reader(::archive_read_new(), ::archive_read_free);
  ::archive_read_support_format_tar(reader.get());
  succeeded(::archive_read_open(reader.get(), &reading, nullptr, read_piece, nullptr), reader.get(),
            reading);
  archive_entry* entry = nullptr;
  while (succeeded(::archive_read_next_header(reader.get(), &entry), reader.get(), reading)) {
    read_entry(reader.get(), reading, entry, visitor);
  }
  // Behind the archive's end there is padding, and the writer's verdict.
  while (!source().empty()) {
  }
}

struct TarWriter::State {
  std::function<void(std::string_view)> sink;
  std::exception_ptr failed{};
  bool abandoned = false;
  struct ::archive* writer = nullptr;

  void check(la_ssize_t code) {
    if (failed) std::rethrow_exception(failed);
    if (code >= ARCHIVE_OK || code == ARCHIVE_WARN) return;
    const char* what = ::archive_error_string(writer);
    throw Error(std::string("writing a tar archive: ") + (what != nullptr ? what : "unknown"));
  }

  static la_ssize_t take(struct ::archive*, void* data, const void* bytes, std::size_t count) {
    auto& state = *static_cast<State*>(data);
    try {
      if (!state.failed && !state.abandoned) state.sink({static_cast<const char*>(bytes), count});
    } catch (...) {
      state.failed = std::current_exception();
    }
    // `check` tells: libarchive 3.6 never frees the buffer of a writer that it knows has failed.
    return static_cast<la_ssize_t>(count);
  }
};

TarWriter::TarWriter(std::function<void(std::string_view)> sink)
    : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  state_->writer = ::archive_write_new();
  ::archive_write_set_format_pax_restricted(state_->writer);
  state_->check(::archive_write_open(state_->writer, state_.get(), nullptr, &State::take, nullptr));
}

TarWriter::~TarWriter() {
  // What freeing writes goes nowhere: an archive that was broken off must not look complete.
  state_->abandoned = true;
  ::archive_write_free(state_->writer);
}

void TarWriter::begin_file(const std::string& name, std::uint64_t size) {
  const std::unique_ptr<archive_entry, decltype(&::archive_entry_free)> entry(::archive_entry_new(),
                                                                              ::archive_entry_free);
  ::archive_entry_set_pathname(entry.get(), name.c_str());
  ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_perm(entry.get(), 0644);
  ::archive_entry_set_mtime(entry.get(), 0, 0);
  state_->check(::archive_write_header(state_->writer, entry.get()));
}

void TarWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const la_ssize_t put = ::archive_write_data(state_->writer, bytes.data(), bytes.size());
    state_->check(put);
    if (put <= 0) throw Error("writing a tar archive: a file is longer than it said");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void TarWriter::finish() {
  state_->check(::archive_write_close(state_->writer));
}

}  // namespace cairn::archive
