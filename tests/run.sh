#!/bin/bash
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds commresolve and runs its tests, installing the build dependencies first where they are
# missing. Works on a fresh Debian 12; the last lines it prints are ctest's summary.

set -euo pipefail

usage() {
  cat <<'HELP'
Usage: tests/run.sh [--preset NAME] [--no-install | --install-only] [-- CTEST-OPTION...]

Installs the build dependencies named in debian/control if any is missing (as root, or
through sudo), builds the preset in build/NAME and runs its tests.

  --preset NAME   dev (default), asan or tsan
  --no-install    never install anything; say what is missing instead
  --install-only  install what is missing and stop
  -h, --help      show this text

Everything after -- goes to ctest:
  tests/run.sh -- -R known_certs     only tests whose name matches
  tests/run.sh -- -L unit -j 4       only the label unit, four at a time

Environment: COMMRESOLVE_WERROR=ON makes warnings errors;
CMAKE_CXX_COMPILER_LAUNCHER=ccache speeds up later builds.

Exit status: 0 all tests passed; 2 wrong usage or missing packages; otherwise that of
the step that failed.
HELP
}

fail_usage() {
  printf 'run.sh: error: %s\nrun.sh: hint: tests/run.sh --help\n' "$1" >&2
  exit 2
}

preset=dev
install=yes
while (($#)); do
  case $1 in
    --preset) [[ $# -ge 2 ]] || fail_usage '--preset needs a name'; preset=$2; shift 2 ;;
    --preset=*) preset=${1#*=}; shift ;;
    --no-install) install=no; shift ;;
    --install-only) install=only; shift ;;
    -h | --help) usage; exit 0 ;;
    --) shift; break ;;
    *) fail_usage "unknown argument: $1" ;;
  esac
done
case $preset in
  dev | asan | tsan) ;;
  *) fail_usage "unknown preset: $preset (dev, asan, tsan)" ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Prints what is missing, nothing when all is there. The checking tool comes with the compiler
# (build-essential), so where it is absent the compiler is too.
missing_packages() {
  if ! command -v dpkg-checkbuilddeps >/dev/null; then
    echo 'build-essential and what debian/control names'
    return
  fi
  { LC_ALL=C dpkg-checkbuilddeps 2>&1 || true; } | sed -n 's/.*Unmet build dependencies: //p'
}

refuse_missing() {
  printf 'run.sh: error: missing packages: %s\n' "$1" >&2
  printf 'run.sh: hint: as root, run: apt-get update && apt-get build-dep ./ (in %s)\n' "$PWD" >&2
  exit 2
}

install_missing() {
  local missing=$1 as_root=()
  [[ $install != no ]] || refuse_missing "$missing"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || refuse_missing "$missing"
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" true || refuse_missing "$missing"
  fi
  echo "run.sh: missing: $missing"
  echo "run.sh: installing with: ${as_root[*]:+${as_root[*]} }apt-get update && apt-get build-dep ./"
  local output=/dev/stdout
  [[ -t 1 ]] || output=/dev/null # a log has no use for one line a package; errors go to stderr
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get build-dep -qq -y \
    --no-install-recommends ./ >"$output"
}

missing=$(missing_packages)
[[ -z $missing ]] || install_missing "$missing"
[[ $install != only ]] || exit 0

configure=(cmake --preset "$preset" --log-level=WARNING)
[[ -z ${COMMRESOLVE_WERROR:-} ]] || configure+=("-DCOMMRESOLVE_WERROR=$COMMRESOLVE_WERROR")
"${configure[@]}" >/dev/null

# A person watches the count; a log does not need it.
build=(cmake --build --preset "$preset" --parallel "$(nproc)")
[[ -t 1 ]] || build+=(-- --quiet)
"${build[@]}"

exec ctest --preset "$preset" "$@"
