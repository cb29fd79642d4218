"""A workstation launched once: refused where the profile does not allow it, found again by its tag.

Sources: the AWS API reference, CreateStreamingSession, and StreamingImage, member eulaIds.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from nimble_tui.client.errors import CallError, not_understood
from nimble_tui.client.executor import CLOCKS_DIFFER, LATEST_ARRIVAL, Executor
from nimble_tui.client.intent import Intent, launch_intent
from nimble_tui.client.journal.intents import Outcome, Record
from nimble_tui.client.queries import StudioReader
from nimble_tui.client.reply_parsing import new_session_of
from nimble_tui.core.launching import LAUNCH_TAG, LaunchRequest, check_launch
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.rules import READ_ONLY, Refused
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import clean, clean_id

LONGEST_NAME = 256
TOKEN_LASTS = timedelta(days=1)
"""The time for which a studio remembers a client token."""
_CHOICE = ("launch_profile_id", "ec2_instance_type", "streaming_image_id")
_MOST_NAMED = 5


def check_name(name: str) -> None:
    """Raise StudioError when a name cannot be a tag's value that shows as it is."""
    if len(name) > LONGEST_NAME:
        raise StudioError(
            ErrorKind.INVALID, f"A name has at most {LONGEST_NAME} characters; shorten it."
        )
    if clean(name, LONGEST_NAME) != name:
        raise StudioError(
            ErrorKind.INVALID,
            "The name contains invisible characters, or starts or ends with a space; type it "
            "again.",
        )


def check_request(request: LaunchRequest, reader: StudioReader) -> None:
    """Raise StudioError if the launch profile does not allow the request."""
    if reader.info.read_only:
        raise StudioError(ErrorKind.REFUSED, READ_ONLY.reason)
    try:
        launch_profile = reader.get_launch_profile(request.launch_profile_id)
    except StudioError as error:
        if error.kind != ErrorKind.DENIED:
            raise
        raise StudioError(
            ErrorKind.DENIED,
            "You are not allowed to launch from this launch profile; ask your admin to make you a "
            "member of it.",
        ) from None
    answer = check_launch(launch_profile)
    if isinstance(answer, Refused):
        raise StudioError(ErrorKind.REFUSED, answer.reason)
    configuration = launch_profile.stream_configuration
    types, images = configuration.ec2_instance_types, configuration.streaming_image_ids
    if request.ec2_instance_type not in types:
        raise StudioError(
            ErrorKind.REFUSED,
            f"This launch profile has no instance type {clean_id(request.ec2_instance_type)}; "
            f"choose one of {', '.join(types)}.",
        )
    if request.streaming_image_id not in images:
        raise StudioError(
            ErrorKind.REFUSED,
            f"This launch profile has no image {clean_id(request.streaming_image_id)}; choose one "
            "of its images.",
        )


def launch(
    executor: Executor,
    request: LaunchRequest,
    client_token: str | None,
    *,
    is_new: bool = False,
    is_reported: bool = True,
) -> StreamingSession:
    """Launch exactly one workstation, even if the reply is lost.

    Under a `client_token` that was used before, the workstation made then is returned as it is
    now; one that `is_new` was not used. One that is not `is_reported` stays unresolved until
    `report` is called. Raises StudioError, of kind UNCERTAIN when it is not known whether it was
    made.
    """
    check_name(request.name)
    intent = launch_intent(request, client_token)
    if client_token is not None and not is_new:
        found = _made_before(executor, intent, is_reported=is_reported)
        if found is not None:
            return found
    with executor.recorded(intent) as made:
        _need_journal(executor)
        check_request(request, executor.reader)
        executor.hold(intent, executor.limits.call)
        session = _send(executor, intent)
        made.session_id, made.is_reported = session.session_id, is_reported
    return session


def _need_journal(executor: Executor) -> None:
    """Raise StudioError of kind REFUSED where no later launch would find this one in the journal.

    The demo's workstations cost nothing.
    """
    lacking = executor.pages.lacking
    if lacking is not None and not executor.reader.info.demo:
        raise StudioError(
            ErrorKind.REFUSED,
            f"{lacking}, and without it, a launch without a response could create two "
            "workstations, so nothing was launched; fix this (nimble-tui doctor helps), then "
            "start nimble-tui again.",
        )


def report(executor: Executor, client_token: str, session_id: str) -> None:
    """Close a launch as reported to the person."""
    record = executor.pages.intents.find(client_token)
    if record is not None and record.outcome != Outcome.DONE:
        executor.pages.intents.close(record.intent, Outcome.DONE, session_id=session_id)


