#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh none: what a release is refused for, and that nothing of it is visible then; platforms that
# come from other machines; tags that only some platforms have.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/family.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/family.sh"
open_family_world "$1"
start_registry "$world/registry"

record_of() { # NAME TARGET ARCH FILE
  echo "$world/$1/build/cairn/images/$2/$3/$4"
}

edit_record() { # NAME TARGET ARCH FILE FILTER
  local file
  file="$(record_of "$1" "$2" "$3" "$4")"
  must jq "$5" "$file"
  cp "$world/must.log" "$file"
}

count_tags() { # sets there
  check_tags
  there="$(sed -nE 's/^([0-9]+) tags .*/\1/p' "$world/seen")"
}

# refused WHAT NAME TEXT ARGUMENTS...: no publish, and nothing there.
refused() {
  release publish "$2" "$registry" "${@:4}"
  expect_status 1 "$1"
  expect_text "$3" "$1"
  check_tags
  grep -q "^$there tags" "$world/seen" || { fail "$1: tags moved" && show_file "$world/seen"; }
}

count_tags
make_family one --images 3
cp -r "$world/one" "$world/whole"
whole() { # the family as it was
  rm -rf "$world/one"
  cp -r "$world/whole" "$world/one"
}

rm -r "$(record_of one base-notebook aarch64 "")"
refused "a platform that is missing" one \
  "cairn: error: 'base-notebook' (linux/arm64): no records of it
cairn: hint: bring the records of a machine that builds it: cmake -DCAIRN_RECORDS_FROM=<folder>"
whole
rm "$(record_of one base-notebook aarch64 export.json)"
refused "an image that is not exported" one \
  "'base-notebook' (linux/arm64): has not been exported"
expect_text "cairn export" "an image that is not exported"
whole
rm "$(record_of one base-notebook x86_64 tests/version.json)"
refused "a test that did not run" one \
  "'base-notebook' (linux/amd64): tests have not passed: 'version' (not run)"
whole
edit_record one base-notebook x86_64 tests/version.json '.status = "failed"'
refused "a test that failed" one \
  "'base-notebook' (linux/amd64): tests have not passed: 'version' (failed)"
whole
edit_record one base-notebook x86_64 test.json '.tests = []'
refused "an image without tests" one "'base-notebook' (linux/amd64): has no tests"
whole
edit_record one base-notebook x86_64 image.json \
  ".config_digest = \"sha256:$(printf '0%.0s' {1..64})\""
refused "an image that was rebuilt after its test" one "'base-notebook' (linux/amd64)"
whole
edit_record one base-notebook x86_64 image.json ".source_key = \"$(printf '0%.0s' {1..64})\""
refused "platforms of different inputs" one "'base-notebook'"
whole
edit_record one base-notebook x86_64 export.json \
  ".parent_manifest = \"sha256:$(printf '0%.0s' {1..64})\""
refused "a child of another parent" one "'base-notebook' (linux/amd64)"
whole
layer="$(jq -r '.layers[0].digest[7:]' "$(record_of one base-notebook x86_64 export.json)")"
truncate -s 10 "$world/one/store/oci/blobs/sha256/$layer"
refused "a blob that is cut" one "$layer"
whole
rm "$world/one/store/oci/blobs/sha256/$layer"
refused "a blob that is not there" one "cairn push"
whole
git -C "$world/one/src" init -q
echo text >"$world/one/src/file"
must git -C "$world/one/src" add file
must git -C "$world/one/src" -c user.name=a -c user.email=a@b commit -q -m text
echo other >"$world/one/src/file"
refused "a source tree with changes" one "--allow-dirty"
release publish one "$registry" --allow-dirty
expect_status 0 "a source tree with changes, allowed"
expect_tags "a source tree with changes, allowed" --all-of "$world/one" --platforms 2

# --- Untested, but its owner says so.
count_tags
make_family untested --images 3 --generation 2
edit_record untested minimal-notebook x86_64 test.json '.tests = []'
refused "an image without tests" untested "--allow-untested minimal-notebook"
release publish untested "$registry" --allow-untested minimal-notebook
expect_status 0 "an image without tests, allowed"
expect_tags "an image without tests, allowed" --all-of "$world/untested" --platforms 2

