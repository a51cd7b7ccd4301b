"""The runner of documentation pages does what a page says and notices what is not as it says."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parent.parent / "support/run_page.py"


class RunPageTest(unittest.TestCase):
    def run_page(self, text: str) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(text, encoding="utf-8")
            work = pathlib.Path(folder) / "work"
            work.mkdir()
            done = subprocess.run([sys.executable, "-B", str(RUNNER), str(page), str(work)],
                                  capture_output=True, text=True, timeout=60)
            return done.returncode, done.stdout.splitlines()[-1]

    def test_writes_files_and_runs_commands(self):
        code, last = self.run_page(
            "<!-- file: a/b -->\n```text\none\n```\n\n<!-- append: a/b -->\n```\ntwo\n```\n"
            "```\nnot run\n```\n```console\n$ cat a/b\none\n$ tail -n 1 a/b\nt…o\n```\n")
        self.assertEqual((code, last), (0, "two"))

    def test_a_failing_command_fails(self):
        self.assertEqual(self.run_page("```console\n$ (exit 3)\n```\n"),
                         (1, "page.md: '(exit 3)' ended with 3"))

    def test_absent_output_fails(self):
        self.assertEqual(self.run_page("```console\n$ echo b; echo a\na\nb\n```\n"),
                         (1, "page.md: 'echo b; echo a' did not print 'b'"))

    def test_a_page_without_commands_fails(self):
        self.assertEqual(self.run_page("```\n$ echo\n```\n"), (1, "page.md: nothing to run"))


if __name__ == "__main__":
    unittest.main()
