# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Releases of families that no engine built (make_family.py), for stories that have sourced
# support.sh; brings registry.sh. A family is called by its name, a folder of the world.
#
# open_family_world KIND: open_world, without anybody's logins
# make_family NAME ARGUMENTS...: of make_family.py
# release VERB NAME PLACE ARGUMENTS...: as run; NAME is - where no build tree is to be used
# check_tags ARGUMENTS...: check_family.py on $registry; what it says is in $world/seen
# expect_tags WHAT ARGUMENTS...: the same, and it must be content
# shellcheck disable=SC2034,SC2154 # what a story reads is set here, and `world` is a story's
# shellcheck source=tests/support/registry.sh
. "$(dirname "${BASH_SOURCE[0]}")/registry.sh"
family_root="quay.io/jupyter/docker-stacks-foundation"
release_ttl=2       # of leases: seconds
release_attempts=3
release_limit=120   # seconds after which a verb hangs
check_place=""      # instead of http://$registry
check_options=()

open_family_world() { # KIND
  open_world "$1"
  export DOCKER_CONFIG="$world/no-logins"
}

make_family() { # NAME ARGUMENTS...
  must "$registry_support/make_family.py" make "$world/$1" "${@:2}"
}

release_description() { # NAME
  echo "$world/$1/build/cairn/jupyter.release.json"
}

# One change of a family's description, by jq.
describe_otherwise() { # NAME FILTER
  local file
  file="$(release_description "$1")"
  jq "$2" "$file" >"$file.new" || fail "no such change: $2"
  mv "$file.new" "$file"
}

release_command() { # VERB NAME PLACE ARGUMENTS...: sets command
  local verb=(release "$1")
  case "$1" in doctor | push) verb=("$1") ;; esac
  command=(timeout -s KILL "$release_limit" cairn "${verb[@]}" --to "$3"
    --attempts "$release_attempts"
    --pause 0.01 --longest-pause "${release_longest_pause:-0.1}" --stall 5 --settle 1 --rate 1000000
    --lease-settle "${release_settle:-0.02}" --ttl "$release_ttl")
  [ "$2" = - ] || command+=(-C "$world/$2/build")
  command+=("${@:4}")
}

release() { # VERB NAME PLACE ARGUMENTS...
  release_command "$@"
  run "${command[@]}"
}

# In the background; sets publisher. What it says is in $world/NAME.out. No `timeout`, which would
# live on when it is killed.
start_publish() { # NAME PLACE ARGUMENTS...
  release_command publish "$@"
  "${command[@]:4}" >"$world/$1.out" 2>&1 &
  publisher=$!
}

check_tags() { # ARGUMENTS...
  "$registry_support/check_family.py" "${check_place:-http://$registry}" "${check_options[@]}" \
    "$@" >"$world/seen" 2>&1
}

expect_tags() { # WHAT ARGUMENTS...
  check_tags "${@:2}" && return
  fail "$1: something else is published"
  head -n 20 "$world/seen" >"$world/seen.head"
  show_file "$world/seen.head"
  return 1
}

# What a tag names, asked of the registry by curl.
digest_of() { # PATH TAG
  curl -s -I "http://$registry/v2/$1/manifests/$2" \
    -H 'Accept: application/vnd.oci.image.index.v1+json' \
    -H 'Accept: application/vnd.oci.image.manifest.v1+json' |
    tr -d '\r' | sed -nE 's/^Docker-Content-Digest: //Ip'
}

get_manifest() { # PATH TAG_OR_DIGEST
  curl -s -f "http://$registry/v2/$1/manifests/$2" \
    -H 'Accept: application/vnd.oci.image.index.v1+json' \
    -H 'Accept: application/vnd.oci.image.manifest.v1+json'
}

put_manifest() { # PATH TAG MEDIA_TYPE; the bytes on stdin
  must curl -s -f -X PUT "http://$registry/v2/$1/manifests/$2" -H "Content-Type: $3" \
    --data-binary @-
}

delete_manifest() { # PATH DIGEST
  must curl -s -f -X DELETE "http://$registry/v2/$1/manifests/$2"
}

# Tags cannot be deleted from a registry without what they name.
lose_tag() { # PATH TAG
  must rm -r "${registry_log%/log}/data/docker/registry/v2/repositories/$1/_manifests/tags/$2"
}

random_below() { # MILLISECONDS: prints seconds
  local number=$(((RANDOM * 32768 + RANDOM) % ($1 > 0 ? $1 : 1)))
  printf '%d.%03d\n' $((number / 1000)) $((number % 1000))
}

# A line of figures, and a file of them for whoever asked for the long form.
write_figures() { # JSON
  echo "$1"
  [ -z "${CAIRN_FIGURES:-}" ] || printf '%s\n' "$1" >"$CAIRN_FIGURES"
}
