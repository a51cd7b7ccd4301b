#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Looks at what is published of a family of make_family.py, without Cairn.

    check_family.py http://HOST:PORT | https://HOST:PORT | oci:FOLDER [options]

Every tag of every repository that can be read must name a complete index, or image, of one
generation: all children there, all blobs of each child there. Options:

    --all-of FOLDER     every tag of that family must be there and lead to its images; given
                        several times, to those of one and the same of them
    --but REGEX         tags (`path:tag`) that --all-of does not ask for
    --platforms N       merged tags have so many children
    --ca FILE  --user NAME:PASSWORD

Prints a line for each tag that is torn and one of figures; exits with 1 when there is a torn one.
"""

import argparse
import base64
import http.client
import json
import pathlib
import re
import ssl
import sys
import time
import urllib.parse

INDEXES = {"application/vnd.oci.image.index.v1+json",
           "application/vnd.docker.distribution.manifest.list.v2+json"}
MANIFESTS = ["application/vnd.oci.image.manifest.v1+json",
             "application/vnd.docker.distribution.manifest.v2+json"]
ACCEPT = ", ".join([*sorted(INDEXES), *MANIFESTS])
JOURNAL = "cairn-release"
ARCHES = ("x86_64-", "aarch64-", "armv7-")


class Torn(Exception):
    """Why a tag does not lead to a whole image."""


class Registry:
    def __init__(self, url: str, options):
        parts = urllib.parse.urlsplit(url)
        self.headers = {"Accept": ACCEPT}
        if options.user:
            self.headers["Authorization"] = "Basic " + base64.b64encode(
                options.user.encode()).decode()
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=options.ca)
            self.connection = http.client.HTTPSConnection(parts.netloc, timeout=30, context=context)
        else:
            self.connection = http.client.HTTPConnection(parts.netloc, timeout=30)

    def ask(self, method: str, path: str):
        self.connection.request(method, "/v2/" + path, headers=self.headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def lists(self, path: str, member: str) -> list:
        """All pages of a list; empty when there is none."""
        found, path = [], path + "?n=1000"
        while path:
            answer, body = self.ask("GET", path)
            if answer.status == 404:
                break
            if answer.status != 200:
                sys.exit(f"check_family.py: GET {path}: {answer.status}")
            found += json.loads(body)[member] or []
            link = re.match(r"</v2/([^>]*)>", answer.getheader("Link") or "")
            path = link[1] if link else ""
        return found

    def tags(self):
        for repository in self.lists("_catalog", "repositories"):
            for tag in self.lists(repository + "/tags/list", "tags"):
                yield repository, tag

    def digest(self, repository: str, tag: str):
        """What the tag names, or None: registries list tags whose first PUT is on its way."""
        answer, _ = self.ask("HEAD", f"{repository}/manifests/{tag}")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise Torn(f"HEAD: {answer.status}")
        return answer.getheader("Docker-Content-Digest")

    def document(self, repository: str, digest: str) -> bytes:
        answer, body = self.ask("GET", f"{repository}/manifests/{digest}")
        if answer.status != 200:
            raise Torn(f"manifest {digest}: {answer.status}")
        return body

    def has_blob(self, repository: str, blob: dict) -> bool:
        answer, _ = self.ask("HEAD", f"{repository}/blobs/{blob['digest']}")
        return answer.status == 200 and int(answer.getheader("Content-Length")) == blob["size"]

    def blob(self, repository: str, digest: str) -> bytes:
        answer, body = self.ask("GET", f"{repository}/blobs/{digest}")
        if answer.status != 200:
            raise Torn(f"blob {digest}: {answer.status}")
        return body


class Layout:
    """Names are declared ones: `quay.io/jupyter/base-notebook:latest`."""

    def __init__(self, folder: str):
        self.folder = pathlib.Path(folder)
        self.named = {}
        for entry in json.loads((self.folder / "index.json").read_text())["manifests"]:
            name = entry.get("annotations", {}).get("org.opencontainers.image.ref.name", "")
            repository, colon, tag = name.rpartition(":")
            if colon:
                self.named[repository.partition("/")[2], tag] = entry["digest"]

    def tags(self):
        yield from self.named

    def digest(self, repository: str, tag: str):
        return self.named[repository, tag]

    def path(self, digest: str) -> pathlib.Path:
        return self.folder / "blobs/sha256" / digest.removeprefix("sha256:")

    def document(self, _, digest: str) -> bytes:
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise Torn(f"{digest} is not there") from None

    blob = document

    def has_blob(self, _, blob: dict) -> bool:
        path = self.path(blob["digest"])
        return path.exists() and path.stat().st_size == blob["size"]


class Checker:
    def __init__(self, place, options):
        self.place, self.options = place, options
        self.known = {}  # repository and digest: what was found out, or why it is torn
        self.blobs = set()
        self.held = {}  # `path:tag`: digests of platform manifests
        self.torn, self.absent, self.generations = [], 0, {}

    def image(self, repository: str, digest: str, document: dict) -> tuple:
        """(generation, target, platform) of a manifest whose blobs are all there."""
        for blob in [document["config"], *document["layers"]]:
            if (repository, blob["digest"]) in self.blobs:
                continue
            if not self.place.has_blob(repository, blob):
                raise Torn(f"{digest} lacks {blob['digest']}")
            self.blobs.add((repository, blob["digest"]))
        if "artifactType" in document or "image" not in document["config"]["mediaType"]:
            return "", "", ""
        config = json.loads(self.place.blob(repository, document["config"]["digest"]))
        labels = config["config"]["Labels"]
        return (labels["generation"], labels["target"],
                "/".join(filter(None, (config["os"], config["architecture"],
                                       config.get("variant", "")))))

    def resolve(self, repository: str, digest: str) -> tuple:
        """(generation, target, platform or None, digests of platform manifests)."""
        document = json.loads(self.place.document(repository, digest))
        if document["mediaType"] not in INDEXES:
            return *self.image(repository, digest, document), [digest]
        found = []
        for child in document["manifests"]:
            body = self.place.document(repository, child["digest"])
            if len(body) != child["size"]:
                raise Torn(f"{child['digest']} has another size")
            seen = self.image(repository, child["digest"], json.loads(body))
            said = "/".join(child["platform"].get(it, "") for it in
                            ("os", "architecture", "variant")).rstrip("/")
            if said != seen[2]:
                raise Torn(f"{child['digest']} is of {seen[2]}, the index says {said}")
            found.append(seen)
        if len({seen[:2] for seen in found}) != 1:
            raise Torn(f"{digest} mixes {sorted(set(found))}")
        if len({seen[2] for seen in found}) != len(found):
            raise Torn(f"{digest} has a platform twice")
        return *found[0][:2], None, [child["digest"] for child in document["manifests"]]

    def check_patiently(self, repository: str, tag: str):
        """registry 2.8 writes links in place: while it does, it answers 500 or 404."""
        for _ in range(4):
            try:
                return self.check(repository, tag)
            except Torn as reason:
                last = reason
                self.known = {place: found for place, found in self.known.items()
                              if not isinstance(found, Torn)}
                time.sleep(0.1)
        raise last

    def check(self, repository: str, tag: str):
        digest = self.place.digest(repository, tag)
        if digest is None:
            self.absent += 1
            return
        if (repository, digest) not in self.known:
            try:
                self.known[repository, digest] = self.resolve(repository, digest)
            except Torn as reason:
                self.known[repository, digest] = reason
        found = self.known[repository, digest]
        if isinstance(found, Torn):
            raise found
        if tag == JOURNAL:
            return
        generation, _, platform, children = found
        merged = not tag.startswith(ARCHES)
        if (platform is None) != merged:
            raise Torn("an index" if platform is None else "a lone manifest")
        wanted = self.options.platforms
        if merged and wanted and len(children) != wanted:
            raise Torn(f"{digest} has {len(children)} platforms of {wanted}")
        self.generations[generation] = self.generations.get(generation, 0) + 1
        self.held[f"{repository}:{tag}"] = children

    def check_all(self):
        for repository, tag in self.place.tags():
            try:
                self.check_patiently(repository, tag)
            except Torn as reason:
                self.torn.append(f"{repository}:{tag}: {reason}")
        families = [json.loads((folder / "family.json").read_text(encoding="utf-8"))
                    for folder in self.options.all_of]
        missing = [self.missing_of(family) for family in families]
        if missing and all(missing):
            self.torn += min(missing, key=len)

    def missing_of(self, family: dict) -> list:
        found = []
        for name, digests in family["tags"].items():
            if self.options.but and re.search(self.options.but, name):
                continue
            if name not in self.held:
                found.append(f"{name}: not there")
            elif sorted(self.held[name]) != sorted(digests):
                found.append(f"{name}: not of generation {family['generation']}")
        return found


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("place")
    parser.add_argument("--all-of", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--but")
    parser.add_argument("--platforms", type=int)
    parser.add_argument("--ca")
    parser.add_argument("--user")
    options = parser.parse_args()
    is_layout = options.place.startswith("oci:")
    checker = Checker(Layout(options.place[4:]) if is_layout else
                      Registry(options.place, options), options)
    checker.check_all()
    for line in checker.torn:
        print(f"torn: {line}")
    shown = ", ".join(f"{count} of generation {name}" for name, count in
                      sorted(checker.generations.items()))
    print(f"{len(checker.held)} tags ({shown or 'none'}), {checker.absent} listed and absent, "
          f"{len(checker.torn)} torn")
    return 1 if checker.torn else 0


if __name__ == "__main__":
    sys.exit(main())
