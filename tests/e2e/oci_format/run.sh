#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: images built with --format oci are exported, published and imported as they are, with
# layers compressed by zstd; what that format cannot hold stops a build.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
blobs="$world/store/oci/blobs/sha256"
released="$world/released"

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(oci_format LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images
  COMPRESSION zstd)
add_docker_image(root)
add_docker_image(child PARENTS root)
add_docker_test(answers IMAGE root COMMAND /probe exit 0)
END
make_context root <<'END'
FROM scratch
COPY probe /probe
ENV A=1
END
put_probe root
printf 'FROM registry.example/%s/root\nCOPY text /text\n' "$stack" | make_context child
echo "a text" >"$world/src/images/child/text"
must git -C "$world/src" init -q
must git -C "$world/src" add .
must git -C "$world/src" -c user.name=t -c user.email=t@example.invalid commit -qm all

record() { jq -r "$2" "$build/cairn/images/$1/$arch/export.json"; } # IMAGE FILTER

must configure "$build" "-DCAIRN_BUILD_FLAGS=--format oci" "-DCAIRN_DESTINATIONS=oci:$released"
must ninja -C "$build" images images-test images-export
child_id="$(id_of "registry.example/$stack/child:latest")"
[ "$(record child .config.digest)" = "sha256:${child_id#sha256:}" ] ||
  fail "the child's config is not its ID: $(record child .config.digest), $child_id"
expected="application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.config.v1+json \
application/vnd.oci.image.layer.v1.tar+zstd application/vnd.oci.image.layer.v1.tar+zstd"
seen="$(record child '[.manifest, .config, .layers[]] | map(.media_type) | join(" ")')"
[ "$seen" = "$expected" ] || fail "the child's media types are $seen"
[ "$(record child '.layers[0].digest')" = "$(record root '.layers[0].digest')" ] ||
  fail "the child has another blob for its parent's layer"
[ "$(jq -r '.config.Env | index("A=1")' "$blobs/$(record child '.config.digest[7:]')")" != null ] ||
  fail "the config in the store is not the image's"

# Published, and taken apart by a program that nobody here wrote: it checks digests and diff IDs.
must cairn release publish -C "$build"
must skopeo copy --quiet "oci:$released:registry.example/$stack/child:latest" \
  "oci:$world/copied:child"
digest="$(jq -r '.manifests[0].digest' "$world/copied/index.json")"
[ "$digest" = "$(record child .manifest.digest)" ] || fail "skopeo got the manifest '$digest'"
must skopeo copy --quiet --dest-decompress "oci:$world/copied:child" "dir:$world/unpacked"
while read -r diff; do
  [ "$(sha256sum <"$world/unpacked/$diff" | cut -d ' ' -f 1)" = "$diff" ] ||
    fail "no layer of the published image unpacks to $diff"
done < <(record child '.layers[].diff_id[7:]')

# Gone from the engine, and back from the store: the same image.
expect_back_from_store "$build" child "$child_id" root
run ninja -C "$build" images
expect_status 0 "the build after import"
expect_no_text "cairn: building" "the build after import"

# What the format has no place for.
printf 'HEALTHCHECK CMD ["/probe"]\n' >>"$world/src/images/root/Dockerfile"
run ninja -C "$build" images
expect_status 1 "a healthcheck in the OCI format"
expect_text "cairn: error: 'root' is built with --format oci, in which there is no place for \
HEALTHCHECK (@/src/images/root/Dockerfile:4)
cairn: hint: take '--format oci' out of its build flags and out of CAIRN_BUILD_FLAGS" \
  "a healthcheck in the OCI format"

# The other format, and what it has no media type for.
must configure "$build" -DCAIRN_BUILD_FLAGS=
must ninja -C "$build" images
run cairn export child -C "$build"
expect_status 1 "zstd with a docker config"
expect_text "cairn: error: 'root' has a docker config, whose layers cannot be 'zstd'
cairn: hint: build it and its parents with --format oci (podman, buildah), or take COMPRESSION \
zstd out of add_docker_stack" "zstd with a docker config"
finish
