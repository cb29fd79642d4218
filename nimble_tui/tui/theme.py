"""The three themes of the app, with every colour by name and meaning."""

from textual.theme import Theme

from nimble_tui.config.state import UiState

PREFIX = "nimble-"
DEFAULT = "nimble-dark"

# The colours that every theme defines besides Textual's own: of states and of deadlines.
NAMES = (
    "edge",
    "edge-focus",
    "muted",
    "faint",
    "cursor",
    "cursor-blur",
    "hover",
    "ready",
    "moving",
    "stopped",
    "failed",
    "calm",
    "near",
    "nearer",
    "last",
    "on-loud",
    "demo",
    "on-demo",
)

DARK = Theme(
    name="nimble-dark",
    dark=True,
    primary="#a5b4fc",
    secondary="#7dd3fc",
    accent="#a5b4fc",
    success="#6ee7a8",
    warning="#fbbf63",
    error="#ff8f8f",
    foreground="#e8ebf4",
    background="#11131b",
    surface="#181b26",
    panel="#202433",
    variables={
        "edge": "#363c50",
        "edge-focus": "#a5b4fc",
        "muted": "#9aa3bb",
        "faint": "#3d445a",
        "cursor": "#2a3047",
        "cursor-blur": "#1d2130",
        "hover": "#1b1f2c",
        "ready": "#6ee7a8",
        "moving": "#7dd3fc",
        "stopped": "#aab3c9",
        "failed": "#ff9a9a",
        "calm": "#68a9b3",
        "near": "#fbbf63",
        "nearer": "#ff9f5a",
        "last": "#ff7d92",
        "on-loud": "#14060a",
        "demo": "#c4b5fd",
        "on-demo": "#171327",
    },
)

LIGHT = Theme(
    name="nimble-light",
    dark=False,
    primary="#4338ca",
    secondary="#0369a1",
    accent="#4338ca",
    success="#0b6b3f",
    warning="#8a4b00",
    error="#b42318",
    foreground="#1b1f2e",
    background="#f6f7fb",
    surface="#ffffff",
    panel="#e9ebf4",
    variables={
        "edge": "#c3c8d8",
        "edge-focus": "#4338ca",
        "muted": "#4f576d",
        "faint": "#c9cddb",
        "cursor": "#dfe3fb",
        "cursor-blur": "#eceef6",
        "hover": "#eef0f8",
        "ready": "#0b6b3f",
        "moving": "#075985",
        "stopped": "#4d556b",
        "failed": "#b42318",
        "calm": "#2a5d66",
        "near": "#8a4b00",
        "nearer": "#a13a00",
        "last": "#b3003c",
        "on-loud": "#ffffff",
        "demo": "#5b21b6",
        "on-demo": "#ffffff",
    },
)

HIGH_CONTRAST = Theme(
    name="nimble-high-contrast",
    dark=True,
    primary="#ffe45c",
    secondary="#7cf3ff",
    accent="#ffe45c",
    success="#5cff9d",
    warning="#ffd000",
    error="#ff9c9c",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    variables={
        "edge": "#b8b8b8",
        "edge-focus": "#ffe45c",
        "muted": "#e0e0e0",
        "faint": "#8a8a8a",
        "cursor": "#002c6b",
        "cursor-blur": "#262626",
        "hover": "#1c1c1c",
        "ready": "#5cff9d",
        "moving": "#7cf3ff",
        "stopped": "#ffffff",
        "failed": "#ffb0b0",
        "calm": "#7cf3ff",
        "near": "#ffd000",
        "nearer": "#ffb35c",
        "last": "#ffa3b5",
        "on-loud": "#000000",
        "demo": "#ffe45c",
        "on-demo": "#000000",
    },
)

THEMES = (DARK, LIGHT, HIGH_CONTRAST)


def full_name(theme: str) -> str:
    """Return a theme's registered name for its name in the settings (`dark`, `light`, …)."""
    name = theme if theme.startswith(PREFIX) else PREFIX + theme
    return name if any(one.name == name for one in THEMES) else DEFAULT


def following(theme: str) -> str:
    """Return the registered name of the theme after `theme`."""
    names = [one.name for one in THEMES]
    return names[(names.index(theme) + 1) % len(names)] if theme in names else DEFAULT


def chosen(theme: str, chosen: UiState) -> str:
    """Return the registered name of the first theme.

    A theme chosen by key is used for as long as the `theme` in the settings stays the same.
    """
    name = full_name(theme)
    return full_name(chosen.theme) if chosen.theme_over == name else name
