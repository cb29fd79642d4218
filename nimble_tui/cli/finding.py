"""The one workstation, launch profile or image that a person means by a word."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.core.lookup import SHORTEST_PART, matches
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingImage, StreamingSession
from nimble_tui.core.text import clean, clean_id

T = TypeVar("T")
Title = Callable[[StreamingSession], str]

_MOST_NAMED = 10


def find(word: str, sessions: Sequence[StreamingSession], title: Title) -> StreamingSession:
    """Return the workstation that `word` names; Stop when it names none, or several.

    It is an id, its last four characters, a name as `title` shows it, or the beginning of an id
    or of a word of a name. Deleted ones count only where no other fits.
    """
    if not word.strip():
        raise Stop(exit_codes.USAGE, "Say which workstation; nimble-tui sessions lists them.")

    def named(found: Iterable[StreamingSession]) -> list[str]:
        return _lines((one.session_id, title(one), one.state or "UNKNOWN") for one in found)

    living = [session for session in sessions if session.state != SessionState.DELETED]
    # A name may spell the id of another workstation: an id in full is that one, deleted or not.
    exact = [session for session in sessions if session.session_id == word]
    for some in (exact, living, sessions):
        found = matches(
            word,
            some,
            ids=lambda one: (one.session_id, one.short_id),
            names=lambda one: (title(one),),
        )
        if found:
            return _only(found, word, "workstations", named)
    raise Stop(
        exit_codes.FAILED,
        f"You have no workstation {clean(word, 64)}."
        + too_short(word)
        + (" You have:" if living else ""),
        *named(living),
    )


def find_profile(word: str, launch_profiles: Sequence[LaunchProfile]) -> LaunchProfile:
    """Return the launch profile that `word` names; Stop when it names none, or several.

    It is an id or a name, or the beginning of an id or of a word of a name.
    """
    if not word.strip():
        raise Stop(exit_codes.USAGE, "Say which launch profile; nimble-tui profiles lists them.")

    def named(found: Iterable[LaunchProfile]) -> list[str]:
        return _lines((one.launch_profile_id, one.title, one.state or "UNKNOWN") for one in found)

    found = matches(
        word,
        launch_profiles,
        ids=lambda one: (one.launch_profile_id,),
        names=lambda one: (one.title,),
    )
    if found:
        return _only(found, word, "launch profiles", named)
    raise Stop(
        exit_codes.FAILED,
        f"You may use no launch profile {clean(word, 64)}."
        + too_short(word)
        + (" You may use:" if launch_profiles else " Ask your admin for one."),
        *named(launch_profiles),
    )


def find_image(word: str, images: Sequence[StreamingImage], whose: str) -> StreamingImage:
    """Return the image of a launch profile (`whose`) that `word` names; Stop when none does.

    It is an id or a name, or the beginning of an id or of a word of a name.
    """

    def named(found: Iterable[StreamingImage]) -> list[str]:
        return _lines((one.streaming_image_id, one.name or "", one.platform or "") for one in found)

    found = matches(
        word, images, ids=lambda one: (one.streaming_image_id,), names=lambda one: (one.name,)
    )
    if found:
        return _only(found, word, "images", named)
    raise Stop(
        exit_codes.REFUSED,
        f"{whose} has no image {clean(word, 64)} that can be used.{too_short(word)} It has:",
        *named(images),
    )


def too_short(word: str) -> str:
    """Return why a word that may begin a name was not taken for one."""
    if len(word.strip()) >= SHORTEST_PART:
        return ""
    return f" The beginning of a name takes {SHORTEST_PART} characters or more."


def _only(found: Sequence[T], word: str, kind: str, named: Callable[[Sequence[T]], list[str]]) -> T:
    if len(found) == 1:
        return found[0]
    raise Stop(
        exit_codes.FAILED,
        f"{clean(word, 64)} may be any of {len(found)} {kind}; say which:",
        *named(found),
    )


def _lines(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    every = [f"  {clean_id(key)}  {title}  {state}".rstrip() for key, title, state in rows]
    more = len(every) - _MOST_NAMED
    return [*every[:_MOST_NAMED], f"  and {more} more"] if more > 0 else every
