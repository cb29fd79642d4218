"""A backup that is taken while 50 artists work, restored elsewhere."""

import json
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from nimble_tui.core.keys import Keys
from nimble_tui.studio.config_file import Listen, StudioConfig, read_config
from nimble_tui.studio.invites import opened
from nimble_tui.studio.serve_config import served
from nimble_tui.studio.store.master_key import MasterKey, read_master_key
from nimble_tui.studio.store.records import Kind, Person, Role
from nimble_tui.studio.studio_file import StudioFile
from tests.cli.own_studio import OwnStudio
from tests.cli.running import Run
from tests.studio.world import client_of, refused

ARTISTS = 50
LAUNCHES = 2


@dataclass
class Artists:
    """Launch workstations, a few at a time; note which were acknowledged."""

    url: str
    studio_id: str
    profile_id: str
    keys: dict[str, Keys]
    acknowledged: set[str] = field(default_factory=set)

    def work(self, principal_id: str, steps: threading.Semaphore) -> None:
        keys = self.keys[principal_id]
        with closing(client_of(self.url, keys.access_key_id, keys.secret_access_key)) as client:
            for _ in range(LAUNCHES):
                session = client.create_streaming_session(
                    studioId=self.studio_id, launchProfileId=self.profile_id
                )["session"]
                self.acknowledged.add(session["sessionId"])
                client.tag_resource(resourceArn=session["arn"], tags={"Name": principal_id})
                steps.release()


def set_up(own: OwnStudio) -> tuple[StudioConfig, MasterKey, dict[str, Keys], str]:
    """Let 50 artists launch; return the studio's settings, its key, theirs, and the profile."""
    own.done("image", "add", "Rocky 9")
    own.done("profile", "add", "Lighting", "--image", "Rocky 9")
    master_key = read_master_key(own.folder / "master.key")
    keys = {f"artist-{number}": Keys(f"KEY{number}", f"s{number}") for number in range(ARTISTS)}
    with opened(StudioFile(own.store, master_key)) as store, store.write() as tx:
        (profile,) = tx.page(Kind.LAUNCH_PROFILE)
        for name, pair in keys.items():
            person = Person(name, Role.ARTIST, name, pair.access_key_id, pair.secret_access_key)
            tx.add_person(person)
            tx.add_member(profile.id, name)
    config = replace(read_config(own.config), listen=Listen("127.0.0.1", 0), public_url=None)
    return config, master_key, keys, profile.id


def elsewhere(config: StudioConfig, own: OwnStudio, folder: Path) -> StudioConfig:
    """Return the settings of the same studio in another folder, as its operator writes them."""
    folder.mkdir()
    for name in ("studio.toml", "master.key"):
        shutil.copy(own.folder / name, folder / name)
    return replace(config, store=folder / own.store.name)


def test_a_backup_while_fifty_artists_work_changes_nothing_elsewhere_until_it_takes_over(
    run: Run, tmp_path: Path
) -> None:
    own, folder, backup = OwnStudio(run, tmp_path / "own"), tmp_path / "other", tmp_path / "backup"
    config, master_key, keys, profile_id = set_up(own)
    steps = threading.Semaphore(0)
    with served(config, None, 1.0, master_key) as (studio, url), ThreadPoolExecutor(50) as pool:
        studio_id = studio.about.studio_id
        artists = Artists(url, studio_id, profile_id, keys)
        working = [pool.submit(artists.work, name, steps) for name in keys]
        for _ in range(ARTISTS // 2):
            assert steps.acquire(timeout=60)
        before = set(artists.acknowledged)
        made = own.run("backup", str(backup))
        assert made.code == 0, made.err
        assert not all(one.done() for one in working)
        for one in working:
            one.result()
    assert len(artists.acknowledged) == LAUNCHES * ARTISTS
    config = elsewhere(config, own, folder)
    settings = str(folder / "studio.toml")
    assert run("studio", "restore", str(backup), "--config", settings).code == 0
    contents = dump(config.store)
    someone = keys["artist-0"]
    with served(config, None, 1000.0, master_key) as (studio, url):  # steps take no time there
        client = client_of(url, someone.access_key_id, someone.secret_access_key)
        operator = client_of(url, own.invite.access_key_id, own.invite.secret_access_key)
        with closing(client), closing(operator):
            pages = operator.get_paginator("list_streaming_sessions").paginate(studioId=studio_id)
            found = {one["sessionId"]: one for page in pages for one in page["sessions"]}
            assert before <= found.keys() <= artists.acknowledged | found.keys()
            launch = {"studioId": studio_id, "launchProfileId": profile_id}
            with refused("ConflictException", "STUDIO_HELD"):
                client.create_streaming_session(**launch)
            assert dump(config.store) == contents
            assert run("studio", "takeover", "--yes", "--config", settings).code == 0
            assert client.create_streaming_session(**launch)
    whole = run("studio", "audit", "--config", settings, "--limit", "9999", "--json").out
    entries = json.loads(whole)["entries"]
    launched = {one["sessionId"] for one in entries if one["action"] == "CreateStreamingSession"}
    assert found.keys() <= launched  # in one transaction with the change it records


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
