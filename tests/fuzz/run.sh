#!/usr/bin/env bash
# Builds and runs the fuzzers in a build tree of their own:
#   run.sh build <source> <tree>              configures the tree with clang, builds all of them
#   run.sh short <source> <tree> <fuzzer>     one of them, a fixed number of times from its seeds
#   run.sh long <source> <tree> <seconds>     all of them, so many seconds each; keeps what it finds
# The newest clang++ on PATH that brings libFuzzer is taken, or $CAIRN_FUZZ_CXX. Without one it
# says so and exits with 77, or with 1 where CAIRN_REQUIRE_E2E=1.
set -euo pipefail
say() { printf 'fuzz: %s\n' "$*"; }

fuzzers="dockerfile http ignore image index names records structure"

candidates() {
  printf '%s\n' "${CAIRN_FUZZ_CXX:-clang++}"
  compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -t- -k2 -rnu
}

find_compiler() {
  local try=$1/try compiler
  echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' >"$try.cpp"
  while read -r compiler; do
    if "$compiler" -fsanitize=fuzzer,address,undefined "$try.cpp" -o "$try" >/dev/null 2>&1; then
      echo "$compiler"
      return
    fi
  done < <(candidates)
}

build() {
  local source=$1 tree=$2 compiler
  mkdir -p "$tree"
  compiler=$(find_compiler "$tree")
  if [ -z "$compiler" ]; then
    say "no clang++ with libFuzzer here; install clang and its compiler-rt (on Debian 12" \
      "clang-14 and libclang-rt-14-dev)"
    [ "${CAIRN_REQUIRE_E2E:-0}" = 1 ] && exit 1
    exit 77
  fi
  cmake -S "$source" -B "$tree" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Fuzz \
    -DCMAKE_CXX_FLAGS="-O1 -gline-tables-only" -DCAIRN_FUZZ=ON \
    -DCAIRN_SANITIZE=fuzzer-no-link,address,undefined
  cmake --build "$tree" --target fuzzers
}

# The seeds of a fuzzer: the corpus, and what else is kept for it.
seeds() {
  local source=$1 name=$2 folder
  for folder in "$source/tests/corpus/$name" "$source/tests/fuzz/seeds/$name"; do
    [ ! -d "$folder" ] || echo "$folder"
  done
}

# fuzz <source> <tree> <name> <folder for finds> <option>...
fuzz() {
  local source=$1 tree=$2 name=$3 finds=$4 folders
  shift 4
  mapfile -t folders < <(seeds "$source" "$name")
  mkdir -p "$finds"
  # Where memory runs out an exception must be seen, not the allocator's end of the process. And a
  # crash ends with 1: libFuzzer's own 77 would be a skipped test.
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1 \
    "$tree/tests/fuzz/${name}_fuzz" "$@" -max_len=4096 -timeout=60 -rss_limit_mb=2048 \
    -error_exitcode=1 -artifact_prefix="$tree/crash-$name-" -print_final_stats=1 \
    "$finds" "${folders[@]}"
}

run_long() {
  local source=$1 tree=$2 seconds=$3 name log broken=0
  printf '%-12s %12s %8s\n' fuzzer executions crashes
  for name in $fuzzers; do
    log=$tree/$name.log
    local crashes=0
    fuzz "$source" "$tree" "$name" "$tree/finds/$name" "-max_total_time=$seconds" >"$log" 2>&1 ||
      crashes=1
    broken=$((broken + crashes))
    printf '%-12s %12s %8s\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$crashes"
    [ "$crashes" = 0 ] || grep -E 'property broken|ERROR:|runtime error|written to' "$log" || true
  done
  return "$broken"
}

# The same inputs at every run, so that a failure of today is one of the change of today.
run_short() {
  local source=$1 tree=$2 name=$3 finds
  finds=$(mktemp -d "${TMPDIR:-/tmp}/cairn-fuzz-XXXXXX")
  # shellcheck disable=SC2064 # the folder of now is meant
  trap "rm -rf '$finds'" EXIT
  fuzz "$source" "$tree" "$name" "$finds" -seed=1 -runs=4000
}

case $1 in
build) build "$2" "$3" ;;
short) run_short "$2" "$3" "$4" ;;
long)
  build "$2" "$3" >"$3.log" 2>&1 || {
    cat "$3.log"
    exit 1
  }
  run_long "$2" "$3" "$4"
  ;;
esac
