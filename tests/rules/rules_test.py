"""Each rule is shown to fail on a small tree that breaks it, and to hold on one that does not."""

import pathlib
import tempfile
import unittest

import cases
import corpus
import exit_codes
import format_marks
import layers
import links
import presets
import readme
import sizes
import words

TABLE = """| layer | may include | holds |
| --- | --- | --- |
| base | - | x |
| oci | base | x |
"""


class RuleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name: str, text: str):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test_corpus_page_and_files_say_the_same(self):
        page = "| clause | text | cases |\n| dockerfile/flags | x | one |\n"
        self.write("tests/corpus/README.md", page)
        self.write("tests/corpus/dockerfile/flags/one.Dockerfile", "FROM a\n")
        self.write("tests/corpus/dockerfile/flags/one.expected", "stage 0\n")
        (self.root / "tests/corpus/ignore").mkdir()
        self.assertEqual(corpus.violations(self.root), [])
        self.write("tests/corpus/README.md", page + "| ignore/lines | x | gone |\n")
        self.write("tests/corpus/dockerfile/flags/two.Dockerfile", "FROM a\n")
        self.write("tests/corpus/ignore/errors/a.dockerignore", "!\n")
        self.assertEqual(
            corpus.violations(self.root),
            ["tests/corpus/README.md: 'dockerfile/flags' does not list 'two'",
             "tests/corpus/dockerfile/flags/two: no '.expected' beside it",
             "tests/corpus/ignore/lines: no case",
             "tests/corpus/README.md: 'ignore/lines' has no case 'gone'",
             "tests/corpus/README.md: no row 'ignore/errors'"],
        )

    def test_layers_refuse_an_upward_include(self):
        self.write("ARCHITECTURE.md", TABLE)
        self.write("tools/cairn/oci/a.hpp", '#include "base/b.hpp"\n')
        self.write("tools/cairn/base/b.hpp", "")
        self.assertEqual(layers.violations(self.root), [])
        self.write("tools/cairn/base/b.hpp", '\n#include "oci/a.hpp"\n')
        self.assertEqual(
            layers.violations(self.root),
            ["tools/cairn/base/b.hpp:2: layer 'base' may not include 'oci/a.hpp'"],
        )

    def test_layers_refuse_an_include_that_is_not_rooted(self):
        self.write("ARCHITECTURE.md", TABLE)
        self.write("tools/cairn/base/b.cpp", '#include "b.hpp"\n')
        self.write("tools/cairn/base/b.hpp", "")
        self.assertEqual(
            layers.violations(self.root),
            ["tools/cairn/base/b.cpp:1: 'b.hpp' is not a path from tools/cairn"],
        )

    def test_layers_refuse_an_upward_dependency_and_an_unknown_layer(self):
        self.write("ARCHITECTURE.md", TABLE)
        self.write("tools/cairn/base/CMakeLists.txt", "cairn_add_layer(base\n  DEPENDS oci\n)\n")
        self.write("tools/cairn/engine/e.hpp", "")
        self.assertEqual(
            layers.violations(self.root),
            [
                "tools/cairn/engine: not in the table of ARCHITECTURE.md",
                "tools/cairn/base/CMakeLists.txt: layer 'base' may not depend on 'oci'",
            ],
        )

    def test_layers_want_their_table(self):
        self.write("ARCHITECTURE.md", "nothing\n")
        self.assertEqual(
            layers.violations(self.root), ["ARCHITECTURE.md: the table of layers is missing"])

    def test_sizes(self):
        self.write("a.cpp", "x\n" * 400)
        self.write("a.hpp", "x\n" * 150)
        self.assertEqual(sizes.violations(self.root), [])
        self.write("a.cpp", "x\n" * 401)
        self.write("a.hpp", "x" * 101 + "\n")
        self.write("b.cmake", "function(long a)\n" + "#\n" * 99 + "endfunction()\n")
        self.assertEqual(
            sizes.violations(self.root),
            [
                "a.cpp: 401 lines, allowed are 400",
                "a.hpp:1: 101 columns, allowed are 100",
                "b.cmake:1: 'long' has 101 lines, allowed are 100",
            ],
        )

    def test_words(self):
        self.write("a.md", "see work/ and /tmp\n")
        self.write("m.cmake", 'set(CAIRN_DEBIAN_MIRROR "http://deb.' + 'debian.org/debian")\n')
        self.assertEqual(words.violations(self.root), [])
        text = ["see /" + "work/main", "https://pypi" + ".org/simple", "deb." + "debian.org", ""]
        self.write("a.md", "\n".join(text))
        self.assertEqual(
            words.violations(self.root),
            [
                "a.md:1: '/" + "work/' must not stand here",
                "a.md:2: 'pypi" + ".org' must not stand here",
                "a.md:3: 'deb." + "debian.org' may only be a default of MIRROR",
            ],
        )

    def test_format_marks(self):
        self.write("cmake/a.cmake", "include_guard(GLOBAL)\n")
        self.write("tools/a.hpp", format_marks.SPDX + "\n#pragma once\n")
        self.assertEqual(format_marks.violations(self.root), [])
        self.write("cmake/a.cmake", "\tset(a b)")
        self.write("tools/a.hpp", "int x;\r\n")
        self.assertEqual(
            format_marks.violations(self.root),
            [
                f"tools/a.hpp:1: the first line must be '{format_marks.SPDX}'",
                "tools/a.hpp:2: '#pragma once' is missing",
                "cmake/a.cmake: neither include_guard(GLOBAL) nor an entry point",
                "cmake/a.cmake: no newline at the end",
                "cmake/a.cmake: holds tabs",
                "tools/a.hpp: lines end in CR LF",
            ],
        )

    def test_links(self):
        self.write("docs/b.md", "# How it is, really\n")
        self.write("a.md", "[b](docs/b.md#how-it-is-really) `[x](y)`\n\n```\n[z](z)\n```\n")
        self.assertEqual(links.violations(self.root), [])
        self.write("a.md", "[b](docs/c.md)\n[b](docs/b.md#no)\n")
        self.assertEqual(
            links.violations(self.root),
            ["a.md:1: 'docs/c.md' leads nowhere", "a.md:2: 'docs/b.md#no': no such heading"],
        )

    def test_presets(self):
        self.write("CMakePresets.json", '{"version": 6, "include": ["p.json"], "vendor": {}}')
        self.write(
            "p.json",
            '{"configurePresets": [{"name": "x", "displayName": "X"},'
            ' {"name": "h", "hidden": true}],'
            ' "testPresets": [{"name": "x", "displayName": "X", "description": "X."}]}',
        )
        self.assertEqual(
            presets.violations(self.root),
            [
                "CMakePresets.json: 'vendor' belongs in a file under presets/",
                "configurePresets 'x' has no description",
                "preset 'x' is not in all of configurePresets, buildPresets, testPresets, "
                "workflowPresets",
                "preset 'x' is not in all of configurePresets, buildPresets, testPresets, "
                "workflowPresets",
                "testPresets 'x': noTestsAction is not error",
            ],
        )

    def test_exit_codes(self):
        enum = "enum class ExitCode {\n  done = 0,\n  gone = 7\n};\n"
        self.write("tools/cairn/base/error.hpp", enum)
        self.write("docs/reference/exit-codes.md", "| 0 | done | x |\n| 7 | gone | x |\n")
        self.assertEqual(exit_codes.violations(self.root), [])
        self.write("docs/reference/exit-codes.md", "| 0 | done | x |\n| 8 | gone | x |\n")
        self.assertEqual(
            exit_codes.violations(self.root),
            ["exit-codes.md lacks 7 'gone'", "exit-codes.md has 8 'gone', error.hpp does not"],
        )

    def test_readme(self):
        self.write("docs/tutorial/your-own-family.md",
                   "<!-- file: CMakeLists.txt -->\n```cmake\na()\n```\n")
        self.write("README.md", "```cmake\na()\n```\n")
        self.assertEqual(readme.violations(self.root), [])
        self.write("README.md", "```cmake\nb()\n```\n")
        self.assertEqual(
            readme.violations(self.root),
            ["README.md: the example is not the one of docs/tutorial/your-own-family.md"],
        )

    def test_cases(self):
        rst = "#[==[.rst:\nadd_docker_image\n----\n#]==]\n"
        self.write("cmake/cairn/add_docker_image.cmake", rst + "function(add_docker_image)\n")
        for case in ("ok", "missing-target", "unknown-keyword"):
            self.write(f"tests/cmake/add_docker_image/{case}/CMakeLists.txt", "")
        self.assertEqual(cases.violations(self.root), [])
        self.write("cmake/cairn/helper.cmake", "function(other)\n")
        self.write("tests/cmake/helper/ok/CMakeLists.txt", "")
        self.write("tests/cmake/add_docker_gone/ok/CMakeLists.txt", "")
        self.assertEqual(
            cases.violations(self.root),
            [
                "helper.cmake: 'helper' has none of the shapes of a public name",
                "helper.cmake: defines other, not 'helper' alone",
                "helper.cmake: does not open with its rst block",
                "tests/cmake/helper: no case 'missing' or 'missing-…'",
                "tests/cmake/helper: no case 'unknown' or 'unknown-…'",
                "tests/cmake/add_docker_gone: there is no such function",
            ],
        )


if __name__ == "__main__":
    unittest.main()
