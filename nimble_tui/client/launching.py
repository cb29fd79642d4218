"""A workstation launched once: refused where the profile does not allow it, found again by its tag.

Sources: the AWS API reference, CreateStreamingSession, and StreamingImage, member eulaIds.
"""

from collections.abc import Iterable, Sequence

from nimble_tui.client.answers import new_session_of
from nimble_tui.client.faults import CallError
from nimble_tui.client.intent import LAUNCH_TAG, Intent, ask
from nimble_tui.client.reading import StudioReader
from nimble_tui.client.wire import Wire
from nimble_tui.core.launching import LaunchRequest, can_launch
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.rules import Refused
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean, clean_id

LONGEST_NAME = 256
_MOST_NAMED = 5


def check_name(name: str) -> None:
    """Raise StudioError when a name cannot be a tag's value that shows as it is."""
    if len(name) > LONGEST_NAME:
        raise StudioError(
            ErrorKind.INVALID, f"A name may have at most {LONGEST_NAME} characters; shorten it."
        )
    if clean(name, LONGEST_NAME) != name:
        raise StudioError(
            ErrorKind.INVALID,
            "The name holds characters that cannot be shown, or blanks around it; type it anew.",
        )


def check_request(request: LaunchRequest, reader: StudioReader) -> None:
    """Raise StudioError when the launch profile does not allow what was chosen, as it is now."""
    check_name(request.name)
    if reader.info.read_only:
        raise StudioError(
            ErrorKind.REFUSED,
            "This studio is set to look only; change read_only in the settings to act.",
        )
    try:
        launch_profile = reader.get_launch_profile(request.launch_profile_id)
    except StudioError as error:
        if error.kind != ErrorKind.DENIED:
            raise
        raise StudioError(
            ErrorKind.DENIED,
            "You may not launch from this launch profile; ask your admin to make you a member "
            "of it.",
        ) from None
    answer = can_launch(launch_profile)
    if isinstance(answer, Refused):
        raise StudioError(ErrorKind.REFUSED, answer.reason)
    configuration = launch_profile.stream_configuration
    types, images = configuration.ec2_instance_types, configuration.streaming_image_ids
    if request.ec2_instance_type not in types:
        raise StudioError(
            ErrorKind.REFUSED,
            f"This launch profile has no type {clean_id(request.ec2_instance_type)}; "
            f"choose one of {', '.join(types)}.",
        )
    if request.streaming_image_id not in images:
        raise StudioError(
            ErrorKind.REFUSED,
            f"This launch profile has no image {clean_id(request.streaming_image_id)}; "
            "choose one of its own.",
        )


def send_launch(wire: Wire, intent: Intent, reader: StudioReader) -> StreamingSession:
    """Send a launch and return the workstation made.

    Raises StudioError, of kind UNCERTAIN when the answer was lost and the list does not show it.
    """
    studio_id = reader.info.studio_id
    try:
        return new_session_of(wire.call(lambda client: ask(client, studio_id, intent)))
    except CallError as fault:
        if not fault.maybe_applied:
            raise _explained(fault, reader) from None
    try:
        listing = reader.list_streaming_sessions()
    except StudioError:
        found = None
    else:
        found = launched_as(intent.client_token, listing.items)
    if found is not None:
        return found
    raise CallError(
        ErrorKind.UNCERTAIN,
        "The studio's answer to the launch was lost, and the workstation is not in the list; "
        "refresh in a moment and look before you launch again.",
    )


def launched_as(client_token: str, sessions: Iterable[StreamingSession]) -> StreamingSession | None:
    """Return the workstation that was launched under a token."""
    return next((one for one in sessions if one.tags.get(LAUNCH_TAG) == client_token), None)


def _explained(fault: CallError, reader: StudioReader) -> StudioError:
    if not fault.eula_ids:
        return fault
    named = ", ".join(_names(fault.eula_ids, reader))
    return StudioError(
        ErrorKind.REFUSED,
        f"This image needs licences that the studio has not accepted yet: {named}; "
        "ask your admin to accept them, then launch again.",
    )


def _names(eula_ids: Sequence[str], reader: StudioReader) -> list[str]:
    try:
        eulas = reader.list_eulas(eula_ids).items
    except StudioError:
        eulas = ()
    known = {one.eula_id: one.name for one in eulas}
    named = [known.get(one) or clean_id(one) for one in eula_ids[:_MOST_NAMED]]
    more = len(eula_ids) - _MOST_NAMED
    return [*named, f"and {more} more"] if more > 0 else named
