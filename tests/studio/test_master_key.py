"""Access keys are encrypted with a master key, which is made, read and checked with care."""

import logging
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from nimble_tui.core.clock import ManualClock
from nimble_tui.studio.invites import all_people, invite
from nimble_tui.studio.store.database import Store
from nimble_tui.studio.store.errors import StoreError
from nimble_tui.studio.store.master_key import (
    MasterKey,
    MasterKeyError,
    make_master_key,
    read_master_key,
)
from nimble_tui.studio.studio_file import StudioFile
from tests.studio.world import MARA, NOW, World, open_world

HERE = "http://127.0.0.1:1"
posix = pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")


@pytest.fixture
def key(tmp_path: Path) -> MasterKey:
    return make_master_key(tmp_path / "master.key")


@contextmanager
def served(path: Path, key: MasterKey | None = None) -> Iterator[World]:
    with open_world(path, ManualClock(NOW), master_key=key) as world:
        yield world


def secrets_of(path: Path, key: MasterKey | None = None) -> list[str]:
    return [one.person.secret_access_key for one in all_people(StudioFile(path, key))]


def all_bytes(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())


def test_a_key_is_made_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    made = make_master_key(path)
    assert read_master_key(path) == made
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        make_master_key(path)
    assert path.read_bytes() == before
    assert make_master_key(tmp_path / "other") != made


def test_nothing_that_is_printed_of_a_key_holds_it(key: MasterKey) -> None:
    assert key.text not in repr(key)
    assert repr(key.value) not in repr(key)
    assert key.check not in {key.text, key.value.hex()}


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, key: MasterKey, mode: int) -> None:
    path = tmp_path / "master.key"
    path.chmod(mode)
    with pytest.raises(MasterKeyError, match=r"can be read by others; run chmod 600 .*\.$"):
        read_master_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert key.text not in str(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"short", b"x" * 44, b"\xff" * 44, b"A" * 5000, b"A" * 43 + b"=\nsecond line"],
)
def test_a_file_that_holds_no_key_is_refused_without_its_content(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(MasterKeyError, match="holds no master key") as caught:
        read_master_key(path)
    assert "second" not in str(caught.value)


@posix
def test_a_key_that_is_missing_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyError, match=r"is missing; put it back, .*\.$"):
        read_master_key(tmp_path / "none")
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("pipe", ""):
        with pytest.raises(MasterKeyError, match=r"not a regular file|cannot be read"):
            read_master_key(tmp_path / name)


def test_keys_are_encrypted_and_work(tmp_path: Path, key: MasterKey) -> None:
    folder = tmp_path / "data"
    path = folder / "studio.db"
    with served(path, key) as world:
        assert world.create()
        secrets = [one.secret_access_key for one in world.studio.people()]
        content = all_bytes(folder)
    assert len(secrets) == 12
    for secret in secrets:
        assert secret.encode() not in content
    assert secrets_of(path, key) == secrets
    issued = invite(StudioFile(path, key), "Ada Kovac", endpoint_url=HERE)
    assert issued.invite.secret_access_key.encode() not in all_bytes(folder)
    assert issued.invite.secret_access_key in secrets_of(path, key)


def test_a_store_without_a_key_is_encrypted_once_it_is_opened_with_one(
    tmp_path: Path, key: MasterKey, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    path = folder / "studio.db"
    with served(path) as world:
        for number in range(50):  # so that pages are used again, and free ones hold secrets
            invite(path, f"Person {number}", endpoint_url=HERE, name=f"Person {number}")
        mine = {one["sessionId"] for one in world.mine()}
    secrets = secrets_of(path)
    invite(path, "Person 7", endpoint_url=HERE)  # its old secret is in free pages
    assert secrets[-1].encode() in all_bytes(folder)
    with served(path, key) as world:
        assert {one["sessionId"] for one in world.mine()} == mine
        content = all_bytes(folder)
    assert [one for one in secrets if one.encode() in content] == []
    assert caplog.records == []


def test_encryption_that_was_cut_short_is_completed(
    tmp_path: Path, key: MasterKey, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data" / "studio.db"
    with served(path):
        pass
    secret = secrets_of(path)[0].encode()
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM facts").fetchone()
        with caplog.at_level(logging.ERROR), served(path, key) as world:
            assert world.mine()
        assert secret in all_bytes(path.parent)  # a reader holds the old pages
    Store(path, master_key=key).close()
    assert secret not in all_bytes(path.parent)


@pytest.mark.parametrize("with_key", ["another", "none"])
def test_a_wrong_or_missing_key_is_refused_and_nothing_is_touched(
    tmp_path: Path, key: MasterKey, with_key: str
) -> None:
    path = tmp_path / "data" / "studio.db"
    with served(path, key):
        pass
    before = all_bytes(path.parent)
    with pytest.raises(StoreError) as caught:
        Store(path, master_key=MasterKey.new() if with_key == "another" else None)
    said = {
        "another": "were encrypted with a different master key",
        "none": "are encrypted; use --config",
    }
    assert said[with_key] in str(caught.value)
    assert str(caught.value).count(". ") == 0
    assert all_bytes(path.parent) == before


def test_a_secret_that_is_damaged_costs_one_person_alone(tmp_path: Path, key: MasterKey) -> None:
    path = tmp_path / "data" / "studio.db"
    with served(path, key) as world:
        people = len(world.studio.people())
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "UPDATE people SET secret_access_key = 'fernet:x' WHERE principal_id = ?", (MARA,)
            )
            connection.commit()
        assert len(world.studio.people()) == people - 1
        assert world.operator.list_studio_members(studioId=world.studio.about.studio_id)


def test_a_copy_from_before_an_upgrade_is_named_where_it_holds_plain_keys(
    tmp_path: Path, key: MasterKey, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data" / "studio.db"
    with served(path):
        pass
    copy = path.with_name(f"{path.name}.version-6")
    shutil.copy(path, copy)
    with served(path, key):
        pass
    assert [one for one in caplog.messages if str(copy) in one]
