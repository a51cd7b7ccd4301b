"""bootstrap.sh hands on to CMake what stands behind its command, as it says."""

import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent.parent.parent / "bootstrap.sh"
# So that everything is found to be installed, and nothing is: apt-get does nothing here.
PROGRAMS = ("cmake ctest ninja g++ git mmdebstrap podman buildah runc crun newuidmap nft pasta "
            "fuse-overlayfs slirp4netns apt-get sudo docker").split()


@unittest.skipUnless(platform.machine() in ("x86_64", "aarch64"), "no preset of a known name")
class BootstrapTest(unittest.TestCase):
    def run_script(self, *words: str) -> tuple[int, list[str]]:
        """The exit code, and the command line of each call of cmake."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shutil.copy(SCRIPT, folder)
            log = folder / "log"
            log.touch()
            tools = [folder / "bin" / program for program in PROGRAMS]
            tools.append(folder / "build" / platform.machine() / "bin/cairn")
            for tool in tools:
                tool.parent.mkdir(parents=True, exist_ok=True)
                tool.write_text("#!/bin/sh\n")
                tool.chmod(0o755)
            tools[0].write_text('#!/bin/sh\necho "$*" >>"$LOG"\n')
            done = subprocess.run(
                [folder / "bootstrap.sh", *words], capture_output=True, text=True, timeout=60,
                env={"PATH": f"{folder}/bin:{os.environ['PATH']}", "LOG": str(log)})
            return done.returncode, log.read_text().splitlines()

    def test_hands_variables_on(self):
        machine = platform.machine()
        self.assertEqual(
            self.run_script("build", "-DCAIRN_ENGINE=podman", "-DA=b c"),
            (0, [f"--preset {machine} -DCAIRN_ENGINE=podman -DA=b c",
                 f"--workflow --preset {machine}"]))
        self.assertEqual(self.run_script("build"), (0, [f"--workflow --preset {machine}"]))

    def test_refuses_what_is_no_variable(self):
        for words in [("build", "podman"), ("build", "-D"), ("biuld",), ()]:
            self.assertEqual(self.run_script(*words), (2, []))


if __name__ == "__main__":
    unittest.main()
