"""A backup that is taken while 50 artists work, restored elsewhere."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nimble_tui.core.keys import Keys
from nimble_tui.studio.config_file import read_config
from nimble_tui.studio.invites import opened
from nimble_tui.studio.serve_config import served
from nimble_tui.studio.store.records import Kind, Person, Role
from nimble_tui.studio.studio_file import StudioFile
from tests.cli.own_studio import OwnStudio
from tests.cli.running import Run
from tests.studio.world import client_of, refused

ARTISTS = 50


@dataclass
class Artists:
    """Launch workstations, a few at a time; note which were acknowledged."""

    url: str
    studio_id: str
    profile_id: str
    keys: dict[str, Keys]
    acknowledged: set[str] = field(default_factory=set)

    def work(self, principal_id: str, half: threading.Semaphore) -> None:
        keys = self.keys[principal_id]
        with closing(client_of(self.url, keys.access_key_id, keys.secret_access_key)) as client:
            for _ in range(2):
                session = client.create_streaming_session(
                    studioId=self.studio_id, launchProfileId=self.profile_id
                )["session"]
                self.acknowledged.add(session["sessionId"])
                client.tag_resource(resourceArn=session["arn"], tags={"Name": principal_id})
                half.release()


def set_up(own: OwnStudio) -> dict[str, Keys]:
    own.done("image", "add", "Rocky 9")
    own.done("profile", "add", "Lighting", "--image", "Rocky 9")
    keys = {f"artist-{number}": Keys(f"KEY{number}", f"secret{number}") for number in range(ARTISTS)}
    with opened(StudioFile(own.store)) as store, store.write() as tx:
        (profile,) = tx.page(Kind.LAUNCH_PROFILE)
        for name, pair in keys.items():
            person = Person(name, Role.ARTIST, name, pair.access_key_id, pair.secret_access_key)
            tx.add_person(person)
            tx.add_member(profile.id, name)
    return keys


def sessions(config: Path, keys: Keys) -> set[str]:
    with served(read_config(config), None) as (studio, url):
        client = client_of(url, keys.access_key_id, keys.secret_access_key)
        with closing(client):
            pages = client.get_paginator("list_streaming_sessions")
            found = {
                one["sessionId"]
                for page in pages.paginate(studioId=studio.about.studio_id)
                for one in page["sessions"]
            }
            with refused("ConflictException", "STUDIO_HELD"):
                client.delete_streaming_session(
                    studioId=studio.about.studio_id, sessionId=next(iter(found))
                )
    return found


def audit(own: OwnStudio) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(own.done("audit", "--limit", "9999", "--json"))[
        "entries"
    ]
    return found


def test_a_backup_while_fifty_artists_work_is_whole_and_changes_nothing_elsewhere(
    run: Run, tmp_path: Path
) -> None:
    own = OwnStudio(run, tmp_path / "own", "--listen", "127.0.0.1:0", "--public-url", URL)
    text = own.config.read_text().replace('master_key = "master.key"\n', "")
    assert "master_key" not in text, "this test adds people without one"
    keys = set_up(own)
    backup, half = tmp_path / "backup.sqlite3", threading.Semaphore(0)
    config = read_config(own.config)
    with served(config, None) as (studio, url), ThreadPoolExecutor(ARTISTS) as pool:
        with opened(StudioFile(own.store)) as store, store.read() as tx:
            (profile,) = tx.page(Kind.LAUNCH_PROFILE)
        artists = Artists(url, studio.about.studio_id, profile.id, keys)
        working = [pool.submit(artists.work, name, half) for name in keys]
        for _ in range(ARTISTS // 2):
            assert half.acquire(timeout=60)
        before = set(artists.acknowledged)
        made = own.run("backup", str(backup))
        assert made.code == 0, made.err
        assert not all(one.done() for one in working)
        for one in working:
            one.result()
    assert len(artists.acknowledged) == 2 * ARTISTS
