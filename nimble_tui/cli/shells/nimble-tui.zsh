#compdef nimble-tui
# Completes the words of nimble-tui in zsh. Names arrive as text; compadd quotes what it inserts.
_nimble-tui() {
    local line
    local -a names shown
    while IFS= read -r line; do
        names+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done < <(command nimble-tui complete zsh "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
    compadd -l -d shown -a names
}
if [[ ${funcstack[1]} == _nimble-tui ]]; then
    _nimble-tui "$@"
else
    compdef _nimble-tui nimble-tui
fi
