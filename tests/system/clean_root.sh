#!/bin/bash
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Proves that the README's commands work on a fresh Debian 12: makes a minimal system in a temporary
# folder, puts the committed checkout into it and runs commands there. For developers; needs root.

set -euo pipefail

usage() {
  cat <<'HELP'
Usage: tests/system/clean_root.sh [--corpus DIR] [--keep] [-- COMMAND...]

Makes a minimal Debian 12 (the packages marked required, and apt) from this machine's own
apt sources, lays the committed state of this checkout into it as /srv/commresolve, and
runs COMMAND there as root. Default: examples/quickstart.sh, then tests/run.sh.
This machine's files stay untouched; the system is removed at the end.

  --corpus DIR   show DIR inside, read-only, as /srv/shared/corpus, where tests look for it
  --keep         keep the system and print its folder
  -h, --help     show this text

Needs root, mmdebstrap and about 3 GB in $TMPDIR.
Exit status: that of COMMAND; 2 wrong usage or a missing tool.
HELP
}

fail() {
  printf 'clean_root.sh: error: %s\n' "$1" >&2
  exit 2
}

corpus=
keep=no
while (($#)); do
  case $1 in
    --corpus) [[ $# -ge 2 ]] || fail '--corpus needs a folder'; corpus=$(realpath "$2"); shift 2 ;;
    --keep) keep=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    --) shift; break ;;
    *) fail "unknown argument: $1 (see --help)" ;;
  esac
done
(($#)) || set -- bash -ec 'examples/quickstart.sh && tests/run.sh'
[[ -z $corpus || -d $corpus ]] || fail "no such folder: $corpus"
((EUID == 0)) || fail 'needs root: run it through sudo'
for tool in mmdebstrap unshare git; do
  command -v "$tool" >/dev/null || fail "$tool not found: apt-get install mmdebstrap util-linux git"
done

checkout=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
work=$(mktemp -d -t commresolve-clean.XXXXXX)
root=$work/root

# Mounts live in a mount namespace of their own, which ends with its last process: what is removed
# here are plain files.
# shellcheck disable=SC2317  # called by the trap
cleanup() {
  if [[ $keep == yes ]]; then
    echo "clean_root.sh: kept: $root"
  else
    rm -rf --one-file-system "$work"
  fi
}
trap cleanup EXIT

# The apt sources that carry bookworm, in either format; others on this machine (for example a
# vendor's) are not part of a fresh system.
mapfile -t sources < <(grep -lE '^(Suites:|deb ).*bookworm' /etc/apt/sources.list \
  /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
((${#sources[@]})) || fail 'this machine has no apt source for bookworm'

make_root() {
  # Proxy and date settings of this machine go along, or apt inside could not reach the mirror.
  apt-config dump --format '%f "%v";%n' Acquire | grep -E '::(Proxy|Check-)' >"$work/apt.conf" || true
  mmdebstrap --quiet --variant=minbase --aptopt="$work/apt.conf" bookworm "$root" "${sources[@]}"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  mkdir -p "$root/srv/commresolve" "$root/srv/shared/corpus"
  git -C "$checkout" archive HEAD | tar -x -C "$root/srv/commresolve"
}

# shellcheck disable=SC2016  # expands in the inner shell
enter_root='
  set -eu
  root=$1 corpus=$2
  shift 2
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  [ -z "$corpus" ] || mount --bind -o ro "$corpus" "$root/srv/shared/corpus"
  exec chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c "cd /srv/commresolve && exec \"\$@\"" sh "$@"
'

begin=$SECONDS
make_root
echo "clean_root.sh: fresh system made in $((SECONDS - begin)) s; running: $*"
begin=$SECONDS
status=0
unshare --mount --pid --fork --kill-child \
  sh -c "$enter_root" sh "$root" "$corpus" "$@" || status=$?
echo "clean_root.sh: finished with status $status after $((SECONDS - begin)) s"
exit "$status"
