#!/usr/bin/env bash
# The two commands of Cairn:
#   ./bootstrap.sh build   installs what is missing, builds the jupyter stack for this machine
#   ./bootstrap.sh test    installs what is missing, builds Cairn with its tests, runs them all
# On Debian 12 and 13 missing packages are installed through apt; on other systems they are named.
# What stands behind the command is for CMake: ./bootstrap.sh build -DCAIRN_ENGINE=podman
# Asks nothing. Proxies of the environment hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf 'bootstrap: %s\n' "$*"; }
stop() {
  printf 'bootstrap: error: %s\n' "$*" >&2
  exit 1
}
usage() {
  echo "usage: ./bootstrap.sh build|test [-D<variable>=<value>…]"
  echo "  build  build, inspect and test the jupyter stack for this machine's architecture"
  echo "  test   build Cairn with its tests and run them all"
}

# What a package gives, and how it is seen without a package manager:
#   command <name>   a program on PATH
#   header <name>    a header that the compiler finds
#   file <path>      a file; the path may hold wildcards
#   python <module>  a module of python3
needed_to_build() {
  cat <<'LIST'
cmake command cmake
ninja-build command ninja
g++ command g++
git command git
ca-certificates file /etc/ssl/certs/ca-certificates.crt
libfmt-dev header fmt/core.h
nlohmann-json3-dev header nlohmann/json.hpp
libcli11-dev header CLI/CLI.hpp
libpcre2-dev header pcre2.h
libpugixml-dev header pugixml.hpp
libssl-dev header openssl/evp.h
libcurl4-openssl-dev header curl/curl.h
libyaml-cpp-dev header yaml-cpp/yaml.h
libarchive-dev header archive.h
zlib1g-dev header zlib.h
libzstd-dev header zstd.h
libisal-dev header isa-l/igzip_lib.h
mmdebstrap command mmdebstrap
python3 command python3
LIST
}
needed_without_docker() {
  cat <<'LIST'
podman command podman
buildah command buildah
runc command runc
uidmap command newuidmap
fuse-overlayfs command fuse-overlayfs
slirp4netns command slirp4netns
LIST
  # Debian 13's podman takes no other runtime for its default, makes networks by nft for root and
  # by pasta for others, and only recommends what does that.
  if [ "$(debian_release)" = trixie ]; then
    echo "crun command crun"
    echo "nftables command nft"
    echo "passt command pasta"
  fi
}
needed_to_test() {
  cat <<'LIST'
libgtest-dev header gtest/gtest.h
libgmock-dev header gmock/gmock.h
python3-venv python ensurepip
shellcheck command shellcheck
curl command curl
jq command jq
skopeo command skopeo
docker.io command dockerd
docker-registry command docker-registry
openssl command openssl
perl-base command perl
iproute2 command ip
iptables command iptables
LIST
  # libFuzzer: gcc has none.
  local clang=14
  [ "$(debian_release)" != trixie ] || clang=19
  echo "clang-$clang command clang++-$clang"
  echo "libclang-rt-$clang-dev file /usr/lib/llvm-$clang/lib/clang/*/lib/linux"
  # From Debian 13 on docker's command line and its builder are packages of their own.
  if [ "$(debian_release)" = trixie ]; then
    echo "docker-cli command docker"
    echo "docker-buildx file /usr/libexec/docker/cli-plugins/docker-buildx"
  fi
}

is_there() {
  local kind=$1 name=$2
  case $kind in
  command) command -v "$name" >/dev/null || [ -x "/usr/sbin/$name" ] || [ -x "/sbin/$name" ] ;;
  header)
    command -v g++ >/dev/null &&
      echo "#include <$name>" |
      g++ -std=c++20 -DPCRE2_CODE_UNIT_WIDTH=8 -x c++ -E - >/dev/null 2>&1
    ;;
  file) compgen -G "$name" >/dev/null ;;
  python) command -v python3 >/dev/null && python3 -c "import $name" </dev/null 2>/dev/null ;;
  esac
}

