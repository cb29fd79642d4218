"""launch."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.choosing import Lists, look, remember_change, resolve
from nimble_tui.cli.connect import open_screen
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import asking, say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.finding import find_image, find_profile
from nimble_tui.cli.launch_or_start import check_or_start, find_by_name, started
from nimble_tui.cli.output import print_json
from nimble_tui.cli.session_actions import ended
from nimble_tui.cli.waiting import need_wait, wait
from nimble_tui.config.plain import plain
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.instance_types import in_words
from nimble_tui.core.launching import (
    LAUNCH_TAG,
    LaunchRequest,
    UnresolvedLaunch,
    check_launch,
    launch_token,
    same_launch,
    usable_images,
)
from nimble_tui.core.licences import read_licences
from nimble_tui.core.model import (
    FAILED_STATES,
    LaunchProfile,
    LaunchProfileDetails,
    SessionState,
    StreamingImage,
    StreamingSession,
)
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import StudioError, StudioService
from nimble_tui.core.text import clean, clean_id
from nimble_tui.view.licences import who_accepts
from nimble_tui.view.times import local_time


def launch(words: Namespace) -> int:
    """Launch a workstation; under its token, or while it is unresolved, no second one is made."""
    if words.token and words.new:
        raise Stop(exit_codes.USAGE, "Give --token or --new, not both.")
    check_or_start(words)
    need_wait(words, waits=words.wait or words.connect)
    with opened(words) as (settings, service):
        lists = look(service)
        profile = _profile(words, lists)
        token = words.token or launch_token()
        seen = _launched_before(words, lists, profile) if words.token else None
        there = find_by_name(lists, profile, words.name) if words.or_start else None
        if seen is not None:
            say(
                f"{lists.title(seen)} was launched under this token before; nothing was done again."
            )
            if words.name and words.name.strip() != lists.title(seen):
                say(f"To launch {clean(words.name, 64)} as well, use another --token.")
        elif there is not None:
            seen = started(words, service, settings, there)
        else:
            seen, token = _launched(words, service, lists, profile, token)
        remember_change(service.info, lists, seen, is_launched=True)
        name = seen.title(profile)
        code = exit_codes.FAILED if seen.state in FAILED_STATES else exit_codes.DONE
        try:
            if words.wait or words.connect:
                seen, _ = wait(service, seen, settings, name, words.timeout)
                code = ended(seen, SessionState.READY, name)
            else:
                say(f"{name}: {seen.state or 'UNKNOWN'}.")
        finally:
            # Whoever gives up waiting is to know what there is by now, too.
            _answer(words, seen)
            remember_change(service.info, lists, seen, is_launched=True)
            if there is None:
                service.report_launch(token, seen.session_id)
        if words.connect and code == exit_codes.DONE:
            return open_screen(words, service, seen, name)
    return code


def _launched(
    words: Namespace, service: StudioService, lists: Lists, profile: LaunchProfile, token: str
) -> tuple[StreamingSession, str]:
    """Launch a workstation, or continue an unresolved launch; return it and its token."""
    request = _request(words, service, profile)
    earlier = None
    if not (words.token or words.new):
        earlier = same_launch(request, service.unresolved_launches(lists.sessions))
    if earlier is not None:
        say(_continued(earlier, request.name or profile.title))
        token = earlier.client_token
    is_new = earlier is None and not words.token
    with asking(request.name or profile.title):
        seen = service.launch(request, client_token=token, is_new=is_new, is_reported=False)
    resolve(service, lists)
    return seen, token


def _answer(words: Namespace, seen: StreamingSession) -> None:
    if words.json:
        print_json({"session": plain(seen.members)})
    else:
        print(clean_id(seen.session_id), flush=True)


def _continued(earlier: UnresolvedLaunch, name: str) -> str:
    at = local_time(earlier.requested_at, SystemClock().now(), None)
    return (
        f"{name}: the same launch, requested at {at}, is unresolved, so it is continued and no "
        "second workstation is made; add --new to launch another one."
    )


def _profile(words: Namespace, lists: Lists) -> LaunchProfile:
    """Return the launch profile meant; Stop when none can be told."""
    profiles = lists.launch_profiles
    by_id = any(one.launch_profile_id == words.profile for one in profiles.items)
    if profiles.partial and not by_id:
        raise Stop(
            exit_codes.FAILED,
            profiles.problem or "The studio's list came in part only.",
            "So it is not sure which launch profile you mean; give its whole id, or try again.",
        )
    return find_profile(words.profile, profiles.items)


def _launched_before(
    words: Namespace, lists: Lists, profile: LaunchProfile
) -> StreamingSession | None:
    """Return what was launched like this under the token, also where it is deleted by now."""
    wanted = (profile.launch_profile_id, words.type, words.image)
    for one in lists.sessions.items:
        same = (
            one.launch_profile_id,
            one.ec2_instance_type if words.type else None,
            one.streaming_image_id if words.image else None,
        )
        if one.tags.get(LAUNCH_TAG) == words.token and same == wanted:
            return one
    return None


def _request(words: Namespace, service: StudioService, profile: LaunchProfile) -> LaunchRequest:
    """Return what to launch; Stop where the profile or a missing licence does not allow it."""
    answer = check_launch(profile, read_only=service.info.read_only)
    if isinstance(answer, Refused):
        raise Stop(exit_codes.REFUSED, f"{profile.title}: {answer.reason}")
    types = profile.stream_configuration.ec2_instance_types
    if words.type is not None and words.type not in types:
        raise Stop(
            exit_codes.REFUSED,
            f"{profile.title} has no type {clean(words.type, 64)}. It has:",
            *(f"  {one}  {in_words(one)}".rstrip() for one in types),
        )
    details = service.get_launch_profile_details(profile.launch_profile_id)
    images = usable_images(profile, details)
    if not images:
        raise Stop(
            exit_codes.REFUSED,
            f"{profile.title}: none of its images can be used now; ask your admin.",
            *_unread_images(details),
        )
    say(*_unread_images(details))
    image = images[0] if words.image is None else find_image(words.image, images, profile.title)
    _need_licences(words, service, image)
    return LaunchRequest(
        profile.launch_profile_id,
        words.type or types[0],
        image.streaming_image_id,
        (words.name or "").strip(),
    )


def _unread_images(details: LaunchProfileDetails) -> tuple[str, ...]:
    """Return a sentence about images that could not be read, if there are any."""
    count = details.unread_images
    if not count:
        return ()
    images = "1 image" if count == 1 else f"{count} images"
    return (f"{details.launch_profile.title}: {images} could not be read; tell your admin.",)


def _need_licences(words: Namespace, service: StudioService, image: StreamingImage) -> None:
    """Stop when the studio has not accepted all that an image needs."""
    try:
        found = read_licences(service, (image,), only_missing=True)
    except StudioError:
        return  # who cannot look is told by the launch itself
    if not (missing := found.missing_for(image)):
        return
    raise Stop(
        exit_codes.REFUSED,
        f"{image.name or 'The image'} needs licences that your studio has not accepted:",
        *(f"  {clean_id(one.eula_id)}  {one.name or ''}".rstrip() for one in missing),
        f"{who_accepts(found.to_ask)} them with: {again(words, 'eulas --accept')}",
    )
