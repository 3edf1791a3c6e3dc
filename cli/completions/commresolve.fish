# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of commresolve for fish.

set -l commands import observe search complete resolve verify connect open why bind unbind known revoke inspect index status dht observers nss doctor
set -l protocols tls smtp imap pop3 xmpp-client xmpp-server ldap postgres ftp
set -l none "not __fish_seen_subcommand_from $commands"
set -l named '__fish_seen_subcommand_from resolve verify connect open why'

complete -c commresolve -f

complete -c commresolve -l config -r -F -d 'settings file'
complete -c commresolve -l data-dir -x -a '(__fish_complete_directories)' -d 'where bindings, ledger and index are kept'
complete -c commresolve -l socket -r -F -d 'ask the daemon at this socket, not the data folder'
complete -c commresolve -l no-daemon -d 'do it here even if commresolved runs'
complete -c commresolve -l json -d 'one JSON object a line'
complete -c commresolve -s q -l quiet -d 'no messages but errors'
complete -c commresolve -l color -x -a 'auto always never' -d 'when to use colour'
complete -c commresolve -s h -l help -d 'show help'
complete -c commresolve -n $none -l version -d 'show the version'

complete -c commresolve -n $none -a import -d 'take certificates and observations from files and folders'
complete -c commresolve -n $none -a observe -d 'look at servers with handshakes of our own'
complete -c commresolve -n $none -a search -d 'find identities by what their certificates say'
complete -c commresolve -n $none -a complete -d 'words of certificates that begin as typed'
complete -c commresolve -n $none -a resolve -d 'an address that proved the bound key'
complete -c commresolve -n $none -a verify -d 'does the server still prove a bound key?'
complete -c commresolve -n $none -a connect -d 'standard input and output over TLS to the proved key'
complete -c commresolve -n $none -a open -d 'the https URL of what the words mean'
complete -c commresolve -n $none -a why -d 'the whole trace of an answer or refusal'
complete -c commresolve -n $none -a bind -d 'say which key words mean'
complete -c commresolve -n $none -a unbind -d 'forget what words mean'
complete -c commresolve -n $none -a known -d 'list what is bound and revoked'
complete -c commresolve -n $none -a revoke -d 'refuse a key from now on, whatever is bound to it'
complete -c commresolve -n $none -a inspect -d 'everything about a file, a key or a server'
complete -c commresolve -n $none -a index -d 'the search index'
complete -c commresolve -n $none -a status -d 'what is stored, indexed and bound'
complete -c commresolve -n $none -a dht -d 'share with peers, and find what they share'
complete -c commresolve -n $none -a observers -d 'whose observations count'
complete -c commresolve -n $none -a nss -d 'names in every program: the line hosts of nsswitch.conf'
complete -c commresolve -n $none -a doctor -d 'check everything that names in every program need'

complete -c commresolve -n '__fish_seen_subcommand_from import inspect' -F

complete -c commresolve -n '__fish_seen_subcommand_from observe' -a '(__fish_print_hostnames)'
complete -c commresolve -n '__fish_seen_subcommand_from observe' -l sni -x -d 'server name to send instead of the host'
complete -c commresolve -n '__fish_seen_subcommand_from observe' -l from -r -F -d 'read targets from a file'
complete -c commresolve -n '__fish_seen_subcommand_from observe' -l at-once -x -d 'connections at a time'
complete -c commresolve -n '__fish_seen_subcommand_from observe' -l per-address -x -d 'connections to one address at a time'
complete -c commresolve -n '__fish_seen_subcommand_from observe bind inspect' -l starttls -x -a "$protocols" -d 'how to start TLS'

complete -c commresolve -n '__fish_seen_subcommand_from search complete' -a '(commresolve --quiet complete -- (commandline -ct) 2>/dev/null)'
complete -c commresolve -n '__fish_seen_subcommand_from complete' -l limit -x -d 'words at most'
complete -c commresolve -n '__fish_seen_subcommand_from search' -l limit -x -d 'results at most'
complete -c commresolve -n '__fish_seen_subcommand_from search' -l offset -x -d 'results to skip'
complete -c commresolve -n '__fish_seen_subcommand_from search' -s 1 -l first -d 'only the first: its key and name'

complete -c commresolve -n '__fish_seen_subcommand_from search resolve' -l peers -d 'then ask peers too'
complete -c commresolve -n '__fish_seen_subcommand_from search resolve' -l no-peers -d 'ask no peers'

