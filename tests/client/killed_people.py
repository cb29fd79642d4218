"""Changes of people in processes that kill themselves at a moment; run by tests.

Each line of its standard input is a JSON object that says what to do and at which step to end:
each write of the journal and each request is a step before and a step after. A process is forked
for it, and how it ended is answered: the signal, or 0.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nimble_tui.client.journal.database import Database
from nimble_tui.client.journal.journal import Journal
from nimble_tui.client.nimble import NimbleService, connect
from nimble_tui.client.transport import Limits, Transport
from nimble_tui.core.clock import ManualClock
from nimble_tui.core.keys import Keys
from nimble_tui.core.people.model import UserProfileStatus
from nimble_tui.core.people.plans import Plan, PlanKind, make_plan
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import StudioInfo
from tests.cli.killed_command import Steps, is_read

_CHANGE = Database.change
_SEND = Transport.send


def do(service: NimbleService, what: str, ids: list[str]) -> None:
    """Do the change that a test calls `what`."""
    people = service.people
    match what:
        case "add":
            people.membership.put_launch_profile_members("lp-1", ids)
        case "remove":
            people.membership.delete_launch_profile_member("lp-1", ids[0])
        case "persona":
            people.membership.update_launch_profile_member("lp-1", ids[0])
        case "promote":
            people.membership.put_studio_members(ids)
        case "demote":
            people.membership.delete_studio_member(ids[0])
        case "profile":
            people.user_profiles.create_user_profile(ids[0])
        case "status":
            people.user_profiles.update_user_profile(ids[0], UserProfileStatus.DEACTIVATED)
        case "onboard" | "offboard":
            run_plan(service, PlanKind(what), ids[0])


def run_plan(service: NimbleService, kind: PlanKind, who: str) -> Plan:
    """Resume the plan of a person where one was begun, else run a new one."""
    found = service.people.look()
    begun = (one for one in service.people.open_plans(found) if one.principal_id == who)
    plan = next(begun, None) or make_plan(
        kind, found, who, launch_profile_ids=["lp-1"], administrator=kind == PlanKind.ONBOARD
    )
    assert isinstance(plan, Plan)
    return service.people.run(plan)


def run(order: dict[str, Any]) -> None:
    """Do what an order says, up to its step."""
    service = connect(
        StudioInfo(**order["info"]),
        endpoint_url=order["url"],
        keys=Keys("AKIDEXAMPLE", "secret"),
        clock=ManualClock(datetime.fromtimestamp(order["at"], UTC)),
        limits=Limits(pause=0.01),
        journal=Journal(Path(order["path"])),
        people=PeopleSettings(*order["people"]),
    )
    steps = Steps(str(order["step"]))

    def change(database: Database, work: Any) -> Any:
        steps.step("writing")
        result = _CHANGE(database, work)
        steps.step("written")
        return result

    def send(transport: Transport, method: str, target: str, *request: Any) -> Any:
        reads = is_read(method, target)
        steps.step("reading" if reads else "sending")
        reply = _SEND(transport, method, target, *request)
        steps.step("read" if reads else "sent")
        return reply

    with patch.object(Database, "change", change), patch.object(Transport, "send", send):
        do(service, order["what"], order["ids"])


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 1
            try:
                run(json.loads(line))
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
