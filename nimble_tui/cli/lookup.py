"""Resolves names of workstations, launch profiles and images."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from nimble_tui.cli import exit_codes
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.core.lookup import Naming, NotOneError
from nimble_tui.core.model import LaunchProfile, SessionState, StreamingImage, StreamingSession

_PROFILES: Naming[LaunchProfile] = Naming(
    "launch profiles",
    ids=lambda one: (one.launch_profile_id,),
    names=lambda one: (one.title,),
    line=lambda one: (one.launch_profile_id, one.title, one.state or "UNKNOWN"),
    none="You have no launch profile named {}.".format,
    offer="You have:",
    otherwise="Ask your admin for one.",
)


def find_session(
    word: str, sessions: Sequence[StreamingSession], title: Callable[[StreamingSession], str]
) -> StreamingSession:
    """Resolve a name to a workstation; raises Stop if there is no match or more than one.

    It is an id, its last four characters, a name as `title` shows it, or the beginning of an id
    or of a word of a name. Deleted ones count only where no other fits.
    """
    _need(word, "No workstation given. List them with nimble-tui sessions.")
    naming: Naming[StreamingSession] = Naming(
        "workstations",
        ids=lambda one: (one.session_id, one.short_id),
        names=lambda one: (title(one),),
        line=lambda one: (one.session_id, title(one), one.state or "UNKNOWN"),
        none="You have no workstation named {}.".format,
        offer="You have:",
    )
    living = [session for session in sessions if session.state != SessionState.DELETED]
    # A name may spell the id of another workstation: an id in full is that one, deleted or not.
    exact = [session for session in sessions if session.session_id == word]
    with stop_unless_one():
        for some in (exact, living, sessions):
            found = naming.find(word, some)
            if found is not None:
                return found
        raise naming.absent(word, living)


def find_profile(word: str, launch_profiles: Sequence[LaunchProfile]) -> LaunchProfile:
    """Resolve a name to a launch profile; raises Stop if there is no match or more than one.

    It is an id or a name, or the beginning of an id or of a word of a name.
    """
    _need(word, "No launch profile given. List them with nimble-tui profiles.")
    with stop_unless_one():
        return _PROFILES.one(word, launch_profiles)


def find_image(word: str, images: Sequence[StreamingImage], whose: str) -> StreamingImage:
    """Resolve a name to an image of a launch profile (`whose`); raises Stop without a match.

    It is an id or a name, or the beginning of an id or of a word of a name.
    """
    naming: Naming[StreamingImage] = Naming(
        "images",
        ids=lambda one: (one.streaming_image_id,),
        names=lambda one: (one.name,),
        line=lambda one: (one.streaming_image_id, one.name or "", one.platform or ""),
        none=lambda shown: f"{whose} has no image {shown}.",
        offer="It has:",
    )
    with stop_unless_one(none=exit_codes.REFUSED):
        return naming.one(word, images)


@contextmanager
def stop_unless_one(none: int = exit_codes.FAILED) -> Iterator[None]:
    """Turn a failed lookup into Stop; `none` is the exit code for no match."""
    try:
        yield
    except NotOneError as error:
        raise Stop(exit_codes.FAILED if error.several else none, *error.sentences) from None


def _need(word: str, sentence: str) -> None:
    if not word.strip():
        raise Stop(exit_codes.USAGE, sentence)
