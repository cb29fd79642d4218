# Completes the words of nimble-tui in bash 3.2 and later. Nothing here is evaluated: names arrive
# quoted for the shell, as text.
_nimble_tui() {
    local reply
    COMPREPLY=()
    while IFS= read -r reply; do
        COMPREPLY+=("$reply")
    done < <(command nimble-tui complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -F _nimble_tui nimble-tui