def _made_before(
    executor: Executor, intent: Intent, *, is_reported: bool
) -> StreamingSession | None:
    """Return the workstation launched with an intent's token, here or on another computer."""
    record = executor.earlier(intent)
    if record is not None and record.outcome == Outcome.DONE:
        return executor.current_session(record)
    listing = executor.reader.list_streaming_sessions()
    found = _made_in(executor, intent, record, listing.items)
    if found is None:
        if (
            record is None
            or listing.complete
            or executor.clock.now() - record.requested_at < TOKEN_LASTS
        ):
            return None
        raise StudioError(
            ErrorKind.UNCERTAIN,
            "The studio's list is incomplete, so this could already be launched; try again in a "
            "moment.",
        )
    if not _is_as_chosen(intent, found):
        raise StudioError(
            ErrorKind.INVALID,
            f"Token {clean_id(intent.client_token)} was already used for another workstation, "
            f"{found.short_id}; use a new token.",
        )
    if record is not None and is_reported:
        executor.pages.intents.close(intent, Outcome.DONE, session_id=found.session_id)
    elif record is not None:
        executor.made(intent, found.session_id)
    return found


def _made_in(
    executor: Executor, intent: Intent, record: Record | None, sessions: Sequence[StreamingSession]
) -> StreamingSession | None:
    if record is None:
        return launched_as(intent.client_token, sessions)
    found = made_by(record, sessions)
    if found is None and executor.clock.now() - record.requested_at >= TOKEN_LASTS:
        return made_untagged(record, sessions)
    return found


def _send(executor: Executor, intent: Intent) -> StreamingSession:
    try:
        return _launched(intent, new_session_of(executor.send(intent)), executor.reader)
    except CallError as fault:
        if not fault.maybe_applied:
            raise in_full(fault, executor.reader) from None
    executor.hold(intent, executor.limits.listing)
    try:
        found = launched_as(intent.client_token, executor.reader.list_streaming_sessions().items)
    except StudioError:
        found = None
    if found is not None:
        return found
    raise CallError(
        ErrorKind.UNCERTAIN,
        "No response to the launch, which might still be done: the workstation is not listed yet; "
        "repeat the same launch to continue it, which creates no second workstation.",
    )


def _launched(intent: Intent, session: StreamingSession, reader: StudioReader) -> StreamingSession:
    """Return a session that matches an intent; CallError for another one."""
    token = session.tags.get(LAUNCH_TAG)
    is_own = session.owned_by in {None, "", reader.info.principal_id}
    if token == intent.client_token or (
        token is None and is_own and _is_as_chosen(intent, session)
    ):
        return session
    raise not_understood("The studio's response is about another workstation")


def _is_as_chosen(intent: Intent, session: StreamingSession) -> bool:
    """Return whether a session is of the profile, type and image that were chosen."""
    chosen = (session.launch_profile_id, session.ec2_instance_type, session.streaming_image_id)
    return all(
        one in {None, intent.parameters[name]} for name, one in zip(_CHOICE, chosen, strict=True)
    )


def made_by(record: Record, sessions: Iterable[StreamingSession]) -> StreamingSession | None:
    """Return the workstation of a launch, by its id if known, or by its tag."""
    session_id, token = record.intent.session_id, record.intent.client_token
    for one in sessions:
        if one.session_id == session_id or one.tags.get(LAUNCH_TAG) == token:
            return one
    return None


def made_untagged(record: Record, sessions: Iterable[StreamingSession]) -> StreamingSession | None:
    """Return the workstation of a launch in a studio without tags.

    It is as chosen, and was created while the request could still arrive.
    """
    for one in sessions:
        at = one.created_at
        if (
            LAUNCH_TAG not in one.tags
            and _is_as_chosen(record.intent, one)
            and one.tags.get("Name", "") in {"", record.intent.parameters.get("name", "")}
            and at is not None
            and record.requested_at - CLOCKS_DIFFER <= at <= record.requested_at + LATEST_ARRIVAL
        ):
            return one
    return None


def launched_as(client_token: str, sessions: Iterable[StreamingSession]) -> StreamingSession | None:
    """Return the workstation that was launched under a token."""
    return next((one for one in sessions if one.tags.get(LAUNCH_TAG) == client_token), None)


def in_full(fault: CallError, reader: StudioReader) -> StudioError:
    """Return the refusal of a launch with the names of the licences that it is about, if any."""
    if not fault.eula_ids:
        return fault
    named = ", ".join(_names(fault.eula_ids, reader))
    return StudioError(
        ErrorKind.REFUSED,
        f"This image needs licences that are not yet accepted: {named}; ask your admin to accept "
        "them, then launch again.",
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
