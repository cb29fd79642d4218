"""The people of one studio, for the screens and the command line."""

from collections.abc import Callable, Sequence, Set
from typing import Final

from typing_extensions import override

from nimble_tui.client.api_client import ApiClient
from nimble_tui.client.errors import strip_frames
from nimble_tui.client.journal.journal import Pages
from nimble_tui.client.journal.people_plans import BegunPlan
from nimble_tui.client.people.aws_service import AwsService, settings_missing
from nimble_tui.client.people.change_log import ChangeLog
from nimble_tui.client.people.directory import Directory
from nimble_tui.client.people.membership import Membership, check_can_change
from nimble_tui.client.people.people_reader import LastLists, PeopleReader
from nimble_tui.client.people.plan_runner import run_plan
from nimble_tui.client.people.reconciliation import Reconciler
from nimble_tui.client.people.user_profiles import UserProfiles
from nimble_tui.client.transport import Limits
from nimble_tui.core.clock import Clock
from nimble_tui.core.listing import Listing
from nimble_tui.core.people.joining import called, join
from nimble_tui.core.people.model import (
    Identity,
    People,
)
from nimble_tui.core.people.plans import Plan, PlanKind, make_plan
from nimble_tui.core.people.service import OnStep, PeopleService
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import Finding, StudioInfo

OpenService = Callable[[str], ApiClient]
"""Opens the wire to a service by its boto3 name."""

DIRECTORY: Final = "identitystore"
DATAZONE: Final = "datazone"


class NimblePeople(PeopleService):
    """The people of a studio; thread-safe, and raises StudioError only."""

    def __init__(
        self,
        info: StudioInfo,
        api: ApiClient,
        pages: Pages,
        settings: PeopleSettings,
        open_service: OpenService,
        *,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._info = info
        self._api = api
        self._pages = pages
        self._limits = limits
        self._clock = clock
        self._services = (
            AwsService("the identity store", lambda: open_service(DIRECTORY), clock),
            AwsService("Amazon DataZone", lambda: open_service(DATAZONE), clock),
        )
        directory, datazone = self._services
        self._last_lists = LastLists()
        log = ChangeLog(pages.intents, limits, clock)
        self._membership = Membership(info, api, settings.identity_store_id, limits, clock, log=log)
        self._directory = Directory(directory, self._membership.identity_store_id, limits, clock)
        self._domain = (
            UserProfiles(info, datazone, settings.domain_id, limits, clock, log=log)
            if settings.domain_id
            else None
        )

    @property
    @override
    def has_user_profiles(self) -> bool:
        return self._domain is not None

    @property
    @override
    def membership(self) -> Membership:
        return self._membership

    @property
    @override
    def user_profiles(self) -> UserProfiles:
        if self._domain is None:
            raise settings_missing("domain_id", "DataZone domain")
        return self._domain

    @override
    @strip_frames
    def look(self, *, fresh: bool = False) -> People:
        reader = PeopleReader(
            self._info,
            self._api,
            self._membership,
            self._limits,
            self._clock,
            last=self._last_lists,
        )
        return join(reader.read(self._directory, self._domain, fresh=fresh))

    @override
    @strip_frames
    def identities(self, principal_ids: Sequence[str] | None = None) -> Listing[Identity]:
        if principal_ids is None:
            return self._directory.list_all()
        return self._directory.identities(principal_ids)

    @override
    @strip_frames
    def open_plans(self, people: People) -> tuple[Plan, ...]:
        plans = (
            make_plan(
                PlanKind(one.kind),
                people,
                one.principal_id,
                launch_profile_ids=one.launch_profile_ids,
                administrator=one.administrator,
                ticked=one.ticked,
                skipped=one.skipped,
            )
            for one in self._pages.people_plans.all()
            if one.kind in set(PlanKind)
        )
        return tuple(one for one in plans if isinstance(one, Plan))

    @override
    @strip_frames
    def run(self, plan: Plan, on_step: OnStep | None = None) -> Plan:
        check_can_change(self._info)
        return run_plan(plan, self, self._keep, on_step)

    @override
    @strip_frames
    def tick(self, plan: Plan, step_id: str) -> Plan:
        ticked = plan.ticking(step_id)
        self._keep(ticked)
        return ticked

    @override
    @strip_frames
    def skip(self, plan: Plan, step_ids: Set[str]) -> Plan:
        skipping = plan.skipping(step_ids)
        self._keep(skipping)
        return skipping

    @override
    @strip_frames
    def drop(self, plan: Plan) -> None:
        self._pages.people_plans.drop(plan.kind, plan.principal_id)

    @strip_frames
    def reconcile(self, title: Callable[[str], str]) -> tuple[Finding, ...]:
        """Read back the unresolved changes of people and report each once; send nothing.

        `title` returns what a launch profile is called, by its id.
        """
        return Reconciler(
            self._pages.intents,
            self._membership,
            lambda: self.user_profiles,
            self._names,
            title,
            self._clock,
        ).run()

    def _names(self, principal_ids: Sequence[str]) -> Sequence[str]:
        me = self._info.principal_id
        others = [one for one in principal_ids if one != me]
        known = called(others, self._directory.identities(others).items)
        return [known.get(one, "you") for one in principal_ids]

    def close(self) -> None:
        """Close the connections; pending calls fail."""
        for one in self._services:
            one.close()

    def _keep(self, plan: Plan) -> None:
        if plan.is_done:
            self._pages.people_plans.drop(plan.kind, plan.principal_id)
            return
        begun = BegunPlan(
            plan.kind,
            plan.principal_id,
            plan.launch_profile_ids,
            plan.administrator,
            plan.ticked,
            plan.skipped,
        )
        self._pages.people_plans.put(begun, self._clock.now())
