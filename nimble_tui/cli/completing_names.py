"""Names for completion: of studios from the settings, of all else from the lists last seen."""

from collections import Counter
from collections.abc import Iterator, Sequence

from nimble_tui.cli.syntax import Kind
from nimble_tui.config import cache
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.lookup import composed, folded
from nimble_tui.core.model import LaunchProfile, SessionState
from nimble_tui.core.service import DEMO, StudioInfo, is_demo
from nimble_tui.core.text import is_plain_id

Answers = Iterator[tuple[str, str]]


def answers(kind: Kind, studio: str | None, given: Sequence[str]) -> Answers:
    """Return all that a word of this kind may be, each with what it is; `given` came before it."""
    if kind == Kind.STUDIO:
        yield from ((one.name, one.display_name) for one in load(config_file()).studios)
        yield DEMO, "the demo studio"
        return
    kept = _kept(studio)
    profiles = kept.launch_profiles if kept else ()
    if kind == Kind.SESSION:
        yield from _sessions(kept) if kept else ()
    elif kind == Kind.PROFILE:
        yield from _profiles(profiles)
    elif kind == Kind.TYPE:
        chosen = _chosen(profiles, given)
        for name in chosen.stream_configuration.ec2_instance_types if chosen else INSTANCE_TYPES:
            known = INSTANCE_TYPES.get(name)
            yield name, known.in_words if known else ""
    elif kind == Kind.IMAGE:
        chosen = _chosen(profiles, given)
        images = chosen.stream_configuration.streaming_image_ids if chosen else ()
        yield from ((one, "") for one in images)


def _kept(studio: str | None) -> cache.Cached | None:
    if studio is not None and is_demo(studio):
        return cache.read(StudioInfo(studio, studio_id="", region="", principal_id="", demo=True))
    studios = load(config_file()).studios
    meant = next((one for one in studios if studio in {None, one.name}), None)
    return cache.read(meant.info) if meant else None


def _sessions(kept: cache.Cached) -> Answers:
    """Return the names of workstations; the id of one whose name is not its alone."""
    profiles = {one.launch_profile_id: one for one in kept.known_profiles}
    living = [one for one in kept.sessions if one.state != SessionState.DELETED]
    titles = [one.title(profiles.get(one.launch_profile_id or "")) for one in living]
    times = Counter(folded(title) for title in titles)
    for session, title in zip(living, titles, strict=True):
        alone = times[folded(title)] == 1 and not title.startswith("-")
        if alone:
            yield title, session.state or ""
        elif is_plain_id(session.session_id):
            yield session.session_id, title


def _profiles(profiles: Sequence[LaunchProfile]) -> Answers:
    times = Counter(folded(one.title) for one in profiles)
    for one in profiles:
        if times[folded(one.title)] == 1 and not one.title.startswith("-"):
            yield one.title, one.state or ""
        elif is_plain_id(one.launch_profile_id):
            yield one.launch_profile_id, one.title


def _chosen(profiles: Sequence[LaunchProfile], given: Sequence[str]) -> LaunchProfile | None:
    """Return the launch profile that was named before, if one was."""
    words = {composed(word) for word in given}
    return next(
        (one for one in profiles if words & {composed(one.title), one.launch_profile_id}), None
    )
