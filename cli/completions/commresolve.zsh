#compdef commresolve
# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of commresolve for zsh.

local -a global commands protocol_names where prove starttls
protocol_names=(tls smtp imap pop3 xmpp-client xmpp-server ldap postgres ftp)
global=(
  '--config=[settings file]:file:_files'
  '--data-dir=[where bindings, ledger and index are kept]:folder:_files -/'
  '--socket=[ask the daemon at this socket, not the data folder]:socket:_files'
  '--no-daemon[do it here even if commresolved runs]'
  '--json[one JSON object a line]'
  '(-q --quiet)'{-q,--quiet}'[no messages but errors]'
  '--color=[when to use colour]:when:(auto always never)'
  '(-h --help)'{-h,--help}'[show help]'
)
commands=(
  'import:take certificates and observations from files and folders'
  'observe:look at servers with handshakes of our own'
  'search:find identities by what their certificates say'
  'complete:words of certificates that begin as typed'
  'resolve:an address that proved the bound key'
  'verify:does the server still prove a bound key?'
  'connect:standard input and output over TLS to the proved key'
  'open:the https URL of what the words mean'
  'why:the whole trace of an answer or refusal'
  'bind:say which key words mean'
  'unbind:forget what words mean'
  'known:list what is bound and revoked'
  'revoke:refuse a key from now on, whatever is bound to it'
  'inspect:everything about a file, a key or a server'
  'index:the search index'
  'status:what is stored, indexed and bound'
  'dht:share with peers, and find what they share'
  'observers:whose observations count'
  'nss:names in every program: the line hosts of nsswitch.conf'
  'doctor:check everything that names in every program need'
)
where=(
  '--port=[only at this port]:port:'
  "--protocol=[only where this is spoken]:protocol:($protocol_names)"
)
prove=('--prove=[when to make a handshake]:when:(always max-age never)')
starttls=("--starttls=[how to start TLS]:protocol:($protocol_names)")

local curcontext=$curcontext context state state_descr line
typeset -A opt_args
_arguments -C -S $global '--version[show the version]' '1: :->command' '*:: :->argument' && return 0

if [[ $state == command ]]; then
  _describe -t commands command commands
  return
fi
curcontext=${curcontext%:*:*}:commresolve-$words[1]:
case $words[1] in
  import)
    _arguments -S $global '*:file or folder:_files'
    ;;
  observe)
    _arguments -S $global $starttls \
      '--sni=[server name to send instead of the host]:name:_hosts' \
      '--from=[read targets from a file]:file:_files' \
      '--at-once=[connections at a time]:number:' \
      '--per-address=[connections to one address at a time]:number:' \
      '*:host:_hosts'
    ;;
  search)
    _arguments -S $global \
      '--limit=[results at most]:number:' \
      '--offset=[results to skip]:number:' \
      '(-1 --first)'{-1,--first}'[only the first: its key and name]' \
      '(--no-peers --offset)--peers[then ask peers too]' \
      '(--peers)--no-peers[ask no peers]' \
      '*:word:{compadd -- ${(f)"$(commresolve --quiet complete -- "$PREFIX" 2>/dev/null)"}}'
    ;;
  complete)
    _arguments -S $global '--limit=[words at most]:number:' '*:beginning:{compadd -- ${(f)"$(commresolve --quiet complete -- "$PREFIX" 2>/dev/null)"}}'
    ;;
  resolve)
    _arguments -S $global $where $prove \
      '(-1 --first)'{-1,--first}'[the address alone]' \
      '(--no-peers)--peers[then ask peers too]' \
      '(--peers)--no-peers[ask no peers]' \
      '*:name:'
    ;;
  verify | connect)
    _arguments -S $global $where '*:name:'
    ;;
  open)
    _arguments -S $global $where '--launch[open it in the browser]' '*:name:'
    ;;
  why)
    _arguments -S $global $where $prove '*:name:'
    ;;
  bind)
    _arguments -S $global $starttls \
      '(--at)--key=[the whole key]:key:' \
      '(--key)--at=[the key of this server, as it proves it now]:server:_hosts' \
      '--name=[DNS name of the service]:name:_hosts' \
      '--reason=[a note for yourself]:text:' \
      '--critical[never accept another key without proof]' \
      '--add[add the key to the binding, keep the others]' \
      '*:word:'
    ;;
  known)
    _arguments -S $global '--key=[only this key]:key:' '*:word:'
    ;;
  revoke)
    _arguments -S $global \
      '--reason=[why]:text:' \
      '--undo[take a revocation back]' \
      '*:key or word:'
    ;;
  inspect)
    _arguments -S $global $starttls '*:file:_files'
    ;;
  index)
    _arguments -S $global '--check[check the ledger too]' '1:command:(rebuild status)'
    ;;
  dht)
    _arguments -S $global \
      '1:command:(join leave status publish announce delegate rollover lookup)' \
      '*--bootstrap=[a node to begin with]:node:_hosts' \
      '--postings=[words of certificates that this machine found]:choice:(yes no)' \
      '--observations=[which keys it saw where]:choice:(yes no)' \
      '--named=[sign observations with a key that stays]:choice:(yes no)' \
      '--key=[the private key that the server uses]:file:_files' \
      '(--key)--statement=[what dht delegate wrote]:file:_files' \
      '--to=[the publishing key that may speak]:key:' \
      '--out=[where the statement is written]:file:_files' \
      '--until=[when it ends]:time:' \
      '(--withdraw)*--at=[where it answers]:place:' \
      '(--withdraw)*--name=[a DNS name of it]:name:_hosts' \
      '(--withdraw)*--new=[a key that may follow, or a file with it]:key:_files' \
      '(--withdraw)--from=[from when on]:time:' \
      '(--at --name --new --from)--withdraw[take back what was said]' \
      '*:word:'
    ;;
  observers)
    _arguments -S $global \
      '1:command:(add remove list)' \
      '--trust=[1 to 120]:number:' \
      '--name=[what you call him]:name:' \
      '*:name or key:'
    ;;
  nss)
    _arguments -S $global \
      '--root=[folder of another system]:folder:_files -/' \
      '--dry-run[show the change, write nothing]' \
      '1:command:(enable disable status)'
    ;;
  *)
    _arguments -S $global '*:word:'
    ;;
esac
