"""A workstation on this machine, from its launch to its end."""

from pathlib import Path

from tests.studio.local.local_world import (
    eventually,
    needs_sandboxes,
    open_local,
    processes,
)

pytestmark = needs_sandboxes


def test_a_file_is_there_after_a_stop_and_a_start_and_as_it_was_in_a_backup(
    tmp_path: Path,
) -> None:
    with open_local(tmp_path) as world:
        session_id = world.ready()
        note = world.home(session_id) / "note"
        note.write_text("first", encoding="utf-8")
        world.do("stop", session_id, "STOPPED")
        assert not processes(session_id)
        backup = world.backups(session_id)[-1]
        assert backup["state"] == "READY"
        note.write_text("second", encoding="utf-8")
        world.do("start", session_id, "READY")
        assert note.read_text(encoding="utf-8") == "second"
        world.do("stop", session_id, "STOPPED")
        world.do("start", session_id, "READY", backupId=backup["backupId"])
        assert note.read_text(encoding="utf-8") == "first"
        world.do("delete", session_id, "DELETED")
        assert not note.exists()
        eventually(lambda: not processes(session_id))
        assert not any(world.root.glob(f"**/{backup['backupId']}"))
