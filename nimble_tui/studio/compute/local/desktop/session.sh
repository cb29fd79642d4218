#!/bin/sh
# The default desktop of a workstation: Xfce's parts, each started again if it ends.

run() {
    while :; do
        "$@"
        sleep 1
    done
}

for program in xfsettingsd xfwm4 xfdesktop xfce4-panel; do
    if ! command -v "$program" >/dev/null; then
        echo "$program is not installed." >&2
        exit 127
    fi
done

run xfsettingsd --disable-wm-check --no-daemon &
run xfwm4 &
run xfdesktop &
run xfce4-panel --disable-wm-check &
wait
