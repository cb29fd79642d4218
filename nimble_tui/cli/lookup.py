"""The one workstation, launch profile or image that a person means by a word."""

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
    none="You may use no launch profile {}.".format,
    offer="You may use:",
    otherwise="Ask your admin for one.",
)


def find_session(
    word: str, sessions: Sequence[StreamingSession], title: Callable[[StreamingSession], str]
) -> StreamingSession:
    """Return the workstation that `word` names; Stop when it names none, or several.

    It is an id, its last four characters, a name as `title` shows it, or the beginning of an id
    or of a word of a name. Deleted ones count only where no other fits.
    """
    _need(word, "Say which workstation; nimble-tui sessions lists them.")
    naming: Naming[StreamingSession] = Naming(
        "workstations",
        ids=lambda one: (one.session_id, one.short_id),
        names=lambda one: (title(one),),
        line=lambda one: (one.session_id, title(one), one.state or "UNKNOWN"),
        none="You have no workstation {}.".format,
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
    """Return the launch profile that `word` names; Stop when it names none, or several.

    It is an id or a name, or the beginning of an id or of a word of a name.
    """
    _need(word, "Say which launch profile; nimble-tui profiles lists them.")
    with stop_unless_one():
        return _PROFILES.one(word, launch_profiles)


def find_image(word: str, images: Sequence[StreamingImage], whose: str) -> StreamingImage:
    """Return the image of a launch profile (`whose`) that `word` names; Stop when none does.

    It is an id or a name, or the beginning of an id or of a word of a name.
    """
    naming: Naming[StreamingImage] = Naming(
        "images",
        ids=lambda one: (one.streaming_image_id,),
        names=lambda one: (one.name,),
        line=lambda one: (one.streaming_image_id, one.name or "", one.platform or ""),
        none=lambda shown: f"{whose} has no image {shown} that can be used.",
        offer="It has:",
    )
    with stop_unless_one(none=exit_codes.REFUSED):
        return naming.one(word, images)


@contextmanager
def stop_unless_one(none: int = exit_codes.FAILED) -> Iterator[None]:
    """Stop where a word names none, with that exit code, or several."""
    try:
        yield
    except NotOneError as error:
        raise Stop(exit_codes.FAILED if error.several else none, *error.sentences) from None


def _need(word: str, sentence: str) -> None:
    if not word.strip():
        raise Stop(exit_codes.USAGE, sentence)
