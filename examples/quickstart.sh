#!/bin/bash
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds commresolve and shows its main job on this machine alone: certificates in, search, bind,
# resolve, connect; then a swapped key and a lying DNS server, both refused. Installs the build
# dependencies first where they are missing. Leaves nothing behind but the build folder.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  -h | --help)
    cat <<'HELP'
Usage: examples/quickstart.sh

Installs the build dependencies named in debian/control if any is missing (as root, or through
sudo), builds commresolve in build/dev, and shows what it does with three TLS servers that it
starts on 127.0.0.1 and stops again. Exit status 0 if everything went as it should.
HELP
    exit 0 ;;
esac

tests/run.sh --install-only
cmake --preset dev --log-level=WARNING >/dev/null
cmake --build --preset dev --target commresolve commresolved nss_commresolve \
  --parallel "$(nproc)"

work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

build=$PWD/build/dev
program=${COMMRESOLVE:-$build/cli/commresolve}
examples=$PWD/examples
corpus=$PWD/../shared/corpus
cd "$work"

step() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
commresolve() {
  printf '$ commresolve %s\n' "$*"
  "$program" --config "$work/config.toml" --data-dir "$work/data" "$@"
}
# Runs a command that must be refused with this exit code.
refused() {
  local want=$1 got=0
  shift
  commresolve "$@" </dev/null || got=$?
  [[ $got == "$want" ]] || { echo "quickstart: expected exit code $want, got $got" >&2; exit 1; }
  echo "(exit code $got)"
}
# key_and_certificate FILE SUBJECT NAME [CA]: FILE.key and FILE.crt, self-signed or signed by CA.
key_and_certificate() {
  local sign=()
  [[ $# -lt 4 ]] || sign=(-CA "$4.crt" -CAkey "$4.key")
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "$2" \
    -addext "subjectAltName=DNS:$3" -addext basicConstraints=CA:FALSE "${sign[@]}" \
    -keyout "$1.key" -out "$1.crt" 2>>openssl.log
}
# wait_for NAME LINES: until the server NAME has printed that many lines, at most 10 s.
wait_for() {
  local i
  for ((i = 0; i < 200; i++)); do
    [[ $(wc -l <"$1.out") -lt $2 ]] || return 0
    sleep 0.05
  done
  echo "quickstart: the server '$1' did not answer" >&2
  exit 1
}
# start NAME COMMAND...: runs a server in the background, which prints its port.
start() {
  local name=$1
  shift
  : >"$name.out"
  "$@" >"$name.out" &
  pids+=($!)
  echo $! >"$name.pid"
  wait_for "$name" 1
}
server() { exec python3 "$examples/local_server.py" "$@"; }
port() { head -n 1 "$1.out"; }

step 'Three servers of our own, one of them an XMPP server that starts TLS on request'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 \
  -subj '/O=Quickstart CA/CN=Quickstart CA' -keyout ca.key -out ca.crt 2>openssl.log
key_and_certificate bugs '/O=Example Bug Tracker/CN=bugs.debian.example' bugs.debian.example ca
key_and_certificate wiki '/O=Garden Club/CN=wiki.garden.example' wiki.garden.example
key_and_certificate chat '/CN=chat.jabber.example' chat.jabber.example
cat >config.toml <<CONFIG
ca_file = "$work/ca.crt"
dns_hints = false
CONFIG
start bugs server --cert bugs.crt --key bugs.key --greeting 'the bug tracker'
start wiki server --cert wiki.crt --key wiki.key --greeting 'the garden wiki'
start chat server --cert chat.crt --key chat.key --starttls xmpp --greeting 'the chat server'
echo "listening on 127.0.0.1, ports $(port bugs), $(port wiki) and $(port chat)"

step 'Certificates in: seen by handshakes of our own'
commresolve observe "127.0.0.1:$(port bugs)" --sni bugs.debian.example
commresolve observe "127.0.0.1:$(port wiki)" --sni wiki.garden.example
commresolve observe "127.0.0.1:$(port chat)" --sni chat.jabber.example --starttls xmpp-client
if [[ -d $corpus/observed ]]; then
  step 'Certificates in: real ones, from captures'
  commresolve import "$corpus/observed"
else
  echo '(no folder ../shared/corpus with real certificates here: that import is left out)'
fi

step 'Who carries these words?'
commresolve search debian bugs
commresolve search jabber chat

step 'Words mean nothing until they are bound'
refused 3 resolve debian bugs
key=$(commresolve search -1 debian bugs | awk 'NR == 2 { print $1 }')
commresolve bind debian bugs --key "$key"
commresolve bind jabber chat --at "127.0.0.1:$(port chat)" --starttls xmpp-client

step 'An address that just proved the bound key'
commresolve resolve --prove=always debian bugs
commresolve resolve bugs-debian.cert.alt
commresolve resolve jabber chat

step 'Talking to it: nothing is sent before the key is proved on that very connection'
echo 'hello?' | commresolve connect debian bugs
echo 'hello?' | commresolve connect jabber chat

step 'The same names in every program: the daemon, and the NSS module that asks it'
export XDG_RUNTIME_DIR=$work
"$build/grpc/daemon/commresolved" --config config.toml --data-dir "$work/data" 2>daemon.log &
pids+=($!)
for ((i = 0; i < 200; i++)); do
  [[ ! -e commresolve/hosts.snap ]] || break
  sleep 0.05
done
export LD_LIBRARY_PATH=$build/nss-module
echo '$ getent -s hosts:commresolve ahosts debian-bugs.cert.alt'
getent -s hosts:commresolve ahosts debian-bugs.cert.alt
# For other programs the line of nsswitch.conf has to name the module: in a private view of /etc.
echo 'hosts: files commresolve [!UNAVAIL=return] dns' >nsswitch.conf
url=https://debian-bugs.cert.alt:$(port bugs)/
namespace=(unshare -m)
((EUID == 0)) || namespace=(unshare -rm)
if ! command -v curl >/dev/null; then
  echo '(curl is not installed: left out)'
elif ! "${namespace[@]}" mount --bind nsswitch.conf /etc/nsswitch.conf 2>/dev/null; then
  echo '(this system gives no private view of /etc: curl is left out)'
else
  echo "\$ curl --insecure $url"
  "${namespace[@]}" sh -c 'mount --bind nsswitch.conf /etc/nsswitch.conf && exec "$@"' sh \
    curl --silent --show-error --insecure --max-time 20 "$url"
fi
unset LD_LIBRARY_PATH
kill "${pids[-1]}"

step 'The key of the bug tracker is swapped'
key_and_certificate bugs '/O=Example Bug Tracker/CN=bugs.debian.example' bugs.debian.example
kill -HUP "$(cat bugs.pid)"
wait_for bugs 2
refused 3 connect debian bugs
refused 3 why debian bugs

step "DNS answers with an attacker's address"
kill "$(cat bugs.pid)"
key_and_certificate attacker '/O=Example Bug Tracker/CN=bugs.debian.example' bugs.debian.example
start attacker server --address 127.0.0.66 --port "$(port bugs)" --cert attacker.crt \
  --key attacker.key --greeting 'the attacker'
start dns python3 "$examples/local_dns.py" 127.0.0.66
cat >config.toml <<CONFIG
ca_file = "$work/ca.crt"
dns_servers = ["127.0.0.1:$(port dns)"]
CONFIG
refused 3 resolve --prove=always debian bugs

step 'Done: the bound key answered, everything else was refused with a reason'
