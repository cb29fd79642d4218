"""Another name for a workstation: its `Name` tag.

Source: the AWS API reference, TagResource and UntagResource, which know no client token; but the
same tag set twice is set once.
"""

from nimble_tui.client.errors import CallError, not_understood
from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import NAME_TAG, Intent, Verb
from nimble_tui.client.launching import check_name
from nimble_tui.client.session_actions import require_allowed
from nimble_tui.core.action_checks import check_rename
from nimble_tui.core.model import StreamingSession
from nimble_tui.core.service import ErrorKind, StudioError


def rename(executor: Executor, session_id: str, name: str) -> StreamingSession:
    """Set a workstation's name, or remove it if `name` is empty; return the workstation.

    Raises StudioError: REFUSED or INVALID for what cannot be, UNCERTAIN when the outcome is
    unknown.
    """
    check_name(name)
    session = executor.reader.get_streaming_session(session_id)
    require_allowed(check_rename(session, read_only=executor.reader.info.read_only))
    arn = session.arn or ""
    if not arn.endswith(f"/{session_id}"):
        # It would name something else.
        raise not_understood("The studio reported another workstation's ARN")
    named = {"name": name} if name else {}
    intent = Intent(Verb.RENAME, session_id, {"arn": arn, **named})
    with executor.recorded(intent, session.state or ""):
        try:
            executor.send(intent)
        except CallError as fault:
            if not fault.maybe_applied:
                raise
        else:
            return executor.reader.get_streaming_session(session_id)
        return _read_back(executor, intent)


def is_named(intent: Intent, session: StreamingSession) -> bool:
    """Return whether a workstation has the name that an intent gives it."""
    return session.tags.get(NAME_TAG, "") == intent.parameters.get("name", "")


def _read_back(executor: Executor, intent: Intent) -> StreamingSession:
    try:
        session = executor.reader.get_streaming_session(intent.session_id)
    except StudioError:
        session = None
    if session is not None and is_named(intent, session):
        return session
    raise StudioError(
        ErrorKind.UNCERTAIN,
        "The studio didn't confirm the new name, which might still be set; refresh in a minute "
        "and check before you try again.",
    )
