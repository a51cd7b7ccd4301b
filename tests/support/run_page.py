"""Does what a page of the documentation says, and compares what it shows.

    run_page.py <page.md> <folder>

In <folder>, in the order of the page:
- a fence behind a comment `<!-- file: NAME -->` is written to NAME; behind `<!-- append: NAME -->`
  it is put at the end of it;
- in a ```console fence each line behind `$ ` is run by bash and must succeed; each line under it
  must be found, in order, in what it printed. `…` stands for anything within a line.
"""

import pathlib
import re
import subprocess
import sys

MARK = re.compile(r"^<!-- (file|append): (\S+) -->$")
TIME_LIMIT = 900


def steps(page: pathlib.Path) -> list[tuple[str, str, list[str]]]:
    """(what, name, lines) of each fence that says something to do."""
    found = []
    mark, fence, body = ("", ""), None, []
    for line in page.read_text(encoding="utf-8").splitlines():
        if fence is None:
            match = MARK.match(line)
            if match:
                mark = (match[1], match[2])
            elif line.startswith("```"):
                fence, body = line[3:].strip(), []
        elif line == "```":
            if fence == "console":
                found.append(("run", "", body))
            elif mark[0]:
                found.append((*mark, body))
            mark, fence = ("", ""), None
        else:
            body.append(line)
    return found


def matches(expected: list[str], printed: str) -> str:
    """The first expected line that was not printed behind the one before it, or ''."""
    at = 0
    for line in expected:
        pattern = ".*?".join(re.escape(part) for part in line.strip().split("…"))
        match = re.compile(pattern).search(printed, at)
        if not match:
            return line
        at = match.end()
    return ""


def run(command: str, expected: list[str], folder: pathlib.Path) -> str:
    """Runs `command`; what is wrong with it, or ''."""
    print(f"$ {command}", flush=True)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=TIME_LIMIT)
    print(done.stdout, end="", flush=True)
    if done.returncode != 0:
        return f"'{command}' ended with {done.returncode}"
    absent = matches(expected, done.stdout)
    return f"'{command}' did not print '{absent}'" if absent else ""


def run_console(lines: list[str], folder: pathlib.Path) -> str:
    command, expected = "", []
    for line in lines + ["$ "]:
        if not line.startswith("$ "):
            expected.append(line)
            continue
        wrong = run(command, expected, folder) if command else ""
        if wrong:
            return wrong
        command, expected = line[2:], []
    return ""


def main() -> int:
    page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    todo = steps(page)
    if not any(what == "run" for what, _, _ in todo):
        print(f"{page.name}: nothing to run")
        return 1
    for what, name, lines in todo:
        if what == "run":
            wrong = run_console(lines, folder)
            if wrong:
                print(f"{page.name}: {wrong}")
                return 1
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a" if what == "append" else "w", encoding="utf-8") as stream:
            stream.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
