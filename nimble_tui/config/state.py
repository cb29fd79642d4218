"""UI state saved between runs (sort, filter, last launch).

Losing it, or finding it damaged, costs a few choices and nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from types import MappingProxyType
from typing import Any

from nimble_tui.config.files import private_folder, read_file, write_file
from nimble_tui.config.paths import state_file
from nimble_tui.core.launching import LastLaunch
from nimble_tui.core.service import StudioInfo
from nimble_tui.core.text import clean

_LARGEST = 256 * 1024
_MOST_CHOICES = 200
_TEXTS = ("theme", "theme_over", "studio", "sort", "filter", "filter_of")
_CHANGING = RLock()


def _no_choices() -> Mapping[str, LastLaunch]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UiState:
    """The saved UI state; "" stands for nothing chosen.

    `theme_over` is the theme of the settings that `theme` was chosen instead of, `filter_of` the
    studio that `filter` is for. `choices` is kept under `choice_key`.
    """

    theme: str = ""
    theme_over: str = ""
    studio: str = ""
    sort: str = ""
    filter: str = ""
    filter_of: str = ""
    choices: Mapping[str, LastLaunch] = field(default_factory=_no_choices, hash=False)


def choice_key(info: StudioInfo, launch_profile_id: str) -> str:
    """Return the key of the choice for a launch profile of a studio."""
    return f"{info.name}/{launch_profile_id}"


def read_state() -> UiState:
    """Return the saved UI state; the defaults if it is missing or damaged."""
    try:
        stored = json.loads(read_file(state_file(), _LARGEST, private=True))
    except (OSError, ValueError, RecursionError):
        return UiState()
    if not isinstance(stored, dict):
        return UiState()
    return UiState(
        **{name: _text(stored, name) for name in _TEXTS},
        choices=MappingProxyType(_choices(stored.get("choices"))),
    )


def change_state(**changes: Any) -> bool:
    """Store these members of UiState, and keep the others; return whether it worked."""
    with _CHANGING:
        return _write(replace(read_state(), **changes))


def choose(info: StudioInfo, launch_profile_id: str, choice: LastLaunch) -> bool:
    """Store the choices of a launch; return whether that worked."""
    key = choice_key(info, launch_profile_id)
    with _CHANGING:
        before = {k: v for k, v in read_state().choices.items() if k != key}
        newest = dict([*before.items(), (key, choice)][-_MOST_CHOICES:])
        return change_state(choices=newest)


def _write(state: UiState) -> bool:
    stored = {
        **{name: getattr(state, name) for name in _TEXTS},
        "choices": {
            key: [one.ec2_instance_type, one.streaming_image_id]
            for key, one in state.choices.items()
        },
    }
    content = json.dumps(stored, indent=1).encode()
    if len(content) > _LARGEST:
        return False
    try:
        file = state_file()
        private_folder(file.parent)
        write_file(file, content)
    except OSError:
        return False
    return True


def _text(stored: Mapping[str, object], name: str) -> str:
    value = stored.get(name)
    return clean(value) if isinstance(value, str) else ""


def _choices(stored: object) -> dict[str, LastLaunch]:
    if not isinstance(stored, dict):
        return {}
    return {
        key: LastLaunch(*value)
        for key, value in stored.items()
        if isinstance(key, str)
        and isinstance(value, list)
        and len(value) == 2
        and all(isinstance(one, str) for one in value)
    }
