#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: images go into the store by their IDs and come back as the same images; what is bad
# or half written there is never taken.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
open_world "$1"
build="$world/build"
blobs="$world/store/oci/blobs/sha256"

cat >"$world/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(export LANGUAGES NONE)
find_package(Cairn REQUIRED)
add_docker_stack(${STACK} ALL REGISTRY registry.example OWNER ${STACK} CONTEXT_ROOT images)
add_docker_image(root)
add_docker_image(child PARENTS root)
END
make_context root <<'END'
FROM scratch
COPY probe /probe
COPY noise /noise
HEALTHCHECK --interval=7s CMD ["/probe", "exit", "0"]
ONBUILD LABEL from=root
END
put_probe root
head -c 80000000 /dev/urandom >"$world/src/images/root/noise"
printf 'FROM registry.example/%s/root\nCOPY text /text\n' "$stack" | make_context child
echo "a text" >"$world/src/images/child/text"

folder_of() { echo "$build/cairn/images/$1/$arch"; } # IMAGE
record() { jq -r "$2" "$(folder_of "$1")/export.json"; } # IMAGE FILTER

# Every blob by programs that nobody here wrote.
expect_blobs() { # IMAGE
  local blob diff
  while read -r blob; do
    [ "$(sha256sum <"$blobs/$blob" | cut -d ' ' -f 1)" = "$blob" ] ||
      fail "blob $blob of $1 is not what its name says"
  done < <(record "$1" '[.manifest, .config, .layers[]] | .[].digest[7:]')
  while read -r blob diff; do
    [ "$(gzip -dc "$blobs/$blob" | sha256sum | cut -d ' ' -f 1)" = "$diff" ] ||
      fail "layer $blob of $1 does not unpack to $diff"
  done < <(record "$1" '.layers[] | .digest[7:] + " " + .diff_id[7:]')
  diff <(record "$1" '.layers[].diff_id') \
    <(jq -r '.rootfs.diff_ids[]' "$blobs/$(record "$1" '.config.digest[7:]')") >&2 ||
    fail "the layers of $1 are not those of its config"
}

expect_new_layers() { # COUNT WHAT
  expect_status 0 "$2"
  expect_text "$1 new" "$2"
}

must configure "$build"
must ninja -C "$build" images
root_id="$(id_of "registry.example/$stack/root:latest")"
child_id="$(id_of "registry.example/$stack/child:latest")"

# Killed in the middle: nothing that is listed is wrong, and the next run makes the rest.
cairn export root -C "$build" >/dev/null 2>&1 &
killed=$!
# shellcheck disable=SC2317 # wait_until calls it
is_writing() { [ -n "$(find "$world/store/incoming" -size +5000k 2>/dev/null)" ]; }
wait_until 30 is_writing || fail "the export writes nothing"
kill -KILL "$killed" 2>/dev/null
wait "$killed" 2>/dev/null
[ ! -e "$(folder_of root)/export.json" ] || fail "a killed export has a record"
run cairn store verify -C "$build"
expect_status 0 "verify after the kill"
run cairn store gc -C "$build" --grace 0
expect_status 0 "gc after the kill"
expect_text "left half written" "gc after the kill"

run cairn export child -C "$build"
expect_new_layers 1 "export of a child and its parent"
# A containerd store knows images by their manifests, everyone else by their configs.
by=.config.digest
[ "$kind" != docker-containerd ] || by=.engine_manifest.digest
[ "$(record child "$by")" = "sha256:${child_id#sha256:}" ] ||
  fail "the child's digest is not its ID: $(record child "$by"), $child_id"
[ "$(record root "$by")" = "sha256:${root_id#sha256:}" ] ||
  fail "the root's digest is not its ID"
expect_blobs root
expect_blobs child
manifest="$blobs/$(record child '.manifest.digest[7:]')"
[ "$(jq -r .mediaType "$manifest")" = application/vnd.docker.distribution.manifest.v2+json ] ||
  fail "the manifest of a docker config is $(jq -r .mediaType "$manifest")"
