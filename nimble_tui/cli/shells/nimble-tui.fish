# Completes the words of nimble-tui in fish. Names arrive as text; fish quotes what it inserts.
function __nimble_tui_complete
    set -l words (commandline -opc)
    set -e words[1]
    command nimble-tui complete fish $words (commandline -ct) 2>/dev/null
end
complete -c nimble-tui -f -a '(__nimble_tui_complete)'