docker_answers() {
  local docker
  while read -r docker; do
    timeout 10 "$docker" version --format '{{.Server.Version}}' </dev/null >/dev/null 2>&1 &&
      return 0
  done < <(type -aP docker)
  return 1
}

missing_packages() {
  local package kind name
  while read -r package kind name; do
    is_there "$kind" "$name" || echo "$package"
  done
}

# The code name of this Debian, or nothing on another system. Tests put another system's file here.
debian_release() {
  local facts=${CAIRN_OS_RELEASE:-/etc/os-release}
  [ -r "$facts" ] || return 0
  (
    # shellcheck source=/dev/null
    . "$facts"
    [ "${ID:-}" != debian ] || echo "${VERSION_CODENAME:-}"
  )
}

is_known_debian() {
  case $(debian_release) in bookworm | trixie) ;; *) return 1 ;; esac
}

# as_root <command>...: never asks for a password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    local kept=http_proxy,https_proxy,no_proxy,HTTP_PROXY,HTTPS_PROXY,NO_PROXY,DEBIAN_FRONTEND
    sudo -n --preserve-env="$kept" "$@"
  fi
}

install_packages() {
  is_known_debian ||
    stop "this is neither Debian 12 nor 13; install what gives these Debian packages: $*"
  local apt=(apt-get -o Dpkg::Options::=--force-confold --quiet --yes)
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    stop "packages are missing and this is not root; type: su -c 'apt-get update &&" \
      "apt-get install --yes --no-install-recommends $*'"
  fi
  say "installing with apt: $*"
  export DEBIAN_FRONTEND=noninteractive
  as_root "${apt[@]}" update
  as_root "${apt[@]}" install --no-install-recommends "$@"
}

provide() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -gt 0 ]; then
    install_packages "${missing[@]}"
  else
    say "everything needed is installed"
  fi
}

needed_for_engine() {
  case " $* " in
  *" -DCAIRN_ENGINE"*=podman\ * | *" -DCAIRN_ENGINE"*=buildah\ *) needed_without_docker ;;
  *) docker_answers || needed_without_docker ;;
  esac
}

# run_workflow <preset> [<argument of cmake>...]: a workflow takes no arguments, but what they set
# stays in the build tree.
run_workflow() {
  local preset=$1
  shift
  [ $# -eq 0 ] || configure "$preset" "$@"
  say "cmake --workflow --preset $preset"
  cmake --workflow --preset "$preset"
}

configure() {
  local preset=$1
  shift
  say "cmake --preset $preset${*:+ $*}"
  cmake --preset "$preset" "$@"
}

# The preset of this machine.
architecture() {
  case $(uname -m) in
  x86_64) echo x86_64 ;;
  aarch64 | arm64) echo aarch64 ;;
  armv7* | armv8l) echo armv7 ;;
  *) stop "no preset for architecture '$(uname -m)'; there are x86_64, aarch64 and armv7" ;;
  esac
}

build() {
  local preset
  preset=$(architecture)
  provide < <(
    needed_to_build
    needed_for_engine "$@"
  )
  run_workflow "$preset" "$@"
  echo
  "build/$preset/bin/cairn" status "build/$preset/cairn/jupyter.stack.json"
  say "done in $((SECONDS / 60)) min $((SECONDS % 60)) s; again: cmake --build build/$preset"
}

run_tests() {
  provide < <(
    needed_to_build
    needed_without_docker
    needed_to_test
  )
  say "the quick stack, end to end"
  run_workflow quick "$@"
  say "Cairn's own tests: configure, build, ctest"
  configure dev "$@"
  cmake --build --preset dev
  say "built in $((SECONDS / 60)) min $((SECONDS % 60)) s"
  ctest --preset dev -j 2
}

refuse() {
  usage >&2
  exit 2
}

command=${1:-}
[ $# -eq 0 ] || shift
for argument; do
  case $argument in -D?*) ;; *) refuse ;; esac
done
case $command in
build) build "$@" ;;
test) run_tests "$@" ;;
-h | --help) usage ;;
*) refuse ;;
esac
