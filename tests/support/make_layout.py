#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Images that no engine made, and a look at a registry by nobody's client.

    make_layout.py make FOLDER TAG SEED [BYTES]
        adds an index to the OCI layout FOLDER: two platforms that share a layer, each with one of
        its own, all of random bytes that SEED decides; prints the index's digest
    make_layout.py check FOLDER DIGEST http://HOST REPOSITORY NAME
        reads NAME and all below it from a registry that asks for no login, and compares it with the
        layout, byte by byte; prints what differs and exits with 1, with 3 when NAME is absent
"""

import gzip
import hashlib
import io
import json
import pathlib
import random
import sys
import tarfile
import urllib.error
import urllib.request

OCI = "application/vnd.oci.image."


class Layout:
    def __init__(self, folder: str):
        self.folder = pathlib.Path(folder)
        self.blobs = self.folder / "blobs/sha256"

    def put(self, media_type: str, data: bytes) -> dict:
        name = hashlib.sha256(data).hexdigest()
        (self.blobs / name).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{name}", "size": len(data)}

    def document(self, kind: str, **members) -> dict:
        media_type = f"{OCI}{kind}.v1+json"
        members = {"schemaVersion": 2, "mediaType": media_type, **members}
        return self.put(media_type, json.dumps(members, sort_keys=True).encode())

    def layer(self, name: str, content: bytes) -> tuple[dict, str]:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        diff_id = "sha256:" + hashlib.sha256(packed.getvalue()).hexdigest()
        return self.put(OCI + "layer.v1.tar+gzip",
                        gzip.compress(packed.getvalue(), 1, mtime=0)), diff_id

    def image(self, architecture: str, layers: list) -> dict:
        config = {"architecture": architecture, "os": "linux", "config": {"Cmd": ["/none"]},
                  "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in layers]}}
        config = self.put(OCI + "config.v1+json", json.dumps(config, sort_keys=True).encode())
        return {**self.document("manifest", config=config, layers=[it for it, _ in layers]),
                "platform": {"architecture": architecture, "os": "linux"}}


def make(folder: str, tag: str, seed: str, size: str = "20000"):
    source, layout = random.Random(seed), Layout(folder)
    layout.blobs.mkdir(parents=True, exist_ok=True)
    shared = layout.layer("shared", source.randbytes(int(size)))
    images = [layout.image(arch, [shared, layout.layer(arch, source.randbytes(int(size)))])
              for arch in ("amd64", "arm64")]
    index = layout.document("index", manifests=images)
    (layout.folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    path = layout.folder / "index.json"
    listed = json.loads(path.read_text())["manifests"] if path.exists() else []
    index["annotations"] = {"org.opencontainers.image.ref.name": tag}
    path.write_text(json.dumps({"schemaVersion": 2, "manifests": listed + [index]}))
    print(index["digest"])


def check(folder: str, digest: str, url: str, repository: str, name: str):
    blobs = Layout(folder).blobs
    accept = ", ".join(f"{OCI}{kind}.v1+json" for kind in ("index", "manifest"))

    def fetch(kind: str, what: str) -> bytes:
        request = urllib.request.Request(f"{url}/v2/{repository}/{kind}/{what}",
                                         headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def compare(kind: str, what: str, expected: str):
        try:
            data = fetch(kind, what)
        except urllib.error.HTTPError as error:
            if error.code == 404 and what == name:
                print(f"absent: {repository} {name}")
                sys.exit(3)
            sys.exit(f"{kind} {what}: {error.code}")
        if data != (blobs / expected.removeprefix("sha256:")).read_bytes():
            sys.exit(f"{kind} {what}: other bytes than {expected}")
        if kind == "blobs":
            return
        document = json.loads(data)
        for below in document.get("manifests", []):
            compare("manifests", below["digest"], below["digest"])
        for below in [document["config"], *document["layers"]] if "config" in document else []:
            compare("blobs", below["digest"], below["digest"])

    compare("manifests", name, digest)


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