[ "$(jq -r '.annotations["org.opencontainers.image.base.digest"]' "$manifest")" = \
  "$(record root .manifest.digest)" ] || fail "the child's manifest does not name its parent's"
[ "$(jq -r '.layers[0].digest' "$manifest")" = "$(record root '.layers[0].digest')" ] ||
  fail "the child has another blob for its parent's layer"

# Again: nothing is asked, compressed or written.
cp -p "$(folder_of child)/export.json" "$world/before.json"
run cairn export root child -C "$build"
expect_status 0 "second export"
[ ! -s "$world/out" ] || { fail "a second export did something"; show_file "$world/out"; }
[ ! "$(folder_of child)/export.json" -nt "$world/before.json" ] ||
  fail "an equal record was written"
rm "$(folder_of child)/export.json" "$(folder_of root)/export.json"
run cairn export child -C "$build"
expect_new_layers 0 "export after the record was lost"
cmp -s "$(folder_of child)/export.json" "$world/before.json" ||
  fail "the same image has another record"

# A truncated blob and a changed one are found and made again.
layer="$(record root '.layers[0].digest[7:]')"
cp "$blobs/$layer" "$world/good"
truncate -s 1000 "$blobs/$layer"
run cairn export child -C "$build"
expect_status 0 "export over a truncated layer"
cmp -s "$blobs/$layer" "$world/good" || fail "a truncated layer was not made again"
printf X | dd of="$blobs/$layer" bs=1 seek=5000 conv=notrunc status=none
run cairn store verify -C "$build"
expect_status 1 "verify of a changed layer"
expect_text "blob 'sha256:$layer' of the store is bad: its bytes hash to" \
  "verify of a changed layer"
[ ! -e "$blobs/$layer" ] || fail "a bad blob was left"
run cairn export child -C "$build"
expect_status 0 "export over a removed layer"
cmp -s "$blobs/$layer" "$world/good" || fail "a removed layer was not made again"

# gc keeps what records name.
run cairn store gc -C "$build" --grace 0
expect_status 0 "gc"
expect_text "removed 0 blobs" "gc"
expect_blobs child

# Gone from the engine, and back from the store: the same image.
expect_back_from_store "$build" child "$child_id" root
if [ "$kind" = buildah ]; then
  health="$(engine inspect --type image "$root_id" | jq -r .Docker.config.Healthcheck.Interval)"
  onbuild="$(engine inspect --type image "$root_id" | jq -r '.Docker.config.OnBuild[0]')"
else
  health="$(engine image inspect "$root_id" |
    jq -r '.[0] | .Config.Healthcheck.Interval // .Healthcheck.Interval')"
  onbuild="$(jq -r '.config.OnBuild[0]' "$blobs/$(record root '.config.digest[7:]')")"
fi
[ "$health" = 7000000000 ] || fail "the healthcheck is '$health' after import"
[ "$onbuild" = "LABEL from=root" ] || fail "ONBUILD is '$onbuild' after import"
run cairn import child -C "$build"
expect_text "child: is there as sha256:${child_id#sha256:}" "second import"
run ninja -C "$build" images
expect_status 0 "the build after import"
expect_no_text "cairn: building" "the build after import"

run ninja -C "$build" images-export
expect_status 0 "images-export"
expect_no_text "exported as" "images-export of what is exported"

# Without records nobody needs the blobs.
rm "$(folder_of child)/export.json" "$(folder_of root)/export.json"
run cairn store gc -C "$build"
expect_text "removed 0 blobs, 0 B; " "gc of young blobs"
run cairn store gc -C "$build" --grace 0
[ -z "$(ls "$blobs")" ] || fail "gc left blobs that nobody names"
run cairn import child -C "$build"
expect_status 1 "import of what was never exported"
finish
