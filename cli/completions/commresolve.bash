# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of commresolve for bash.

_commresolve() {
  local cur prev words cword split
  _init_completion -s || return

  local global='--config --data-dir --socket --no-daemon --json --quiet --color --help'
  local protocols='tls smtp imap pop3 xmpp-client xmpp-server ldap postgres ftp'
  local -A options=(
    [import]=''
    [observe]='--starttls --sni --from --at-once --per-address'
    [search]='--limit --offset --first --peers --no-peers'
    [complete]='--limit'
    [resolve]='--first --prove --port --protocol --peers --no-peers'
    [verify]='--port --protocol'
    [connect]='--port --protocol'
    [open]='--launch --port --protocol'
    [why]='--prove --port --protocol'
    [bind]='--key --at --starttls --name --reason --critical --add'
    [unbind]=''
    [known]='--key'
    [revoke]='--reason --undo'
    [inspect]='--starttls'
    [index]='--check'
    [status]=''
    [dht]='--bootstrap --postings --observations --named --key --statement --to --out --until --at --name --new --from --withdraw'
    [observers]='--trust --name'
    [nss]='--dry-run --root'
    [doctor]=''
  )

  case $prev in
    --config | --socket | --from)
      _filedir
      return
      ;;
    --data-dir | --root)
      _filedir -d
      return
      ;;
    --color)
      COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
      return
      ;;
    --prove)
      COMPREPLY=($(compgen -W 'always max-age never' -- "$cur"))
      return
      ;;
    --postings | --observations | --named)
      COMPREPLY=($(compgen -W 'yes no' -- "$cur"))
      return
      ;;
    --starttls | --protocol)
      COMPREPLY=($(compgen -W "$protocols" -- "$cur"))
      return
      ;;
    --sni | --name | --at | --bootstrap)
      _known_hosts_real -- "$cur"
      return
      ;;
    --key)
      [[ " ${words[*]} " == *' announce '* || " ${words[*]} " == *' rollover '* || " ${words[*]} " == *' delegate '* ]] && _filedir
      return
      ;;
    --new | --statement | --out)
      _filedir
      return
      ;;
    --at-once | --per-address | --limit | --offset | --port | --reason | --to | --trust | --until)
      return
      ;;
  esac
  $split && return

  local command='' i
  for ((i = 1; i < cword; i++)); do
    case ${words[i]} in
      --config | --data-dir | --socket | --color) ((i++)) ;;
      -*) ;;
      *)
        command=${words[i]}
        break
        ;;
    esac
  done

  if [[ -z $command ]]; then
    if [[ $cur == -* ]]; then
      COMPREPLY=($(compgen -W "$global --version" -- "$cur"))
    else
      COMPREPLY=($(compgen -W "${!options[*]}" -- "$cur"))
    fi
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "${options[$command]-} $global" -- "$cur"))
  else
    case $command in
      import | inspect) _filedir ;;
      observe) _known_hosts_real -- "$cur" ;;
      search | complete)
        [[ -n $cur ]] && COMPREPLY=($(compgen -W "$(commresolve --quiet complete -- "$cur" 2>/dev/null)" -- "$cur"))
        ;;
      index) ((i + 1 == cword)) && COMPREPLY=($(compgen -W 'rebuild status' -- "$cur")) ;;
      dht) ((i + 1 == cword)) && COMPREPLY=($(compgen -W 'join leave status publish announce delegate rollover lookup' -- "$cur")) ;;
      observers) ((i + 1 == cword)) && COMPREPLY=($(compgen -W 'add remove list' -- "$cur")) ;;
      nss) ((i + 1 == cword)) && COMPREPLY=($(compgen -W 'enable disable status' -- "$cur")) ;;
    esac
  fi
} && complete -F _commresolve commresolve
