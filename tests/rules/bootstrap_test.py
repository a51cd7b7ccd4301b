"""bootstrap.sh installs what is missing or names it, and hands on to CMake what stands behind its
command, as it says."""

import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent.parent.parent / "bootstrap.sh"
# What the script itself needs; else it sees no program of this machine but those in /usr/sbin.
BORROWED = "bash cat dirname timeout uname".split()
STUBS = "cmake ctest ninja git mmdebstrap python3".split()
ENGINE = "podman buildah runc newuidmap fuse-overlayfs slirp4netns".split()
TRIXIE_ENGINE = "crun nft pasta".split()
PACKAGE_OF = {"newuidmap": "uidmap", "nft": "nftables", "pasta": "passt"}

# The header is on standard input; $ABSENT names those that are not there.
COMPILER = """#!/bin/bash
read -r _ header
[[ " $ABSENT " != *" ${header//[<>]/} "* ]]
"""
# A stub's line in the log is its command line, with what Debian's tools are told to ask.
LOGGED = """#!/bin/bash
echo "${0##*/}${DEBIAN_FRONTEND:+ ($DEBIAN_FRONTEND)} $*" >>"$LOG"
"""
SUDO = """#!/bin/bash
[ "$SUDO" = yes ] || { echo "sudo: a password is required" >&2; exit 1; }
[ "$*" = "-n true" ] || { echo "sudo $*" >>"$LOG" && "${@:3}"; }
"""
PRESERVED = "http_proxy,https_proxy,no_proxy,HTTP_PROXY,HTTPS_PROXY,NO_PROXY,DEBIAN_FRONTEND"
APT = "apt-get (noninteractive) -o Dpkg::Options::=--force-confold --quiet --yes"
DEBIAN = {"bookworm": "ID=debian\nVERSION_CODENAME=bookworm\n",
          "trixie": "ID=debian\nVERSION_CODENAME=trixie\n",
          "bullseye": "ID=debian\nVERSION_CODENAME=bullseye\n",
          "ubuntu": "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n"}


def not_in_sbin(programs: list[str]) -> list[str]:
    """The packages of those that no stub hides: the script looks into /usr/sbin without PATH."""
    return [PACKAGE_OF.get(program, program) for program in programs
            if not any(pathlib.Path(folder, program).exists() for folder in ("/usr/sbin", "/sbin"))]


