# SPDX-FileCopyrightText: The commresolve authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of commresolved for bash.

_commresolved() {
  local cur prev words cword split
  _init_completion -s || return

  case $prev in
    --config)
      _filedir
      return
      ;;
    --data-dir | --runtime-dir)
      _filedir -d
      return
      ;;
  esac
  $split && return
  COMPREPLY=($(compgen -W '--config --data-dir --runtime-dir --system --index-server --version --help' -- "$cur"))
} && complete -F _commresolved commresolved
