"""Send a list of people in batches, with a report of the outcome."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nimble_tui.client.errors import CallError
from nimble_tui.core.listing import Listing
from nimble_tui.core.people.model import MOST_AT_ONCE, Member, MembersReport
from nimble_tui.core.people.service import OnProgress
from nimble_tui.core.service import ErrorKind, StudioError
from nimble_tui.core.text import is_plain_id

Send = Callable[[Sequence[str], str], None]
"""Makes people members under a client token; raises CallError."""

# What is wrong with one batch; the others may be right.
_GO_ON = frozenset({ErrorKind.INVALID, ErrorKind.NOT_FOUND, ErrorKind.CONFLICT, ErrorKind.TROUBLE})


@dataclass(slots=True)
class _Sent:
    members: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    fault: StudioError | None = None


def put_in_batches(
    wanted: Sequence[str],
    client_token: str,
    send: Send,
    look: Callable[[], Listing[Member]],
    on_progress: OnProgress | None,
) -> MembersReport:
    """Send everyone once, in batches, and return who is a member then.

    `wanted` are ids as `checked` returns them; each batch has a token of its own, which begins
    with `client_token`. After a batch that fails the others are still sent, unless they would fail
    too; then `look` says who is a member. Raises StudioError if no one was added.
    """
    sent = _send_all(wanted, client_token, send, on_progress)
    if sent.fault is None:
        return MembersReport(tuple(sent.members))
    if not sent.members and not sent.lost:
        raise sent.fault
    there = _there(look)
    members = [one for one in wanted if one in sent.members or one in there.ids]
    rest = [one for one in wanted if one not in members]
    # An incomplete list says of no one that they are missing.
    unsure = [one for one in rest if not there.whole and one in sent.lost]
    missing = [one for one in rest if one not in unsure]
    if not members and not unsure:
        raise sent.fault
    report = MembersReport(tuple(members), tuple(missing), tuple(unsure))
    return _with_problem(report, sent.fault, len(wanted))


def _send_all(
    wanted: Sequence[str], client_token: str, send: Send, on_progress: OnProgress | None
) -> _Sent:
    sent = _Sent()
    for start in range(0, len(wanted), MOST_AT_ONCE):
        batch = wanted[start : start + MOST_AT_ONCE]
        try:
            send(batch, f"{client_token}-{start}" if start else client_token)
        except StudioError as fault:
            sent.fault = sent.fault or fault
            lost = isinstance(fault, CallError) and fault.maybe_applied
            (sent.lost if lost else sent.refused).extend(batch)
            if fault.kind not in _GO_ON:
                sent.refused.extend(wanted[start + MOST_AT_ONCE :])
                break
        else:
            sent.members.extend(batch)
        if on_progress is not None:
            on_progress(min(start + MOST_AT_ONCE, len(wanted)), len(wanted))
    return sent


@dataclass(frozen=True, slots=True)
class _There:
    ids: frozenset[str]
    whole: bool


def _there(look: Callable[[], Listing[Member]]) -> _There:
    try:
        listing = look()
    except StudioError:
        return _There(frozenset(), whole=False)
    ids = frozenset(one.principal_id for one in listing.items)
    return _There(ids, whole=listing.complete)


def _with_problem(report: MembersReport, fault: StudioError, total: int) -> MembersReport:
    if not report.missing and not report.unsure:
        return report
    parts = [f"Done: {len(report.members)} of {total} people"]
    if report.missing:
        parts.append(f"not done: {len(report.missing)}")
    if report.unsure:
        parts.append(f"unknown: {len(report.unsure)}")
    problem = f"{', '.join(parts)}. {fault}"
    return MembersReport(report.members, report.missing, report.unsure, problem)


def checked(principal_ids: Sequence[str]) -> tuple[str, ...]:
    """Return ids without duplicates; raises StudioError of kind INVALID for an unsafe one."""
    wanted = tuple(dict.fromkeys(principal_ids))
    if not wanted:
        raise StudioError(ErrorKind.INVALID, "No person selected. Select at least one.")
    if not all(is_plain_id(one) for one in wanted):
        raise StudioError(
            ErrorKind.INVALID,
            "One of these ids is empty or contains unsafe characters. No changes made; copy the "
            "complete id again.",
        )
    return wanted