complete -c commresolve -n $named -l port -x -d 'only at this port'
complete -c commresolve -n $named -l protocol -x -a "$protocols" -d 'only where this is spoken'
complete -c commresolve -n '__fish_seen_subcommand_from resolve why' -l prove -x -a 'always max-age never' -d 'when to make a handshake'
complete -c commresolve -n '__fish_seen_subcommand_from resolve' -s 1 -l first -d 'the address alone'
complete -c commresolve -n '__fish_seen_subcommand_from open' -l launch -d 'open it in the browser'

complete -c commresolve -n '__fish_seen_subcommand_from bind known' -l key -x -d 'the whole key'
complete -c commresolve -n '__fish_seen_subcommand_from bind' -l at -x -a '(__fish_print_hostnames)' -d 'the key of this server, as it proves it now'
complete -c commresolve -n '__fish_seen_subcommand_from bind' -l name -x -d 'DNS name of the service'
complete -c commresolve -n '__fish_seen_subcommand_from bind revoke' -l reason -x -d 'a note for yourself'
complete -c commresolve -n '__fish_seen_subcommand_from bind' -l critical -d 'never accept another key without proof'
complete -c commresolve -n '__fish_seen_subcommand_from bind' -l add -d 'add the key to the binding, keep the others'
complete -c commresolve -n '__fish_seen_subcommand_from revoke' -l undo -d 'take a revocation back'

complete -c commresolve -n '__fish_seen_subcommand_from index; and not __fish_seen_subcommand_from rebuild status' -a 'rebuild status'
complete -c commresolve -n '__fish_seen_subcommand_from index' -l check -d 'check the ledger too'

complete -c commresolve -n '__fish_seen_subcommand_from dht; and not __fish_seen_subcommand_from join leave publish announce delegate rollover lookup' -a 'join leave status publish announce delegate rollover lookup'
complete -c commresolve -n '__fish_seen_subcommand_from join' -l bootstrap -x -a '(__fish_print_hostnames)' -d 'a node to begin with'
complete -c commresolve -n '__fish_seen_subcommand_from publish' -l postings -x -a 'yes no' -d 'words of certificates that this machine found'
complete -c commresolve -n '__fish_seen_subcommand_from publish' -l observations -x -a 'yes no' -d 'which keys it saw where'
complete -c commresolve -n '__fish_seen_subcommand_from publish' -l named -x -a 'yes no' -d 'sign observations with a key that stays'
complete -c commresolve -n '__fish_seen_subcommand_from announce' -l key -r -F -d 'the private key that the server uses'
complete -c commresolve -n '__fish_seen_subcommand_from announce' -l statement -r -F -d 'what dht delegate wrote'
complete -c commresolve -n '__fish_seen_subcommand_from announce' -l at -x -d 'where it answers'
complete -c commresolve -n '__fish_seen_subcommand_from announce' -l name -x -d 'a DNS name of it'
complete -c commresolve -n '__fish_seen_subcommand_from announce' -l withdraw -d 'it lives nowhere now'
complete -c commresolve -n '__fish_seen_subcommand_from delegate' -l key -r -F -d 'the private key that the server uses'
complete -c commresolve -n '__fish_seen_subcommand_from delegate' -l to -x -d 'the publishing key that may speak'
complete -c commresolve -n '__fish_seen_subcommand_from delegate' -l out -r -F -d 'where the statement is written'
complete -c commresolve -n '__fish_seen_subcommand_from delegate' -l until -x -d 'when it ends'
complete -c commresolve -n '__fish_seen_subcommand_from rollover' -l key -r -F -d 'the private key that the server uses now'
complete -c commresolve -n '__fish_seen_subcommand_from rollover' -l new -r -F -d 'a key that may follow, or a file with it'
complete -c commresolve -n '__fish_seen_subcommand_from rollover' -l from -x -d 'from when on'
complete -c commresolve -n '__fish_seen_subcommand_from rollover' -l withdraw -d 'no key may follow any more'

complete -c commresolve -n '__fish_seen_subcommand_from observers; and not __fish_seen_subcommand_from add remove list' -a 'add remove list'
complete -c commresolve -n '__fish_seen_subcommand_from add' -l trust -x -d '1 to 120'
complete -c commresolve -n '__fish_seen_subcommand_from add' -l name -x -d 'what you call him'

complete -c commresolve -n '__fish_seen_subcommand_from nss; and not __fish_seen_subcommand_from enable disable' -a 'enable disable status'
complete -c commresolve -n '__fish_seen_subcommand_from nss' -l root -x -a '(__fish_complete_directories)' -d 'folder of another system'
complete -c commresolve -n '__fish_seen_subcommand_from nss' -l dry-run -d 'show the change, write nothing'
