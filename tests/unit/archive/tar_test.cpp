// SPDX-License-Identifier: BSD-3-Clause
#include "archive/tar.hpp"

#include "../../support/tar_bytes.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::archive {
namespace {

using testing::tar_end;
using testing::tar_entry;

/// Notes all it is told.
class Notes : public TarVisitor {
 public:
  void begin_file(const std::string& name, std::uint64_t size) override {
    text += name + " " + std::to_string(size) + ":";
  }
  void file_bytes(std::string_view bytes) override {
    if (refuses) throw Error("the disk is full");
    text.append(bytes);
  }
  void end_file() override { text += ";"; }
  void link(const std::string& name, const std::string& target, bool hard) override {
    text += name + (hard ? " = " : " -> ") + target + ";";
  }

  std::string text;
  bool refuses = false;
};

ByteSource source_of(const std::string& bytes, std::size_t piece = 700) {
  return [&bytes, piece, at = std::size_t{0}]() mutable {
    const std::string_view next = std::string_view(bytes).substr(at, piece);
    at += next.size();
    return next;
  };
}

std::string refusal(const std::string& bytes) {
  Notes notes;
  try {
    read_tar(source_of(bytes), notes);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Tar, IsReadInItsOrder) {
  const std::string bytes = tar_entry("a/", "", '5') + tar_entry("a/layer.tar", "content") +
                            tar_entry("b/layer.tar", "", '2', "../a/layer.tar") +
                            tar_entry("c", "", '1', "a/layer.tar") + tar_entry("empty", "") +
                            tar_end();
  Notes notes;
  read_tar(source_of(bytes), notes);
  EXPECT_EQ(notes.text,
            "a/layer.tar 7:content;b/layer.tar -> ../a/layer.tar;c = a/layer.tar;empty 0:;");
}

TEST(Tar, IsReadToTheEndOfItsSource) {
  const std::string bytes = tar_entry("a", "x") + tar_end() + std::string(9000, '\0');
  std::size_t seen = 0;
  Notes notes;
  read_tar(
      [&, inner = source_of(bytes)] {
        const std::string_view piece = inner();
        seen += piece.size();
        return piece;
      },
      notes);
  EXPECT_EQ(seen, bytes.size());
}

TEST(Tar, IsRefusedWhenItEndsEarlyOrIsNone) {
  const std::string whole = tar_entry("a", std::string(5000, 'x')) + tar_end();
  EXPECT_EQ(refusal(whole), "nothing");
  EXPECT_EQ(refusal(whole.substr(0, 3000)), "reading a tar archive: Truncated tar archive");
  EXPECT_EQ(refusal(std::string(2000, 'z')), "reading a tar archive: Unrecognized archive format");
}

TEST(Tar, ThrowsWhatSourceAndVisitorThrow) {
  Notes notes;
  const auto source = []() -> std::string_view { throw UserError("no"); };
  EXPECT_THROW(read_tar(source, notes), UserError);
  notes.refuses = true;
  const std::string bytes = tar_entry("a", "x") + tar_end();
  try {
    read_tar(source_of(bytes), notes);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the disk is full");
  }
}

std::string written() {
  std::string bytes;
  TarWriter tar([&](std::string_view piece) { bytes.append(piece); });
  tar.begin_file("manifest.json", 3);
  tar.write("a");
  tar.write("bc");
  tar.begin_file(std::string(64, 'f') + ".json", 0);
  tar.finish();
  return bytes;
}

TEST(Tar, IsWrittenAsItIsRead) {
  const std::string bytes = written();
  Notes notes;
  read_tar(source_of(bytes), notes);
  EXPECT_EQ(notes.text, "manifest.json 3:abc;" + std::string(64, 'f') + ".json 0:;");
  EXPECT_EQ(bytes, written());
}

TEST(Tar, IsWrittenForFilesOfAnySize) {
  // More than ustar's eleven octal digits.
  std::string bytes;
  TarWriter tar([&](std::string_view piece) { bytes.append(piece); });
  EXPECT_NO_THROW(tar.begin_file("big", 9000000000));
}

TEST(Tar, LooksBrokenWhenItsWriterStoppedHalfWay) {
  std::string bytes;
  {
    TarWriter tar([&](std::string_view piece) { bytes.append(piece); });
    tar.begin_file("a", 20000);
    tar.write(std::string(15000, 'x'));
  }
  EXPECT_EQ(refusal(bytes), "reading a tar archive: Truncated tar archive");
}

TEST(Tar, ThrowsWhatTheWritersSinkThrows) {
  TarWriter tar([](std::string_view) { throw UserError("nobody reads"); });
  tar.begin_file("a", 100000);
  EXPECT_THROW(tar.write(std::string(100000, 'x')), UserError);
}

}  // namespace
}  // namespace cairn::archive
