"""Names for completion: of studios from the settings, of all else from the lists last stored."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from nimble_tui.config import cache
from nimble_tui.config.loading import load
from nimble_tui.config.paths import config_file
from nimble_tui.core.instance_types import INSTANCE_TYPES, in_words
from nimble_tui.core.lookup import composed, folded
from nimble_tui.core.model import LaunchProfile, SessionState
from nimble_tui.core.service import DEMO, DEMO_AS, StudioInfo, is_demo
from nimble_tui.core.text import is_plain_id

Answers = Iterator[tuple[str, str]]


def beginning(prefix: str, dest: str, args: Namespace) -> dict[str, str]:
    """Return the values of an argument that begin with `prefix`, each with a description.

    `dest` is the argument's name, `args` what the line says already. Capitals count where there
    is such a one.
    """
    source = _SOURCES.get(dest)
    if source is None:
        return {}
    every = {
        _as_typed(prefix, text): note if note.isprintable() else ""
        for text, note in source(args)
        if _can_be_printed(text)
    }
    exact = {text: note for text, note in every.items() if text.startswith(prefix)}
    return exact or every


def _as_typed(start: str, text: str) -> str:
    """Return a text that begins as typed, even if its accents are composed differently.

    A shell compares bytes, and drops what does not begin with those on its line.
    """
    typed, composed_text = composed(start), composed(text)
    if text.startswith(start) or not composed_text.startswith(typed):
        return text
    return start + composed_text[len(typed) :]


def _can_be_printed(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return text.isprintable() and not text.startswith("-") and bool(text)


def _studios(_words: Namespace) -> Answers:
    yield from ((one.name, one.display_name) for one in load(config_file()).studios)
    yield DEMO, "the demo studio"


def _cached(args: Namespace) -> cache.Cached | None:
    who = getattr(args, "as", None)
    studio = f"{DEMO_AS}{who}" if who else DEMO if args.demo else args.studio
    if is_demo(studio or ""):
        return cache.read(StudioInfo(studio, studio_id="", region="", principal_id="", demo=True))
    studios = load(config_file()).studios
    meant = next((one for one in studios if studio in {None, one.name}), None)
    return cache.read(meant.info) if meant else None


def _profiles_of(args: Namespace) -> Sequence[LaunchProfile]:
    cached = _cached(args)
    return cached.launch_profiles if cached else ()


def _sessions(args: Namespace) -> Answers:
    cached = _cached(args)
    if cached is None:
        return iter(())
    profiles = {one.launch_profile_id: one for one in cached.known_profiles}
    return _distinguished(
        (one.session_id, one.title(profiles.get(one.launch_profile_id or "")), one.state or "")
        for one in cached.sessions
        if one.state != SessionState.DELETED
    )


def _profiles(args: Namespace) -> Answers:
    return _distinguished(
        (one.launch_profile_id, one.title, one.state or "") for one in _profiles_of(args)
    )


def _distinguished(rows: Iterable[tuple[str, str, str]]) -> Answers:
    """Return names with their states, and the id with the name where a name is not its alone."""
    every = list(rows)
    times = Counter(folded(title) for _, title, _ in every)
    for key, title, state in every:
        if times[folded(title)] == 1 and not title.startswith("-"):
            yield title, state
        elif is_plain_id(key):
            yield key, title


def _types(args: Namespace) -> Answers:
    chosen = _chosen(args)
    for name in chosen.stream_configuration.ec2_instance_types if chosen else INSTANCE_TYPES:
        yield name, in_words(name)


def _images(args: Namespace) -> Answers:
    chosen = _chosen(args)
    images = chosen.stream_configuration.streaming_image_ids if chosen else ()
    yield from ((one, "") for one in images)


def _chosen(args: Namespace) -> LaunchProfile | None:
    """Return the launch profile that was named before, if one was."""
    named = composed(getattr(args, "profile", None))
    return next(
        (
            one
            for one in _profiles_of(args)
            if named in {composed(one.title), one.launch_profile_id}
        ),
        None,
    )


def _personas(_words: Namespace) -> Answers:
    from nimble_tui.client.people.membership import personas

    yield from ((one, "") for one in personas())


def _statuses(_words: Namespace) -> Answers:
    from nimble_tui.core.people.model import UserProfileStatus
    from nimble_tui.core.people.profile_status import meaning

    yield from ((one.value, meaning(one)) for one in UserProfileStatus)


_SOURCES: Mapping[str, Callable[[Namespace], Answers]] = {
    "session": _sessions,
    "profile": _profiles,
    "type": _types,
    "image": _images,
    "studio": _studios,
    "as": lambda _words: iter([("admin", ""), ("operator", "")]),
    "backup": lambda _words: iter([("latest", "")]),
    "set": _personas,
    "status": _statuses,
}
