# bash completion of vcengine; what there is to complete is found out by lib/vcengine/complete.
_vcengine() {
  local current=${COMP_WORDS[COMP_CWORD]} helper host word _
  host=$(type -P -- "${COMP_WORDS[0]}") || return
  helper=$(dirname -- "$(readlink -f -- "$host")")/../lib/vcengine/complete
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
      :folders) _vcengine_files -d ;;
      ":files "*) _vcengine_files -f -X "!${word#:files }" && _vcengine_files -d ;;
      "$current"*) COMPREPLY+=("$word") ;;
    esac
  done < <("$helper" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[.=] ]]; then compopt -o nospace; fi
}

_vcengine_files() {
  local file
  compopt -o filenames
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen "$@" -- "$current")
}

complete -F _vcengine vcengine
