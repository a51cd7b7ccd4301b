"""tag_floor.py HOST REPOSITORY TAGS PREFIX: prints the milliseconds of one HEAD and one PUT of an
index for each tag, on one kept connection. What the index names is put there before, not timed."""

import hashlib
import http.client
import json
import socket
import sys
import time

OCI = "application/vnd.oci.image."


class Registry:
    def __init__(self, host: str, repository: str):
        self.connection, self.repository = http.client.HTTPConnection(host), repository
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method, path, body=None, kind=""):
        headers = {"Accept": f"{OCI}index.v1+json"}
        if kind:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer

    def put_blob(self, data: bytes) -> dict:
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        begun = self.ask("POST", f"/v2/{self.repository}/blobs/uploads/")
        place = begun.getheader("Location").split("/v2/", 1)[1]
        self.ask("PUT", f"/v2/{place}&digest={digest}", data, "application/octet-stream")
        return {"mediaType": f"{OCI}config.v1+json", "digest": digest, "size": len(data)}

    def put_manifest(self, name: str, data: bytes, kind: str):
        answer = self.ask("PUT", f"/v2/{self.repository}/manifests/{name}", data,
                          f"{OCI}{kind}.v1+json")
        if answer.status != 201:
            sys.exit(f"tag_floor.py: PUT of '{name}': {answer.status}")


def index_of(registry: Registry) -> bytes:
    children = []
    for architecture in ("amd64", "arm64"):
        platform = {"architecture": architecture, "os": "linux"}
        config = registry.put_blob(json.dumps(platform).encode())
        manifest = json.dumps({"schemaVersion": 2, "mediaType": f"{OCI}manifest.v1+json",
                               "config": config, "layers": []}).encode()
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        registry.put_manifest(digest, manifest, "manifest")
        children.append({"mediaType": f"{OCI}manifest.v1+json", "digest": digest,
                         "size": len(manifest), "platform": platform})
    return json.dumps({"schemaVersion": 2, "mediaType": f"{OCI}index.v1+json",
                       "manifests": children}).encode()


def main():
    host, repository, tags, prefix = sys.argv[1:]
    registry = Registry(host, repository)
    index = index_of(registry)
    begin = time.perf_counter_ns()
    for number in range(int(tags)):
        registry.ask("HEAD", f"/v2/{repository}/manifests/{prefix}-{number}")
    for number in range(int(tags)):
        registry.put_manifest(f"{prefix}-{number}", index, "index")
    print((time.perf_counter_ns() - begin) / 1e6)


if __name__ == "__main__":
    main()
