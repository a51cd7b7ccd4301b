// SPDX-License-Identifier: BSD-3-Clause
#include "base/file.hpp"
#include "stack/build/source_warnings.hpp"
#include "stack/build/staging.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

std::string elf(unsigned machine, bool wide = true, bool little = true) {
  std::string head("\177ELF");
  head += wide ? '\2' : '\1';
  head += little ? '\1' : '\2';
  head.resize(64, '\0');
  head[little ? 18 : 19] = static_cast<char>(machine & 0xffU);
  head[little ? 19 : 18] = static_cast<char>(machine >> 8U);
  return head;
}

constexpr unsigned kAmd64 = 62, kArm64 = 183, kMips = 8, kPpc64 = 21;

TEST(ElfArchitecture, NamesMachinesAsImagesDo) {
  EXPECT_EQ(elf_architecture(elf(kAmd64)), "amd64");
  EXPECT_EQ(elf_architecture(elf(kArm64)), "arm64");
  EXPECT_EQ(elf_architecture(elf(40, false)), "arm");
  EXPECT_EQ(elf_architecture(elf(3, false)), "386");
  EXPECT_EQ(elf_architecture(elf(22, true, false)), "s390x");
  EXPECT_EQ(elf_architecture(elf(258)), "loong64");
}

TEST(ElfArchitecture, TellsByteOrderAndSizeApart) {
  EXPECT_EQ(elf_architecture(elf(kPpc64)), "ppc64le");
  EXPECT_EQ(elf_architecture(elf(kPpc64, true, false)), "ppc64");
  EXPECT_EQ(elf_architecture(elf(kMips, false)), "mipsle");
  EXPECT_EQ(elf_architecture(elf(kMips, true)), "mips64le");
  EXPECT_EQ(elf_architecture(elf(kMips, false, false)), "mips");
}

TEST(ElfArchitecture, SaysNothingOfOtherFiles) {
  EXPECT_EQ(elf_architecture(""), "");
  EXPECT_EQ(elf_architecture("#!/bin/sh\n"), "");
  EXPECT_EQ(elf_architecture(elf(kAmd64).substr(0, 19)), "");
  EXPECT_EQ(elf_architecture(elf(247)), "");  // BPF runs on every machine
}

class ForeignProgramsTest : public ::testing::Test {
 protected:
  std::vector<std::string> warnings() {
    BuildDescription image;
    image.target = "web";
    image.platform = oci::Platform::parse("linux/amd64");
    image.context = staged_.path().string();
    return source_warnings(image, staged_.path(), ".dockerignore");
  }
  TempDir staged_{"cairn-foreign-programs-"};
};

TEST_F(ForeignProgramsTest, AreSaidWhereNothingIsForTheImage) {
  write_file(staged_.path() / "bin/tool", elf(kArm64));
  write_file(staged_.path() / "bin/run.sh", "#!/bin/sh\n");
  EXPECT_EQ(warnings(), std::vector<std::string>{
                            "warning: 'web' is for linux/amd64, but 'bin/tool' in its context is "
                            "built for arm64, and nothing there for amd64"});
}

TEST_F(ForeignProgramsTest, AreMeantBesideOnesForTheImage) {
  write_file(staged_.path() / "bin/tool-arm64", elf(kArm64));
  write_file(staged_.path() / "bin/tool-amd64", elf(kAmd64));
  EXPECT_TRUE(warnings().empty());
}

TEST_F(ForeignProgramsTest, LeaveOtherFilesAlone) {
  write_file(staged_.path() / "short", "\177EL");
  write_file(staged_.path() / "empty", "");
  fs::create_symlink("/nowhere", staged_.path() / "link");
  EXPECT_TRUE(warnings().empty());
}

}  // namespace
}  // namespace cairn::stack
