# SPDX-License-Identifier: BSD-3-Clause
"""Random contexts, ignore files and Dockerfiles, and random edits of them, each from a seed."""

import json
import os
import pathlib
import random

FILES = ["a.txt", "b.txt", "c.go", "d.go", "e", ".hidden", "x y.txt", "f+g(h).txt", "ü.md"]
FOLDERS = ["src", "docs", "lib", "deep", "conf.d"]
LINES = [
    "*.txt", "*.go", "**/*.txt", "**/*.go", "src", "src/", "/src", "docs/*", "lib/**", "**/deep",
    "*", "**", "!src", "!*.go", "!**/*.go", "!docs/a.txt", "!src/deep", "e", "?", "[a-c].*", "",
    "# a comment", "  e  ", "src/../docs", "./lib", "*/e", "!e", "**/e", "f+g(h).txt", ".hidden",
    "lib/deep/**", "!lib/deep/e", "conf.d", "docs/deep", "!docs", "**/src", "src/*.txt", "x y.txt",
    "!**/deep", "!*/deep", "!*c", "**o", "!**o", "!lib/**/*.go", "src/deep/e", "!docs/**",
    "!src/*", "*[^ü].md",
]  # fmt: skip
WILDCARDS = ["*", "*.txt", "*.go", "?.txt", "[a-c].*", "src*", "*.d", ".h*", "*o*"]
MODES = [0o644, 0o600, 0o755, 0o640, 0o444]


class Case:
    """One folder with a Dockerfile, made from a seed."""

    def __init__(self, folder: pathlib.Path, seed: int, engine: str):
        self.root, self.random, self.engine = folder, random.Random(seed), engine
        self.written = 0

    def make(self) -> None:
        self.root.mkdir()
        os.chmod(self.root, 0o755)
        self._fill(self.root, 3)
        if self.random.random() < 0.7:
            lines = self.random.choices(LINES, k=self.random.randint(1, 5))
            (self.root / ".dockerignore").write_text("\n".join(lines) + "\n")
        (self.root / "Dockerfile").write_text("\n".join(self._recipe()) + "\n")

    def _fill(self, folder: pathlib.Path, depth: int) -> None:
        for name in self.random.sample(FILES, self.random.randint(1, 5)):
            self._write(folder / name)
        if self.random.random() < 0.4:
            self._link(folder)
        if depth == 0:
            return
        for name in self.random.sample(FOLDERS, self.random.choice([0, 1, 1, 2])):
            (folder / name).mkdir()
            os.chmod(folder / name, self.random.choice([0o755, 0o750, 0o700]))
            if self.random.random() < 0.85:
                self._fill(folder / name, depth - 1)

    def _write(self, path: pathlib.Path) -> None:
        self.written += 1
        path.write_text(f"content {self.written} {self.random.random()}\n")
        os.chmod(path, self.random.choice(MODES))

    def _link(self, folder: pathlib.Path) -> None:
        target = self.random.choice(
            ["e", "a.txt", "src", "docs", "../e", "/src/e", "/lib", "nowhere"]
        )
        (folder / "link").symlink_to(target)

    # Sources by what is there; a few that are not.
    def _paths(self) -> list[str]:
        found = [str(p.relative_to(self.root)) for p in sorted(self.root.rglob("*"))]
        return [p for p in found if not p.endswith(("Dockerfile", ".dockerignore"))]

    def _source(self) -> str:
        chance = self.random.random()
        path = self.random.choice(self._paths())
        if chance < 0.12:
            return self.random.choice([".", "/", "./"])
        if chance < 0.30:
            return self.random.choice(WILDCARDS)
        if chance < 0.42:
            parent, name = os.path.split(path)
            last = self.random.choice([*WILDCARDS, name[:1].replace("[", "") + "*"])
            return os.path.join(parent, last)
        if chance < 0.46:
            parent, name = os.path.split(path)
            return os.path.join("*", name) if parent else path
        if chance < 0.48:
            return "missing"
        return self.random.choice(["", "", "", "/", "./", "../"]) + path + self.random.choice(
            ["", "", "/"] if (self.root / path).is_dir() else [""]
        )

    def _copy(self, number: int) -> list[str]:
        sources = [self._source() for _ in range(self.random.choice([1, 1, 1, 1, 2]))]
        into = f"/o/{number}" + ("/" if len(sources) > 1 else self.random.choice(["", "/"]))
        if any(c in s for s in sources for c in "*?["):
            into = into.rstrip("/") + "/"
        word = self.random.choice(["COPY", "COPY", "COPY", "ADD"])
        before = []
        if self.random.random() < 0.15:
            name, keyword = f"V{number}", self.random.choice(["ARG", "ENV"])
            if not any(c in sources[0] for c in " ()*?["):
                before.append(f"{keyword} {name}={sources[0]}")
                sources[0] = self.random.choice([f"${name}", f"${{{name}}}", f"${{{name}:-x}}"])
        if self.engine != "docker-legacy" and self.random.random() < 0.08:
            word += f" --chmod={self.random.choice(['0640', '755'])}"
        if any(c in s for s in sources for c in " ü") or self.random.random() < 0.3:
            return [*before, word + " " + json.dumps([*sources, into], ensure_ascii=False)]
        return [*before, " ".join([word, *sources, into])]

    def _recipe(self) -> list[str]:
        lines = ["FROM scratch AS unneeded", "COPY . /o/", "FROM scratch"]
        if self.random.random() < 0.3:
            lines = ["FROM scratch AS one", *self._copy(9), "FROM scratch", "COPY --from=one /o /o"]
        elif self.random.random() < 0.5:
            lines = ["FROM scratch"]
        for number in range(self.random.choice([1, 1, 2, 3])):
            lines += self._copy(number)
        return lines

    def edit(self) -> str:
        """Changes one thing; says what."""
        files = [p for p in sorted(self.root.rglob("*")) if p.is_file() and not p.is_symlink()]
        files = [p for p in files if p.name not in ("Dockerfile", ".dockerignore")]
        folders = [self.root, *(p for p in sorted(self.root.rglob("*")) if p.is_dir())]
        folders = [p for p in folders if not p.is_symlink()]
        kind = self.random.choice(["write", "write", "mode", "new", "delete", "touch", "folder"])
        if kind == "new" or not files:
            path = self.random.choice(folders) / f"new{self.written}.txt"
            self._write(path)
        elif kind == "folder":
            path = self.random.choice(folders) / f"folder{self.written}"
            path.mkdir(exist_ok=True)
        else:
            path = self.random.choice(files)
            if kind == "write":
                self._write_again(path)
            elif kind == "mode":
                now = path.stat().st_mode & 0o777
                os.chmod(path, self.random.choice([m for m in MODES if m != now]))
            elif kind == "delete":
                path.unlink()
            else:
                os.utime(path, (1, 1))
        return f"{kind} {path.relative_to(self.root)}"

    def _write_again(self, path: pathlib.Path) -> None:
        mode = path.stat().st_mode & 0o7777
        self._write(path)
        os.chmod(path, mode)
