"""Licences accepted for the whole studio.

Source: the AWS API reference, AcceptEulas and EulaAcceptance.
"""

from collections.abc import Sequence

from nimble_tui.client.errors import CallError
from nimble_tui.client.executor import Executor
from nimble_tui.client.intent import Intent, Verb
from nimble_tui.core.eulas import EulaAcceptance, read_eula_acceptance
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.structures import read_all
from nimble_tui.core.text import is_plain_id

_SEPARATOR = ","


def accept(executor: Executor, eula_ids: Sequence[str]) -> tuple[EulaAcceptance, ...]:
    """Accept licences; StudioError of kind DENIED to all but admins."""
    ids = list(dict.fromkeys(eula_ids))
    if not ids:
        return ()
    if any(_SEPARATOR in one or not is_plain_id(one) for one in ids):
        raise StudioError(ErrorKind.INVALID, "This is not a licence id; refresh, then try again.")
    intent = Intent(Verb.ACCEPT, "", {"eula_ids": _SEPARATOR.join(ids)})
    with executor.recorded(intent):
        try:
            reply = executor.send(intent)
        except CallError as fault:
            if not fault.maybe_applied:
                raise
        else:
            return read_all(read_eula_acceptance, reply["eulaAcceptances"])[0]
        return _read_back(executor, intent)


def accepted(executor: Executor, intent: Intent) -> tuple[EulaAcceptance, ...] | None:
    """Return the acceptances requested by an intent; None if one is missing."""
    ids = intent.parameters["eula_ids"].split(_SEPARATOR)
    there = {one.eula_id: one for one in executor.reader.list_eula_acceptances().items}
    return tuple(there[one] for one in ids) if there.keys() >= set(ids) else None


def _read_back(executor: Executor, intent: Intent) -> tuple[EulaAcceptance, ...]:
    try:
        acceptances = accepted(executor, intent)
    except StudioError:
        acceptances = None
    if acceptances is not None:
        return acceptances
    raise StudioError(
        ErrorKind.UNCERTAIN,
        "The studio didn't confirm that the licences are accepted, which might still happen; "
        "refresh in a minute and check before you try again.",
    )
