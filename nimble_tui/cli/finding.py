"""The one workstation, launch profile or image that a person means by a word."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingImage, StreamingSession
from nimble_tui.core.text import clean, clean_id

T = TypeVar("T")
Title = Callable[[StreamingSession], str]

_MOST_NAMED = 10


def find(word: str, sessions: Sequence[StreamingSession], title: Title) -> StreamingSession:
    """Return the workstation that `word` names; Stop when it names none, or several.

    It is an id; else the beginning of one, its last four characters, or a name as `title` shows
    it; else a name or four characters in other capitals. Deleted ones count only where no other
    fits.
    """
    if not word.strip():
        raise Stop(exit_codes.USAGE, "Say which workstation; nimble-tui sessions lists them.")
    small = word.casefold()

    def named(found: Iterable[StreamingSession]) -> list[str]:
        return _lines((one.session_id, title(one), one.state or "UNKNOWN") for one in found)

    tiers: tuple[Callable[[StreamingSession], bool], ...] = (
        lambda one: one.session_id == word,
        lambda one: one.session_id.startswith(word) or word in {one.short_id, title(one)},
        lambda one: small in {one.short_id.casefold(), title(one).casefold()},
    )
    for fits in tiers:
        found = _living(session for session in sessions if fits(session))
        if found:
            return _only(found, word, "workstations", named)
    known = [session for session in sessions if session.state != SessionState.DELETED]
    raise Stop(
        exit_codes.FAILED,
        f"You have no workstation {clean(word, 64)}." + (" You have:" if known else ""),
        *named(known),
    )


def find_profile(word: str, launch_profiles: Sequence[LaunchProfile]) -> LaunchProfile:
    """Return the launch profile that `word` names; Stop when it names none, or several.

    It is an id or a name; else a name in other capitals; else the beginning of either.
    """
    if not word.strip():
        raise Stop(exit_codes.USAGE, "Say which launch profile; nimble-tui profiles lists them.")
    small = word.casefold()

    def named(found: Iterable[LaunchProfile]) -> list[str]:
        return _lines((one.launch_profile_id, one.title, one.state or "UNKNOWN") for one in found)

    tiers: tuple[Callable[[LaunchProfile], bool], ...] = (
        lambda one: word in {one.launch_profile_id, one.title},
        lambda one: small == one.title.casefold(),
        lambda one: (
            one.title.casefold().startswith(small) or one.launch_profile_id.startswith(word)
        ),
    )
    for fits in tiers:
        found = [one for one in launch_profiles if fits(one)]
        if found:
            return _only(found, word, "launch profiles", named)
    raise Stop(
        exit_codes.FAILED,
        f"You may use no launch profile {clean(word, 64)}."
        + (" You may use:" if launch_profiles else " Ask your admin for one."),
        *named(launch_profiles),
    )


def find_image(word: str, images: Sequence[StreamingImage], whose: str) -> StreamingImage:
    """Return the image of a launch profile (`whose`) that `word` names; Stop when none does.

    It is an id or a name; else a name in other capitals.
    """
    small = word.casefold()

    def named(found: Iterable[StreamingImage]) -> list[str]:
        return _lines((one.streaming_image_id, one.name or "", one.platform or "") for one in found)

    tiers: tuple[Callable[[StreamingImage], bool], ...] = (
        lambda one: word in {one.streaming_image_id, one.name},
        lambda one: small == (one.name or "").casefold(),
    )
    for fits in tiers:
        found = [one for one in images if fits(one)]
        if found:
            return _only(found, word, "images", named)
    raise Stop(
        exit_codes.REFUSED,
        f"{whose} has no image {clean(word, 64)} that can be used. It has:",
        *named(images),
    )


def _living(found: Iterable[StreamingSession]) -> list[StreamingSession]:
    every = list(found)
    return [one for one in every if one.state != SessionState.DELETED] or every


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
