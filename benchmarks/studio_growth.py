"""How much slower each call is in a studio of 100,000 than in one of 1,000, in one run.

Sizes are of workstations and of people alike; the calls go through the studio itself, without HTTP.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from nimble_tui.studio import invites
from nimble_tui.studio.http.front import Call
from nimble_tui.studio.sample.data import INES, MARA, PAT
from nimble_tui.studio.sample.facts import DOMAIN_ID, IDENTITY_STORE_ID, STUDIO_ID
from nimble_tui.studio.settings import Settings
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.records import Kind, Person, Role
from nimble_tui.studio.studio import Studio

SIZES: Final = (1_000, 10_000, 100_000)
RUNS: Final = 15


def main() -> None:
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.db"
            with Studio.open(path, sessions=size) as studio:
                studio.set_quotas(Settings(sessions_per_person=RUNS + 10))
                _fill(path, size)
                for name, call in _calls(studio).items():
                    times.setdefault(name, []).append(_median(call))
            began = time.perf_counter()
            invites.all_people(path)
            times.setdefault("studio people (prints everyone)", []).append(
                time.perf_counter() - began
            )
    for name, (small, middle, large) in times.items():
        print(
            f"{name}: {small * 1000:.2f}, {middle * 1000:.2f}, {large * 1000:.2f} ms; "
            f"{large / small:.1f}× from 1,000 to 100,000"
        )


def _fill(path: Path, size: int) -> None:
    """Let so many people in, each on one launch profile."""
    with closing(Store(path)) as store, store.write() as tx:
        profiles = [one.id for one in tx.page(Kind.LAUNCH_PROFILE)]
        for number in range(size):
            principal_id = f"{IDENTITY_STORE_ID[2:]}-{number:08}-0000-4000-8000-000000000000"
            name = f"Person {number:06}"
            key = f"BENCH{number:011}"
            tx.add_person(
                Person(principal_id, Role.ARTIST, name, key, "-", 0, name.lower(), f"{number}@x")
            )
            tx.add_member(profiles[number % len(profiles)], principal_id)


def _calls(studio: Studio) -> dict[str, Callable[[], object]]:
    keys = {one.principal_id: one.access_key_id for one in studio.people()}

    def call(operation: str, by: str, **params: Any) -> Callable[[], Any]:
        return lambda: studio.dispatch(Call(operation, params, keys[by], "bench", "http://x"))

    of_studio = {"studioId": STUDIO_ID}
    profiles = call("ListLaunchProfiles", PAT, **of_studio)()["launchProfiles"]
    profile_id = next(one["launchProfileId"] for one in profiles if one["name"] == "Lighting")
    store, domain = {"IdentityStoreId": IDENTITY_STORE_ID}, {"domainIdentifier": DOMAIN_ID}
    by_name = [{"AttributePath": "UserName", "AttributeValue": "person 000500"}]
    return {
        "create": call("CreateStreamingSession", PAT, **of_studio, launchProfileId=profile_id),
        "list own": call("ListStreamingSessions", MARA, **of_studio, ownedBy=MARA, maxResults=100),
        "list createdBy": call("ListStreamingSessions", INES, **of_studio, createdBy=INES),
        "list launch profiles": call("ListLaunchProfiles", MARA, **of_studio, principalId=MARA),
        "list users": call("ListUsers", MARA, **store, MaxResults=100),
        "user by name": call("ListUsers", MARA, **store, Filters=by_name),
        "search profiles": call(
            "SearchUserProfiles", INES, **domain, userType="SSO_USER", searchText="no such name"
        ),
        "profile by name": call("GetUserProfile", INES, **domain, userIdentifier="mara.vos"),
        "list members": call("ListStudioMembers", MARA, **of_studio),
    }


def _median(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
