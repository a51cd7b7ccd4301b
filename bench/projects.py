"""Families of images to measure with: the same files for Cairn and for its peers."""

import os
import pathlib

REGISTRY = "registry.example/bench"


def parent_of(number: int) -> int | None:
    """A tree with three children a parent, as real families are: broad, some levels deep."""
    return None if number == 0 else (number - 1) // 3


def name_of(number: int) -> str:
    return f"image-{number:05d}"


def write(path: pathlib.Path, text: str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_contexts(root: pathlib.Path, images: int, files: int, family: bool):
    """`files` files an image, the Dockerfile not counted."""
    for number in range(images):
        context = root / "images" / name_of(number)
        parent = parent_of(number) if family else None
        base = "scratch" if parent is None else f"{REGISTRY}/{name_of(parent)}"
        write(context / "Dockerfile", f"FROM {base}\nCOPY . /{name_of(number)}/\n")
        for file in range(files):
            write(context / f"part-{file % 4}" / f"file-{file:03d}.txt",
                  f"file {file} of image {number}\n" * 20)


def age(root: pathlib.Path):
    """Gives all files a time in the past: just written ones are hashed again (rightly)."""
    past = 1_700_000_000
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            os.utime(os.path.join(folder, name), (past, past), follow_symlinks=False)


def cairn_project(root: pathlib.Path, source: pathlib.Path, cairn: str, images: int,
                  family: bool, after_image: str = ""):
    lines = ["cmake_minimum_required(VERSION 3.25)", "project(bench LANGUAGES NONE)",
             "# What find_package(Cairn) gives, with this build's tool.",
             "add_executable(cairn::tool IMPORTED GLOBAL)",
             f'set_target_properties(cairn::tool PROPERTIES IMPORTED_LOCATION "{cairn}")',
             f'include("{source}/cmake/Cairn.cmake")',
             "add_docker_stack(bench ALL REGISTRY registry.example OWNER bench CONTEXT_ROOT images"
             " PLATFORMS linux/amd64 linux/arm64)"]
    for number in range(images):
        parent = parent_of(number) if family else None
        parents = "" if parent is None else f" PARENTS {name_of(parent)}"
        lines.append(f"add_docker_image({name_of(number)}{parents})")
        if after_image:
            lines.append(after_image.format(image=name_of(number)))
    write(root / "CMakeLists.txt", "\n".join(lines) + "\n")


def bare_project(root: pathlib.Path, images: int):
    """The leanest peer: one custom command and one target an image."""
    lines = ["cmake_minimum_required(VERSION 3.25)", "project(bare LANGUAGES NONE)"]
    for number in range(images):
        name = name_of(number)
        lines.append(f'add_custom_command(OUTPUT "${{CMAKE_BINARY_DIR}}/{name}.stamp"'
                     f' COMMAND "${{CMAKE_COMMAND}}" -E touch "${{CMAKE_BINARY_DIR}}/{name}.stamp"'
                     " VERBATIM)")
        lines.append(f'add_custom_target({name} ALL DEPENDS "${{CMAKE_BINARY_DIR}}/{name}.stamp")')
    write(root / "CMakeLists.txt", "\n".join(lines) + "\n")


def write_keys(build: pathlib.Path, images: int):
    """What the scan of equal_project, which does nothing, would have written."""
    for number in range(images):
        write(build / "cairn" / "images" / name_of(number) / "x86_64" / "key", "")


def equal_project(root: pathlib.Path, images: int):
    """What Cairn asks of CMake for these images, written down plainly: as many custom commands with
    as many files, targets, and generated files of the same size, and a step that always runs. Its
    commands only touch their files, and that step does nothing."""
    lines = ["cmake_minimum_required(VERSION 3.25)", "project(equal LANGUAGES NONE)"]
    keys, made = [], []
    for number in range(images):
        name = name_of(number)
        folder = f"${{CMAKE_BINARY_DIR}}/cairn/images/{name}/x86_64"
        keys.append(f'"{folder}/key"')
        made.append(f'"{folder}/inspection.json"')
        for file, size in (("build.json", 900), ("inspect.json", 190)):
            lines.append(f'file(GENERATE OUTPUT "{folder}/{file}" CONTENT "{"x" * size}")')
        for output, needs, verb in (("config", f'"{folder}/key"', "Building"),
                                    ("inspection.json",
                                     f'"{folder}/inspect.json" "{folder}/config"', "Inspecting")):
            lines.append(f'add_custom_command(OUTPUT "{folder}/{output}" DEPENDS {needs}'
                         f' COMMAND touch "{folder}/{output}"'
                         f' COMMENT "{verb} image {name} (x86_64)" VERBATIM)')
        lines.append(f"add_custom_target({name} DEPENDS {made[-1]})")
        lines.append(f"add_custom_target({name}-test)")
    lines.append(f"add_custom_target(scan BYPRODUCTS {' '.join(keys)}"
                 ' COMMAND true COMMENT "Scanning" VERBATIM)')
    lines.append(f"add_custom_target(bench-images ALL DEPENDS {' '.join(made)})")
    lines += ["add_custom_target(bench-images-test)", "add_custom_target(images)",
              "add_dependencies(images bench-images)", "add_custom_target(images-test)",
              "add_dependencies(images-test bench-images-test)"]
    write(root / "CMakeLists.txt", "\n".join(lines) + "\n")


def bake_file(root: pathlib.Path, images: int):
    """The family as linked targets, as bake wants it."""
    lines = ['group "default" {', "  targets = ["
             + ", ".join(f'"{name_of(number)}"' for number in range(images)) + "]", "}"]
    for number in range(images):
        parent = parent_of(number)
        lines += [f'target "{name_of(number)}" {{', f'  context = "images/{name_of(number)}"',
                  f'  tags = ["{REGISTRY}/{name_of(number)}:latest"]',
                  '  output = ["type=docker"]', '  attest = ["type=provenance,disabled=true"]']
        if parent is not None:
            lines.append(f'  contexts = {{ "{REGISTRY}/{name_of(parent)}" = '
                         f'"target:{name_of(parent)}" }}')
        lines.append("}")
    write(root / "docker-bake.hcl", "\n".join(lines) + "\n")
