"""A registry of the benchmarks' own on a free port of this machine, which counts by its log."""

import pathlib
import re
import subprocess

import engines
import harness


class Registry:
    """docker-registry (Debian), without TLS and login."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        engines.reset(folder)
        self.log = folder / "log"
        config = folder / "config.yml"
        config.write_text("version: 0.1\nlog: {level: info, formatter: json}\nstorage:\n"
                          f"  filesystem: {{rootdirectory: {folder}/data}}\n"
                          "  delete: {enabled: true}\nhttp: {addr: \"127.0.0.1:0\"}\n",
                          encoding="utf-8")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", str(config)], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        harness.wait_for(lambda: self.address() is not None, "the registry does not start")
        harness.take_priority(self.process.pid)
        self.host = self.address()
        self.seen = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def address(self):
        if self.process.poll() is not None:
            raise harness.Failed(f"the registry ended\n{self.text()[-2000:]}")
        found = re.search(r"listening on ([0-9.]+:[0-9]+)", self.text())
        return found[1] if found else None

    def requests(self) -> list:
        """`METHOD path status` of all requests since the last call, as its access log has them."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(self.seen)
            text = log.read()
            self.seen = log.tell()
        return [" ".join(words) for words in
                re.findall(r'"([A-Z]+) (/v2/\S*) HTTP/1\.[01]" ([0-9]{3}) ', text)]


def version() -> str:
    text = harness.run(["docker-registry", "--version"])
    return "docker-registry " + text.strip().split(" ")[-1]
