"""studio profile: what artists can launch, and who can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nimble_tui.cli import exit_codes
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.local_admin import find, local_admin, name_of, need_new_name
from nimble_tui.cli.output import print_json, print_table
from nimble_tui.core.instance_types import INSTANCE_TYPES
from nimble_tui.core.text import clean, clean_id
from nimble_tui.core.toml_reader import nearest

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from nimble_tui.studio.local_admin import Listed, LocalAdmin
    from nimble_tui.studio.store.records import Document, Person, Resource

_PROTOCOL: Final = "2021-03-31"
_DEFAULT_TYPE: Final = "g5.xlarge"
_SHOWN_MEMBERS: Final = 5


def list_profiles(args: Namespace) -> int:
    """List the launch profiles and who can launch from them."""
    with local_admin(args, changes=False) as admin:
        profiles = admin.profiles()
        images = {one.id: name_of(one) for one in _images(admin)}
    if args.json:
        print_json({"launchProfiles": [_facts(one) for one in profiles]})
    elif not profiles:
        say("There are no launch profiles yet. To add one: nimble-tui studio profile add NAME")
    else:
        print_table(
            ("NAME", "STATE", "STOPPING", "TYPES", "IMAGES", "MEMBERS", "ID"),
            [_row(one, images) for one in profiles],
            for_programs={"ID", "IMAGES"},  # they leave no room for the rest
            giving_way=("MEMBERS", "TYPES", "NAME"),
        )
    return exit_codes.DONE


def add_profile(args: Namespace) -> int:
    """Add a launch profile, and print its id."""
    from nimble_tui.studio.store.records import Kind

    _need_types(args.type or ())
    with local_admin(args, changes=True) as admin:
        need_new_name("a launch profile", args.profile, admin.live(Kind.LAUNCH_PROFILE))
        components = [one.id for one in _components(admin, args.component)]
        people = _people(admin, args.member)
        configuration = {
            "clipboardMode": "ENABLED",
            "ec2InstanceTypes": [_DEFAULT_TYPE],
            "streamingImageIds": [one.id for one in _only_image(admin, args.image)],
            "sessionPersistenceMode": "ACTIVATED",
        }
        profile = admin.call(
            "CreateLaunchProfile",
            name=args.profile,
            ec2SubnetIds=[],
            launchProfileProtocolVersions=[_PROTOCOL],
            studioComponentIds=components or [admin.component().id],
            streamConfiguration=_configured(admin, configuration, args),
            **({"description": args.description} if args.description else {}),
        )
        admin.set_members(profile["launchProfileId"], [one.principal_id for one in people], [])
    _say_profile("Added", profile, people, [])
    return _print_profile(args, profile, people)


def edit_profile(args: Namespace) -> int:
    """Change a launch profile; what is not named stays as it is."""
    _need_types(args.type or ())
    with local_admin(args, changes=True) as admin:
        listed = _find(admin, args.profile)
        changes: dict[str, Any] = {}
        if args.name and args.name != listed.profile.document.get("name"):
            need_new_name("a launch profile", args.name, [one.profile for one in admin.profiles()])
            changes["name"] = args.name
        if args.description is not None:
            changes["description"] = args.description
        if args.component:
            changes["studioComponentIds"] = [one.id for one in _components(admin, args.component)]
        before = listed.profile.document["streamConfiguration"]
        configuration = _configured(admin, before, args)
        if configuration != before:
            changes["streamConfiguration"] = configuration
        added = [one for one in _people(admin, args.member) if one not in listed.members]
        removed = _removed(listed, args.remove_member)
        if not (changes or added or removed or args.member):
            raise Stop(exit_codes.USAGE, "Nothing to change; nimble-tui studio profile edit --help")
        profile = listed.profile.document
        if changes:
            profile = admin.call(
                "UpdateLaunchProfile", launchProfileId=listed.profile.id, **changes
            )
        admin.set_members(
            listed.profile.id,
            [one.principal_id for one in added],
            [one.principal_id for one in removed],
        )
    _say_profile("Changed", profile, added, removed)
    members = [one for one in (*listed.members, *added) if one not in removed]
    return _print_profile(args, profile, members)


def _configured(admin: LocalAdmin, before: Document, args: Namespace) -> Document:
    """Return a stream configuration with what the options change of it."""
    after = dict(before)
    if args.image:
        after["streamingImageIds"] = [one.id for one in _only_image(admin, args.image)]
    if args.type:
        after["ec2InstanceTypes"] = list(dict.fromkeys(args.type))
    if args.clipboard:
        after["clipboardMode"] = "ENABLED" if args.clipboard == "on" else "DISABLED"
    if args.max_session is not None:
        after["maxSessionLengthInMinutes"] = args.max_session
    if args.backups is not None:
        after["sessionBackup"] = (
            {"mode": "AUTOMATIC", "maxBackupsToRetain": args.backups}
            if args.backups
            else {"mode": "DEACTIVATED"}
        )
    if args.persistence or args.max_stopped is not None:
        _set_persistence(after, args)
    return after


def _set_persistence(after: Document, args: Namespace) -> None:
    """Set whether a stop keeps a workstation, and for how long, in a stream configuration.

    Source: the AWS API reference, StreamConfigurationCreate: a time for stopped sessions goes
    with both modes activated, and neither volumes nor a mode of termination with no persistence.
    """
    mode = after.get("sessionPersistenceMode")
    stopped = args.max_stopped
    if stopped is None:
        stopped = after.get("maxStoppedSessionLengthInMinutes", 0)
    if args.persistence:
        mode = "ACTIVATED" if args.persistence == "on" else "DEACTIVATED"
    for name in ("maxStoppedSessionLengthInMinutes", "automaticTerminationMode"):
        after.pop(name, None)
    if mode != "ACTIVATED":
        if args.max_stopped and mode is not None:
            raise Stop(exit_codes.USAGE, "--max-stopped needs --persistence on.")
        after.pop("volumeConfiguration", None)
    elif stopped:
        after["automaticTerminationMode"] = "ACTIVATED"
    if mode is not None:
        after["sessionPersistenceMode"] = mode
    if stopped and mode != "DEACTIVATED":
        after["maxStoppedSessionLengthInMinutes"] = stopped


def _need_types(types: Sequence[str]) -> None:
    for one in types:
        if one not in INSTANCE_TYPES:
            raise Stop(
                exit_codes.USAGE,
                f"There is no instance type “{clean(one, 64)}”{nearest(one, INSTANCE_TYPES)}",
            )


def _images(admin: LocalAdmin) -> list[Resource]:
    from nimble_tui.studio.store.records import Kind

    return admin.live(Kind.STREAMING_IMAGE)


def _only_image(admin: LocalAdmin, words: Sequence[str] | None) -> list[Resource]:
    """Return the images that words name; without any, the only one that there is."""
    images = _images(admin)
    if not images:
        raise Stop(
            exit_codes.FAILED, "There is no image yet; add one with nimble-tui studio image add."
        )
    if not words and len(images) > 1:
        names = ", ".join(f"“{name_of(one)}”" for one in images[:10])
        raise Stop(exit_codes.USAGE, f"Which image? Add --image with one of {names}.")
    return [find("image", one, images) for one in dict.fromkeys(words or [images[0].id])]


def _components(admin: LocalAdmin, words: Sequence[str] | None) -> list[Resource]:
    from nimble_tui.studio.store.records import Kind

    candidates = admin.live(Kind.STUDIO_COMPONENT) if words else []
    return [find("component", one, candidates) for one in dict.fromkeys(words or ())]


def _people(admin: LocalAdmin, words: Sequence[str] | None) -> list[Person]:
    from nimble_tui.studio.invites import named

    people = admin.people() if words else []
    return [named(people, one) for one in dict.fromkeys(words or ())]


def _removed(listed: Listed, words: Sequence[str] | None) -> list[Person]:
    from nimble_tui.studio.invites import PeopleError, named

    try:
        return [named(listed.members, one) for one in dict.fromkeys(words or ())]
    except PeopleError as error:
        members = ", ".join(clean(one.name) for one in listed.members) or "none"
        raise Stop(exit_codes.FAILED, f"{error} Its members: {members}.") from None


def _find(admin: LocalAdmin, word: str) -> Listed:
    listed = admin.profiles()
    found = find("launch profile", word, [one.profile for one in listed])
    return next(one for one in listed if one.profile is found)


def _say_profile(
    done: str, profile: Document, added: Sequence[Person], removed: Sequence[Person]
) -> None:
    name = clean(str(profile.get("name")))
    say(f"{done} the launch profile {name} ({_stopping(profile)}).")
    if added:
        say(f"{_names(added)} can launch from it now.")
    if removed:
        say(f"{_names(removed)} can no longer launch from it.")


def _print_profile(args: Namespace, profile: Document, members: Sequence[Person]) -> int:
    if args.json:
        print_json({"launchProfile": _with_members(profile, members)})
    else:
        print(clean_id(str(profile.get("launchProfileId"))))
    return exit_codes.DONE


def _facts(listed: Listed) -> Document:
    return _with_members(listed.profile.document, listed.members)


def _with_members(profile: Document, members: Sequence[Person]) -> Document:
    people = [{"principalId": one.principal_id, "name": one.name} for one in members]
    return {**profile, "members": people}


def _row(listed: Listed, images: dict[str, str]) -> tuple[str | tuple[str, str], ...]:
    profile = listed.profile
    configuration = profile.document.get("streamConfiguration", {})
    names = (images.get(one, "") for one in configuration.get("streamingImageIds", ()))
    return (
        name_of(profile),
        (profile.state, "ready" if profile.state == "READY" else "failed"),
        _stopping(profile.document),
        clean(", ".join(configuration.get("ec2InstanceTypes", ()))),
        ", ".join(filter(None, names)),
        _names(listed.members),
        clean_id(profile.id),
    )


def _names(people: Sequence[Person]) -> str:
    more = len(people) - _SHOWN_MEMBERS
    shown = ", ".join(clean(one.name) for one in people[:_SHOWN_MEMBERS])
    return f"{shown} and {more} more" if more > 0 else shown


def _stopping(profile: Document) -> str:
    """Return how long a stopped workstation of it is kept, as `labels.stopping_of` does."""
    from nimble_tui.core.model import LaunchProfile
    from nimble_tui.core.structures import read
    from nimble_tui.view.labels import stopping_of

    return stopping_of(read(LaunchProfile, profile))