@unittest.skipUnless(platform.machine() in ("x86_64", "aarch64"), "no preset of a known name")
class BootstrapTest(unittest.TestCase):
    def run_script(self, *words: str, system="bookworm", programs=(*ENGINE, *TRIXIE_ENGINE),
                   absent="", user=0, sudo=False, docker=False):
        """Runs it on a machine of stubs: self.code, self.out, self.err, and self.log of what it
        called."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shutil.copy(SCRIPT, folder)
            (folder / "log").touch()
            (folder / "os-release").write_text(DEBIAN[system])
            self.stub(folder / "build" / platform.machine() / "bin/cairn", "#!/bin/sh\n")
            for program in BORROWED:
                (folder / "bin").mkdir(exist_ok=True)
                (folder / "bin" / program).symlink_to(shutil.which(program))
            texts = dict.fromkeys([*STUBS, *programs], "#!/bin/sh\n")
            texts |= {"cmake": LOGGED, "apt-get": LOGGED, "g++": COMPILER, "sudo": SUDO,
                      "id": f"#!/bin/sh\necho {user}\n",
                      "docker": f"#!/bin/sh\nexit {0 if docker else 1}\n"}
            for program, text in texts.items():
                self.stub(folder / "bin" / program, text)
            done = subprocess.run(
                [folder / "bootstrap.sh", *words], capture_output=True, text=True, timeout=60,
                stdin=subprocess.DEVNULL,
                env={"PATH": f"{folder}/bin", "LOG": str(folder / "log"), "ABSENT": absent,
                     "SUDO": "yes" if sudo else "no",
                     "CAIRN_OS_RELEASE": str(folder / "os-release")})
            self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
            self.log = (folder / "log").read_text().splitlines()

    def stub(self, path: pathlib.Path, text: str):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def installed(self) -> list[str]:
        """The packages that apt-get was asked for."""
        calls = [line.removeprefix(f"{APT} install --no-install-recommends ")
                 for line in self.log if " install " in line]
        return calls[0].split() if calls else []

    def test_hands_variables_on(self):
        machine = platform.machine()
        self.run_script("build", "-DCAIRN_ENGINE=podman", "-DA=b c")
        self.assertEqual((self.code, self.log), (
            0, [f"cmake --preset {machine} -DCAIRN_ENGINE=podman -DA=b c",
                f"cmake --workflow --preset {machine}"]))
        self.run_script("build")
        self.assertEqual((self.code, self.log), (0, [f"cmake --workflow --preset {machine}"]))

    def test_refuses_what_is_no_variable(self):
        for words in [("build", "podman"), ("build", "-D"), ("biuld",), ()]:
            self.run_script(*words)
            self.assertEqual((self.code, self.log), (2, []))

    def test_installs_nothing_where_nothing_is_missing(self):
        self.run_script("build")
        self.assertEqual(self.out.splitlines()[0], "bootstrap: everything needed is installed")

    def test_installs_what_is_missing_as_root_without_asking(self):
        for system in ("bookworm", "trixie"):
            self.run_script("build", system=system, absent="archive.h fmt/core.h")
            self.assertEqual((self.code, self.err), (0, ""))
            self.assertEqual(self.out.splitlines()[0],
                             "bootstrap: installing with apt: libfmt-dev libarchive-dev")
            self.assertEqual(self.log[:2], [
                f"{APT} update",
                f"{APT} install --no-install-recommends libfmt-dev libarchive-dev"])

    def test_installs_by_sudo_where_it_asks_no_password(self):
        self.run_script("build", absent="archive.h", user=1000, sudo=True)
        sudo = f"sudo -n --preserve-env={PRESERVED} {APT.replace(' (noninteractive)', '')}"
        self.assertEqual((self.code, self.log[:4]), (0, [
            f"{sudo} update", f"{APT} update",
            f"{sudo} install --no-install-recommends libarchive-dev",
            f"{APT} install --no-install-recommends libarchive-dev"]))

    def test_says_what_to_type_where_it_may_not_install(self):
        self.run_script("build", absent="archive.h fmt/core.h", user=1000)
        self.assertEqual((self.code, self.out, self.err, self.log), (1, "", (
            "bootstrap: error: packages are missing and this is not root; type: su -c"
            " 'apt-get update && apt-get install --yes --no-install-recommends"
            " libfmt-dev libarchive-dev'\n"), []))

    def test_names_what_is_missing_on_another_system(self):
        for system in ("bullseye", "ubuntu"):
            self.run_script("build", system=system, absent="archive.h fmt/core.h")
            self.assertEqual((self.code, self.out, self.err, self.log), (1, "", (
                "bootstrap: error: this is neither Debian 12 nor 13; install what gives these"
                " Debian packages: libfmt-dev libarchive-dev\n"), []))

    def test_builds_on_another_system_that_has_everything(self):
        self.run_script("build", system="ubuntu")
        self.assertEqual((self.code, self.err), (0, ""))

    def test_installs_an_engine_where_no_docker_answers(self):
        self.run_script("build", programs=(), docker=True)
        self.assertEqual((self.code, self.installed()), (0, []))
        self.run_script("build", programs=())
        self.assertEqual((self.code, self.installed()), (0, not_in_sbin(ENGINE)))
        self.run_script("build", programs=(), system="trixie")
        self.assertEqual(self.installed(), not_in_sbin([*ENGINE, *TRIXIE_ENGINE]))

    def test_installs_the_engine_that_is_asked_for(self):
        for engine in ("podman", "buildah"):
            for name in ("CAIRN_ENGINE", "CAIRN_ENGINE:STRING"):
                self.run_script("build", f"-D{name}={engine}", programs=(), docker=True)
                self.assertEqual(self.installed(), not_in_sbin(ENGINE))
        self.run_script("build", "-DCAIRN_ENGINE=docker", programs=(), docker=True)
        self.assertEqual(self.installed(), [])


if __name__ == "__main__":
    unittest.main()
