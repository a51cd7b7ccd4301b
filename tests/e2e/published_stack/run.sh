#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# run.sh KIND: the stack `quick`, released to a registry with TLS and a login and to a folder, and
# pulled and run by docker and podman by tag and platform. Of two platforms where there is a cross
# compiler and the kernel was told of an emulator, each built in a tree of its own.
set -u
# shellcheck source=tests/e2e/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support.sh"
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/registry.sh"
open_world "$1"
export DOCKER_CONFIG="$world/no-logins"
own=linux/amd64 foreign=linux/arm64 foreign_arch=aarch64
[ "$arch" = x86_64 ] || { own=linux/arm64 foreign=linux/amd64 foreign_arch=x86_64; }
compiler="$foreign_arch-linux-gnu-g++"
both=1
grep -qs '^enabled' "/proc/sys/fs/binfmt_misc/qemu-$foreign_arch" && command -v "$compiler" \
  >/dev/null || both=0
need_for_registry podman podman
front="registry.example/$stack"
images=(quick-server quick-data quick-greeting)

# The stack as it is; an owner of this test, and what was built by emulation counts.
rm -r "$world/src"
cp -r "$support/../../stacks/quick" "$world/src"
sed -i '/^  quick$/a\  ACCEPT_EMULATED' "$world/src/CMakeLists.txt"
platforms=("$own $arch")
[ "$both" -eq 0 ] || platforms+=("$foreign $foreign_arch")
declared=("-DCAIRN_OWNER=$stack" "-DCAIRN_RELEASE_PLATFORMS=$own")
[ "$both" -eq 0 ] || declared[1]+=";$foreign"
records="$world/own"

must configure "$world/own" "${declared[@]}"
must ninja -C "$world/own" images-test images-export
if [ "$both" -eq 1 ]; then
  must configure "$world/foreign" "${declared[@]}" -DCAIRN_EMULATE=ON -DCMAKE_SYSTEM_NAME=Linux \
    "-DCMAKE_SYSTEM_PROCESSOR=$foreign_arch" "-DCMAKE_CXX_COMPILER=$compiler"
  must ninja -C "$world/foreign" images-test images-export
  records+=";$world/foreign"
fi

# --- The release tree: no engine, no compiler of either.
must configure "$world/release" "${declared[@]}" -DCAIRN_ENGINE_FILE= \
  "-DCAIRN_RECORDS_FROM=$records"
start_registry "$world/registry" tls basic
log_in "$world/login" "$registry" "$registry_user" "$registry_password"
publish() { # PLACE [BUILD_FOLDER]
  run cairn release publish -C "${2:-$world/release}" --to "$1" --ca-bundle "$registry_ca" \
    --lease-settle 0.1
  expect_status 0 "a publish to $1"
}
publish "$registry"
publish "oci:$world/layout"
# One that is of one platform needs no third tree: the one that built it publishes as well.
[ "$both" -eq 1 ] || publish "oci:$world/own-layout" "$world/own"

ask() { # PATH CURL_ARGUMENTS...
  curl -s -f --cacert "$registry_ca" -u "$registry_user:$registry_password" "${@:2}" \
    -H 'Accept: application/vnd.oci.image.index.v1+json' \
    -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' "https://$registry/v2/$1"
}

# --- The same digests in both, every tag.
for image in "${images[@]}"; do
  for tag in $(ask "$stack/$image/tags/list" | jq -r '.tags[]'); do
    [ "$tag" != cairn-release ] || continue
    ask "$stack/$image/manifests/$tag" -I | tr -d '\r' |
      sed -nE "s|^Docker-Content-Digest: (.*)|$front/$image:$tag \\1|Ip"
  done
done | sort >"$world/in-registry"
jq -r '.manifests[] | [.annotations["org.opencontainers.image.ref.name"], .digest] | join(" ")' \
  "$world/layout/index.json" | grep "^$front/" | grep -v ':cairn-release ' |
  sort >"$world/in-layout"
