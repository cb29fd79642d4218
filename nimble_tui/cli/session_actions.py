"""stop, start and delete."""

from argparse import Namespace
from typing import Final

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.backups import backup_for
from nimble_tui.cli.context import opened
from nimble_tui.cli.errors import note_interrupt, say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.fetched_lists import Lists, choose_anyones, fetch_to_act, store_change
from nimble_tui.cli.output import print_json
from nimble_tui.cli.waiting import TimedOut, check_timeout, wait
from nimble_tui.config.plain import plain
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.model import (
    FAILED_STATES,
    LaunchProfile,
    SessionAction,
    SessionState,
    StreamingSession,
)
from nimble_tui.core.rules import Refused, check_action, is_disk_kept
from nimble_tui.core.service import StudioService, UnconfirmedStartError
from nimble_tui.core.transitions import is_stuck
from nimble_tui.core.unclear_steps import can_be_given_up, was_given_up
from nimble_tui.view import labels, outcomes

_EXPECTED: Final = {
    SessionAction.STOP: (SessionState.STOP_IN_PROGRESS, SessionState.STOPPED),
    SessionAction.START: (SessionState.START_IN_PROGRESS, SessionState.READY),
    SessionAction.DELETE: (SessionState.DELETE_IN_PROGRESS, SessionState.DELETED),
}


def act(args: Namespace) -> int:
    """Run the action of the command: confirm it if necessary, send it, report the outcome."""
    action = SessionAction(args.action)
    check_timeout(args, waits=args.wait)
    with opened(args) as (settings, service):
        lists, session = fetch_to_act(service, lambda one: choose_anyones(args, service, one))
        name = lists.title(session)
        # A job that runs once more than it should finds its work done, and that is well.
        done = args.token is not None and session.state in _EXPECTED[action]
        latest = session if done else _do(args, service, lists, session)
        store_change(service.info, lists, latest)
        again = args.token is not None and latest.state == session.state
        is_gone = False
        if args.wait and not was_given_up(latest):
            try:
                latest, is_gone = wait(service, latest, settings, name, args.timeout)
            except TimedOut as timed_out:
                if args.json:
                    print_json({"session": plain(timed_out.latest.members)})
                raise
            store_change(service.info, lists, latest, is_gone=is_gone)
    if args.json:
        print_json({"session": plain(latest.members)})
    if again and not latest.in_transition:
        say(f"{name}: {latest.state} (already done with this token; no changes made).")
        return exit_codes.DONE
    if action == SessionAction.DELETE and was_given_up(latest):
        say(f"{name}: {latest.state}. It was given up, not deleted.")
        return exit_codes.DONE
    if not args.wait:
        say(f"{name}: {latest.state or 'UNKNOWN'}.")
        return exit_codes.FAILED if latest.state in FAILED_STATES else exit_codes.DONE
    return ended(latest, _EXPECTED[action][1], name, is_gone=is_gone)


def ended(
    latest: StreamingSession, expected: SessionState, name: str, *, is_gone: bool = False
) -> int:
    """Report how the wait for a workstation ended, and return the exit code."""
    if is_gone:
        say(f"{name} was deleted.")
        return exit_codes.DONE
    if latest.state == expected:
        thrown = latest.state == SessionState.STOPPED and is_disk_kept(latest) is False
        say(f"{name}: {latest.state}{'; its disk was deleted' if thrown else ''}.")
        return exit_codes.DONE
    reason = labels.reason_of(latest)
    why = f" {reason[0].upper()}{reason[1:]}." if reason else ""
    say(f"Expected {name} to be {expected}, but it is {latest.state or 'UNKNOWN'}.{why}")
    return exit_codes.FAILED


