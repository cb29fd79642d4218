"""One call on its way through the studio."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from nimble_tui.studio import tokens
from nimble_tui.studio.compute import Compute
from nimble_tui.studio.http.errors import not_found
from nimble_tui.studio.ids import arn
from nimble_tui.studio.operations.states import require_settled
from nimble_tui.studio.store.records import Kind, Person, Resource
from nimble_tui.studio.store.transaction import Transaction

_DELETED: Final = frozenset({"DELETE_IN_PROGRESS", "DELETED"})


@dataclass(frozen=True, slots=True)
class About:
    """Facts about the studio.

    `identity_store_id` is where its people's ids are from; `domain_id` the DataZone domain that
    it keeps their user profiles for, "" for none.
    """

    studio_id: str
    region: str
    account: str
    identity_store_id: str
    domain_id: str


@dataclass(frozen=True, slots=True)
class Request:
    """A call with everything that carrying it out needs, within one transaction.

    `disputed` is the machine's time of day while the studio does not go by it.

    An operation looks at existence, then rights, and then goes through `once`, whose effect looks
    at states and quotas.
    """

    operation: str
    params: Mapping[str, Any]
    person: Person
    now: datetime
    tx: Transaction
    about: About
    compute: Compute
    chance: random.Random
    own_url: str
    disputed: datetime | None = None

    def find(self, kind: Kind, resource_id: str) -> Resource:
        """Return a resource of the studio that the call names; else ResourceNotFoundException."""
        self.check_studio()
        resource = self.tx.resource(kind, resource_id)
        if resource is None:
            raise not_found(resource_id)
        return resource

    def check_studio(self) -> None:
        """Refuse with ResourceNotFoundException a call for another studio."""
        studio_id = self.params["studioId"]
        if studio_id != self.about.studio_id:
            raise not_found(studio_id)

    def arn(self, kind: Kind, resource_id: str) -> str:
        """Return the ARN of one of the studio's resources."""
        return arn(self.about.region, self.about.account, kind, resource_id)

    def once(self, effect: Callable[[], Resource]) -> dict[str, Any]:
        """Carry out `effect`, but not a second time for one client token.

        Returns the resource's document as it is now. The token is stored in the same transaction
        as the effect; without a token every request stands for itself.
        """
        if self.params.get("clientToken") is None:
            self._check_standing()
            return effect().document
        request = (self.operation, self.params, self.person.principal_id)
        resource = tokens.used_for(self.tx, *request, self.now)
        if resource is None:
            self._check_standing()
            resource = effect()
            tokens.use(self.tx, *request, resource=resource, now=self.now)
        return resource.document

    def _check_standing(self) -> None:
        """Refuse a change while the studio is being deleted and from then on."""
        studio = self.tx.resource(Kind.STUDIO, self.about.studio_id)
        if studio is not None and studio.state in _DELETED:
            require_settled(studio, frozenset(), "changed")
