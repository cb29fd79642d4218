"""launch."""

from argparse import Namespace

from nimble_tui.cli import exit_codes
from nimble_tui.cli.connect import open_screen
from nimble_tui.cli.context import again, opened
from nimble_tui.cli.errors import note_interrupt, say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import Lists, fetch_lists, resolve, store_change
from nimble_tui.cli.launch_or_start import check_or_start, find_by_name, started
from nimble_tui.cli.lookup import find_image, find_profile
from nimble_tui.cli.output import print_json
from nimble_tui.cli.session_actions import ended
from nimble_tui.cli.waiting import check_timeout, wait
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


def launch(args: Namespace) -> int:
    """Launch a workstation, exactly one per token or unresolved request."""
    if args.token and args.new:
        raise Stop(exit_codes.USAGE, "Use --token or --new, not both.")
    check_or_start(args)
    check_timeout(args, waits=args.wait or args.connect)
    with opened(args) as (settings, service):
        lists = fetch_lists(service)
        profile = _profile(args, lists)
        token = args.token or launch_token()
        latest = _launched_before(args, lists, profile) if args.token else None
        there = find_by_name(lists, profile, args.name) if args.or_start else None
        if latest is not None:
            say(f"{lists.title(latest)} was already launched with this token; no changes made.")
            if args.name and args.name.strip() != lists.title(latest):
                say(f"To launch {clean(args.name, 64)} as well, use another --token.")
        elif there is not None:
            latest = started(args, service, settings, there)
        else:
            latest, token = _launched(args, service, lists, profile, token)
        store_change(service.info, lists, latest, is_launched=True)
        name = latest.title(profile)
        code = exit_codes.FAILED if latest.state in FAILED_STATES else exit_codes.DONE
        try:
            if args.wait or args.connect:
                latest, _ = wait(service, latest, settings, name, args.timeout)
                code = ended(latest, SessionState.READY, name)
            else:
                say(f"{name}: {latest.state or 'UNKNOWN'}.")
        finally:
            # The id is printed even when the wait is interrupted.
            _answer(args, latest)
            store_change(service.info, lists, latest, is_launched=True)
            if there is None:
                service.report_launch(token, latest.session_id)
        if args.connect and code == exit_codes.DONE:
            return open_screen(args, service, latest, name)
    return code


def _launched(
    args: Namespace, service: StudioService, lists: Lists, profile: LaunchProfile, token: str
) -> tuple[StreamingSession, str]:
    """Launch a workstation, or continue an unresolved launch; return it and its token."""
    request = _request(args, service, profile)
    earlier = None
    if not (args.token or args.new):
        earlier = same_launch(request, service.unresolved_launches(lists.sessions))
    if earlier is not None:
        say(_continued(earlier, request.name or profile.title))
        token = earlier.client_token
    is_new = earlier is None and not args.token
    with note_interrupt(request.name or profile.title):
        latest = service.launch(request, client_token=token, is_new=is_new, is_reported=False)
    resolve(service, lists)
    return latest, token


def _answer(args: Namespace, latest: StreamingSession) -> None:
    if args.json:
        print_json({"session": plain(latest.members)})
    else:
        print(clean_id(latest.session_id), flush=True)


def _continued(earlier: UnresolvedLaunch, name: str) -> str:
    at = local_time(earlier.requested_at, SystemClock().now(), None)
    return (
        f"{name}: an earlier launch of the same workstation, requested at {at}, is unresolved. It "
        "is resumed, and no second workstation is created; to launch another one, add --new."
    )


def _profile(args: Namespace, lists: Lists) -> LaunchProfile:
    """Return the launch profile named by the arguments; Stop if that is ambiguous."""
    profiles = lists.launch_profiles
    by_id = any(one.launch_profile_id == args.profile for one in profiles.items)
    if profiles.partial and not by_id:
        raise Stop(
            exit_codes.FAILED,
            profiles.problem or "The studio's list is incomplete.",
            "The name could be ambiguous. Use the full id, or try again.",
        )
    return find_profile(args.profile, profiles.items)


def _launched_before(
    args: Namespace, lists: Lists, profile: LaunchProfile
) -> StreamingSession | None:
    """Return an earlier launch with this token, even if it is deleted by now."""
    wanted = (profile.launch_profile_id, args.type, args.image)
    for one in lists.sessions.items:
        same = (
            one.launch_profile_id,
            one.ec2_instance_type if args.type else None,
            one.streaming_image_id if args.image else None,
        )
        if one.tags.get(LAUNCH_TAG) == args.token and same == wanted:
            return one
    return None


def _request(args: Namespace, service: StudioService, profile: LaunchProfile) -> LaunchRequest:
    """Return the launch request; Stop if the profile or a missing licence does not allow it."""
    answer = check_launch(profile, read_only=service.info.read_only)
    if isinstance(answer, Refused):
        raise Stop(exit_codes.REFUSED, f"{profile.title}: {answer.reason}")
    types = profile.stream_configuration.ec2_instance_types
    if args.type is not None and args.type not in types:
        raise Stop(
            exit_codes.REFUSED,
            f"{profile.title} has no instance type {clean(args.type, 64)}. It has:",
            *(f"  {one}  {in_words(one)}".rstrip() for one in types),
        )
    details = service.get_launch_profile_details(profile.launch_profile_id)
    images = usable_images(profile, details)
    if not images:
        raise Stop(
            exit_codes.REFUSED,
            f"{profile.title}: no image is available; ask your admin.",
            *_unread_images(details),
        )
    say(*_unread_images(details))
    image = images[0] if args.image is None else find_image(args.image, images, profile.title)
    _need_licences(args, service, image)
    return LaunchRequest(
        profile.launch_profile_id,
        args.type or types[0],
        image.streaming_image_id,
        (args.name or "").strip(),
    )


def _unread_images(details: LaunchProfileDetails) -> tuple[str, ...]:
    """Return a sentence about images that could not be read, if there are any."""
    count = details.unread_images
    if not count:
        return ()
    images = "1 image" if count == 1 else f"{count} images"
    return (f"{details.launch_profile.title}: {images} could not be read; ask your admin.",)


def _need_licences(args: Namespace, service: StudioService, image: StreamingImage) -> None:
    """Stop when the studio has not accepted all that an image needs."""
    try:
        found = read_licences(service, (image,), only_missing=True)
    except StudioError:
        return  # the launch itself reports this error
    if not (missing := found.missing_for(image)):
        return
    raise Stop(
        exit_codes.REFUSED,
        f"{image.name or 'The image'} needs licences that are not yet accepted:",
        *(f"  {clean_id(one.eula_id)}  {one.name or ''}".rstrip() for one in missing),
        f"{who_accepts(found.to_ask)} them with: {again(args, 'licences --accept')}",
    )