cmp -s "$world/in-registry" "$world/in-layout" ||
  fail "the registry and the layout differ: $(diff "$world/in-registry" "$world/in-layout")"
# latest, the date and two of the probe; of each platform, and merged.
tags=$((3 * 4 * (${#platforms[@]} + 1)))
[ "$(wc -l <"$world/in-registry")" -eq "$tags" ] ||
  { fail "not $tags tags" && show_file "$world/in-registry"; }

config_of() { # IMAGE ARCH: as the records have it
  local folder="$world/own"
  [ "$2" = "$arch" ] || folder="$world/foreign"
  jq -r '.config.digest' "$folder/cairn/images/$1/$2/export.json"
}
target_of() { [ "$1" = quick-server ] && echo quick-server-image || echo "$1"; }

# --- docker, which has none of them any more.
must engine image prune -af
for image in "${images[@]}"; do
  for platform_arch in "${platforms[@]}"; do
    read -r platform one <<<"$platform_arch"
    for tag in latest "$one-latest"; do
      reference="$registry/$stack/$image:$tag"
      must engine pull --platform "$platform" "$reference"
      [ "$(id_of "$reference")" = "$(config_of "$(target_of "$image")" "$one")" ] ||
        fail "docker pulled another $image:$tag of $platform than was tested"
    done
  done
done
run engine run --rm --network none "$registry/$stack/quick-greeting:$arch-latest" \
  quick-server --version
expect_status 0 "docker runs it"
expect_text "quick-server 1.0.0" "docker runs it"

# --- podman: from the registry and from the folder, each platform, with the healthcheck.
"$support/private_engine.sh" endpoint podman "$world/podman" $$ >"$world/podman.json" || exit $?
mapfile -t podman_command < <(jq -r '.program, .global_flags[]' "$world/podman.json")
mapfile -t run_flags < <(jq -r '.run_flags[]' "$world/podman.json")
podman() { "${podman_command[@]}" "$@"; }
# shellcheck disable=SC2317 # the trap calls it
end_podman() { "$support/private_engine.sh" stop "$world/podman" >/dev/null 2>&1; }
trap 'end_podman; rm -f "$folder"; close_world' EXIT
# podman makes a name of a folder's path, and names have no capitals.
folder="/var/tmp/cairn-layout-$$"
ln -s "$world/layout" "$folder"
mkdir -p "$world/certs.d"
cp "$registry_ca" "$world/certs.d/ca.crt"
from_registry=(--cert-dir "$world/certs.d" --creds "$registry_user:$registry_password")
pulled() { # REFERENCE ARGUMENTS...: prints the image's ID
  podman pull -q "${@:2}" "$1" 2>"$world/podman.log" || show_file "$world/podman.log"
}
for image in "${images[@]}"; do
  for platform_arch in "${platforms[@]}"; do
    read -r platform one <<<"$platform_arch"
    expected="$(config_of "$(target_of "$image")" "$one")"
    for tag in latest "$one-latest"; do
      id="$(pulled "docker://$registry/$stack/$image:$tag" --platform "$platform" \
        "${from_registry[@]}")"
      [ "sha256:$id" = "$expected" ] ||
        fail "podman pulled '$id' for $image:$tag of $platform, not '$expected'"
      [ "$(podman image inspect "$id" | jq -r '.[0].Healthcheck.Interval')" = 1000000000 ] ||
        fail "the healthcheck of $image:$tag is lost under podman"
    done
    podman rmi -f "$id" >/dev/null
    # By the index: podman takes no docker manifest where it stands alone in a folder.
    id="$(pulled "oci:$folder:$front/$image:latest" --platform "$platform")"
    [ "sha256:$id" = "$expected" ] || fail "podman pulled '$id' from the folder, not '$expected'"
  done
done
id="$(pulled "docker://$registry/$stack/quick-data:latest" "${from_registry[@]}")"
run podman run --rm --pull=never "${run_flags[@]}" "$id" quick-server --version
expect_status 0 "podman runs it"
expect_text "quick-server 1.0.0" "podman runs it"
echo "${#platforms[@]} platforms"
finish
