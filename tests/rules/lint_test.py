""".ci/lint says when clang-tidy or shellcheck is another than the tree was made clean by."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLANG_TIDY = "LLVM (http://llvm.org/):\n  LLVM version {}\n  Optimized build."
SHELLCHECK = "ShellCheck - shell script analysis tool\nversion: {}\nlicense: GPL\n"
WARNING = ("lint: warning: this is {0} {1}; the tree is clean by {0} {2}, Debian 12's, and another"
           " finds other things\n")


class LintTest(unittest.TestCase):
    def lint(self, tidy: str, shellcheck: str) -> tuple[int, str]:
        """The exit code and the standard error of a check with those versions, of an empty tree."""
        with tempfile.TemporaryDirectory() as name:
            tree = pathlib.Path(name)
            for path in (".ci/lint", ".clang-tidy", "cmake/dev/lint-requirements.txt"):
                (tree / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, tree / path)
            (tree / "build/dev").mkdir(parents=True)
            texts = {"clang-tidy": CLANG_TIDY.format(tidy),
                     "shellcheck": SHELLCHECK.format(shellcheck)}
            for program in [*texts, "cmake", "ninja", "clang-format", "gersemi"]:
                stub = tree / "bin" / program
                stub.parent.mkdir(exist_ok=True)
                stub.write_text(f"#!/bin/sh\ncat <<'END'\n{texts.get(program, '')}\nEND\n")
                stub.chmod(0o755)
            venv = tree / "build/venv"
            venv.mkdir()
            (venv / "bin").symlink_to(tree / "bin")
            shutil.copy(tree / "cmake/dev/lint-requirements.txt", venv / "requirements.txt")
            done = subprocess.run(
                [tree / ".ci/lint", "check"], capture_output=True, text=True, timeout=60,
                env={"PATH": f"{tree}/bin:{os.environ['PATH']}", "CAIRN_LINT_VENV": str(venv)})
            return done.returncode, done.stderr

    def test_is_silent_with_the_known_versions(self):
        self.assertEqual(self.lint("14.0.6", "0.9.0"), (0, ""))
        self.assertEqual(self.lint("14", "0.9"), (0, ""))

    def test_warns_of_others(self):
        self.assertEqual(self.lint("14.0.6", "0.10.0"), (
            0, WARNING.format("shellcheck", "0.10.0", "0.9")))
        self.assertEqual(self.lint("19.1.7", "0.9.0"), (
            0, WARNING.format("clang-tidy", "19.1.7", "14")))
        self.assertEqual(self.lint("unknown", "0.9.0"), (
            0, WARNING.format("clang-tidy", "of no known version", "14")))


if __name__ == "__main__":
    unittest.main()
