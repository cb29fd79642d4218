"""The demo studio, served from within this process."""

import random
from collections.abc import Collection
from pathlib import Path
from typing import Self

from nimble_tui.core.clock import Clock
from nimble_tui.core.invite import Invite
from nimble_tui.studio.http.front import LOOPBACK_HOSTS
from nimble_tui.studio.http.server import LocalServer
from nimble_tui.studio.sample.facts import PRINCIPAL_ID
from nimble_tui.studio.store.records import Person, Role
from nimble_tui.studio.studio import SEED, Studio

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Demo:
    """A studio with a server of its own; use it as a context manager, or `close` it.

    Several may be open on one data file, in one process or in many.
    """

    def __init__(self, studio: Studio, server: LocalServer) -> None:
        self.studio = studio
        self._server = server
        self._people = studio.people()
        self._open = True
        studio.answers_at(self.endpoint_url)

    @property
    def endpoint_url(self) -> str:
        """The address at which it answers."""
        return self._server.endpoint_url

    @property
    def invite(self) -> Invite:
        """The artist's own invite."""
        return next(self._invite(one) for one in self._people if one.principal_id == PRINCIPAL_ID)

    @property
    def others(self) -> list[tuple[Role, Invite]]:
        """The other people with working keys, and their roles."""
        return [
            (one.role, self._invite(one))
            for one in self._people
            if one.principal_id != PRINCIPAL_ID and one.active
        ]

    def close(self) -> None:
        """Stop serving and close the data; the port is free when it returns. Once is enough."""
        if not self._open:
            return
        self._open = False
        self.studio.answered_at(self.endpoint_url)
        self._server.close()
        self.studio.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _invite(self, person: Person) -> Invite:
        about = self.studio.about
        return Invite(
            endpoint_url=self.endpoint_url,
            region=about.region,
            studio_id=about.studio_id,
            principal_id=person.principal_id,
            access_key_id=person.access_key_id,
            secret_access_key=person.secret_access_key,
            display_name=person.name,
            identity_store_id=about.identity_store_id,
            domain_id=about.domain_id,
        )


def open_demo(
    path: Path | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    speed: float = 1.0,
    sessions: int | None = None,
    clock: Clock | None = None,
    host_names: Collection[str] = (),
    seed: int = SEED,
    chance: random.Random | None = None,
) -> Demo:
    """Open the demo studio stored at `path` (in memory where that is None) and serve it.

    On loopback it answers under loopback's names alone, so that no web page can reach it by a name
    of its own, and under `host_names` (in lower case, without a port), such as that of a proxy in
    front. The rest is as for `Studio.open`.
    Raises StoreError when the file cannot be used, ListenError when `host` and `port` cannot.
    """
    checked = host in _LOOPBACK or host_names
    studio = Studio.open(
        path,
        demo=True,
        clock=clock,
        speed=speed,
        seed=seed,
        chance=chance,
        sessions=sessions,
        allowed_hosts=LOOPBACK_HOSTS | set(host_names) if checked else None,
    )
    server = LocalServer(studio.application, host, port)
    try:
        server.start()
        return Demo(studio, server)
    except BaseException:
        server.close()
        studio.close()
        raise