# --- Each platform from a machine of its own: two stores, the records brought to the first.
make_family arm --images 3 --generation 3 --records-of linux/arm64
make_family amd --images 3 --generation 3 --records-of linux/amd64
# All blobs are in both stores: the first machine has only its own.
for blob in $(jq -r '[.manifest, .config, .layers[]] | .[].digest[7:]' \
  "$world"/arm/build/cairn/images/*/aarch64/export.json); do
  rm -f "$world/amd/store/oci/blobs/sha256/$blob"
done
count_tags
refused "records that were not brought" amd "(linux/arm64)"
mkdir "$world/brought"
cp -r "$world/arm/build/cairn/images" "$world/brought/"
describe_otherwise amd ".records += [\"$world/brought\"]"
refused "blobs that were not brought" amd "cairn push"
release push arm "$registry"
expect_status 0 "a push from the other machine"
release publish amd "$registry"
expect_status 0 "a publish of two machines' work"
expect_tags "a publish of two machines' work" --all-of "$world/amd" --platforms 2
# A record that is there twice: the same, or refused.
make_family again --images 3 --generation 4
mkdir "$world/copy"
cp -r "$world/again/build/cairn/images" "$world/copy/"
describe_otherwise again ".records += [\"$world/copy\"]"
release plan again "$registry"
expect_status 0 "records that are there twice and the same"
make_family else --images 3 --generation 4 --maker else
rm -r "$world/copy/images"
cp -r "$world/else/build/cairn/images" "$world/copy/"
count_tags
refused "records that are there twice and differ" again "'docker-stacks-foundation' (linux/amd64)"

# --- A tag never loses a platform by accident.
count_tags
make_family small --images 3 --generation 5 --platforms linux/amd64
refused "a release of one platform less" small "--allow-shrink"
mapfile -t shrunk < <(jq -r '.tags | keys[] | sub(".*:"; "") | select(test("^(x86_64|aarch64)-") |
  not)' "$world/small/family.json" | sort -u)
release publish small "$registry" "${shrunk[@]/#/--allow-shrink=}"
expect_status 0 "a release of one platform less, allowed"
expect_tags "a release of one platform less, allowed" --all-of "$world/small"
check_tags --all-of "$world/small" --platforms 2 && fail "the check does not count platforms"

# --- Tags that only some platforms have.
start_registry "$world/skewed"
make_family skew --images 3 --generation 6 --version-of linux/arm64:mamba=2.5.0
release publish skew "$registry"
expect_status 0 "a probe that differs"
expect_text "mamba-2.6.0" "a probe that differs"
expect_tags "a probe that differs" --all-of "$world/skew" --platforms 2
[ -z "$(digest_of jupyter/base-notebook mamba-2.6.0)" ] || fail "a skewed tag is there"
[ -n "$(digest_of jupyter/base-notebook x86_64-mamba-2.6.0)" ] || fail "an arch tag is not there"
release publish skew "$registry" --strict
expect_status 1 "a probe that differs, strictly"
make_family partial --images 3 --generation 7 --version-of linux/arm64:mamba=2.5.0 --skew partial
release publish partial "$registry"
expect_status 0 "a probe that differs, partial"
expect_tags "a probe that differs, partial" --all-of "$world/partial"
get_manifest jupyter/base-notebook mamba-2.7.0 >"$world/out"
[ "$(jq '.manifests | length' "$world/out")" = 1 ] || fail "a partial tag is not of one platform"

# --- Never back: older versions stay away unless named; what is pinned never moves.
make_family older --images 3 --generation 5
release publish older "$registry"
expect_status 0 "an older release"
expect_text "python 3.11.5 is older than 3.11.7" "an older release"
expect_tags "an older release" --all-of "$world/partial" --but \
  ':(.*-)?(conda|ubuntu|hub|stable)|mamba-2.5.0'
make_family pinned --images 3 --generation 8 --release 1.7.0
release publish pinned "$registry"
expect_status 0 "a version that is taken"
expect_tags "a version that is taken" --all-of "$world/pinned" --but ':(.*-)?1\.7\.0'
expect_tags "a version that is taken" --all-of "$world/partial" --but ':(.*-)?([^1]|1[^.])'

# --- What another wrote is seen, adopted by the next publish, and mended by it.
get_manifest jupyter/base-notebook x86_64-latest |
  put_manifest jupyter/base-notebook python-3.11 application/vnd.oci.image.manifest.v1+json
release publish pinned "$registry"
expect_status 0 "a tag that another moved"
expect_tags "a tag that another moved" --all-of "$world/pinned" --but ':(.*-)?1\.7\.0'
finish