def _do(
    args: Namespace, service: StudioService, lists: Lists, session: StreamingSession
) -> StreamingSession:
    """Do it once the person has agreed; Stop where a rule forbids it."""
    action = SessionAction(args.action)
    name = lists.title(session)
    profile = lists.profile_of(session)
    stuck = is_stuck(session, SystemClock().now())
    answer = check_action(action, session, profile, read_only=service.info.read_only, stuck=stuck)
    if isinstance(answer, Refused):
        agreed = args.yes or action == SessionAction.START
        if args.token is None or not agreed:
            raise Stop(exit_codes.REFUSED, f"{name}: {answer.reason}")
        # Whether it was done under this token before, the service knows.
        with note_interrupt(name):
            return service.act(action, session.session_id, client_token=args.token)
    if action == SessionAction.START:
        return _start(args, service, session, profile, name)
    note = outcomes.of_action(
        action, answer.note, session, profile, now=SystemClock().now(), tz=None
    )
    mode = "DELETE" if action == SessionAction.STOP and args.delete_disk else None
    if mode:
        note = outcomes.of_lost_disk(session)
    gives_up = action == SessionAction.DELETE and can_be_given_up(session)
    if not args.yes:
        loss = "delete its disk" if mode else None
        if action == SessionAction.DELETE:
            loss = "give it up" if gives_up else "delete it"
        _agree(session, name, note, f"{args.action.capitalize()} it?", loss)
    with note_interrupt(name):
        return service.act(
            action,
            session.session_id,
            volume_retention_mode=mode,
            client_token=args.token,
            gives_up=gives_up,
        )


def _start(
    args: Namespace,
    service: StudioService,
    session: StreamingSession,
    profile: LaunchProfile | None,
    name: str,
) -> StreamingSession:
    """Start it, from a backup where one is named; Stop where the person does not agree."""
    if args.backup is None:
        return start(service, session, name, yes=args.yes, client_token=args.token)
    backup_id, note = backup_for(service, session, args.backup, name)
    risk = risk_of_start(session, profile) if profile is not None else ""
    if not args.yes:
        _agree(session, name, f"{risk} {note}".strip(), "Start it?", None)
    return start(
        service,
        session,
        name,
        yes=args.yes or bool(risk),
        client_token=args.token,
        backup_id=backup_id,
    )


def start(
    service: StudioService,
    session: StreamingSession,
    name: str,
    *,
    yes: bool,
    client_token: str | None = None,
    backup_id: str | None = None,
) -> StreamingSession:
    """Start a workstation; if it might not stop again, only with `yes` or after a prompt.

    The launch profile is the one read for the start. Stop if the person does not agree.
    """

    def act(*, may_not_stop: bool) -> StreamingSession:
        with note_interrupt(name):
            return service.act(
                SessionAction.START,
                session.session_id,
                backup_id=backup_id,
                client_token=client_token,
                may_not_stop=may_not_stop,
            )

    try:
        return act(may_not_stop=yes)
    except UnconfirmedStartError as error:
        risk = risk_of_start(session, error.launch_profile)
    _agree(session, name, risk, "Start it?", None)
    return act(may_not_stop=True)


def risk_of_start(session: StreamingSession, profile: LaunchProfile | None) -> str:
    """Return the warning that a stop might not be possible after a start, or ""."""
    return outcomes.of_start(session, profile, now=SystemClock().now(), tz=None)


def _agree(
    session: StreamingSession, name: str, note: str, question: str, loss: str | None
) -> None:
    """Print the effect and prompt; a loss (`loss`) needs the id typed. Stop without agreement."""
    say(f"{name}, {session.state}, {session.ec2_instance_type or 'of unknown type'}. {note}")
    terminal.need_terminal("add --yes to confirm.")
    if loss:
        answer = terminal.ask(
            f"Type {session.short_id} (the last four characters of its id) to {loss}: "
        )
        agreed = answer == session.short_id
    else:
        agreed = terminal.ask(f"{question} [y/N] ").casefold() in {"y", "yes"}
    if not agreed:
        raise Stop(exit_codes.FAILED, "No changes made.")
