"""A full disk, and a data file that is gone, under the server for artists: reads are answered."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and names of POSIX")

SERVED = """
import logging, resource, signal, sys
from contextlib import closing
from pathlib import Path
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.studio import Studio
from tests.studio.world import PAT, STUDIO_ID, client_of, refused

logging.basicConfig(level=logging.WARNING)
path = Path(sys.argv[1])
with Studio.open(path, served=True) as studio, PublicServer(studio.application) as server:
    who = next(one for one in studio.people() if one.principal_id == PAT)
    client = client_of(server.endpoint_url, who.access_key_id, who.secret_access_key)
    arn = client.get_studio(studioId=STUDIO_ID)["studio"]["arn"]

    def write(value):
        client.tag_resource(resourceArn=arn, tags={"value": value})

    def read():
        return client.list_tags_for_resource(resourceArn=arn)["tags"]["value"]

    write("one")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = path.with_name(f"{path.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log, resource.RLIM_INFINITY))
    for _ in range(2):
        with refused("InternalServerErrorException") as reply:
            write("two")
        assert "cannot store changes" in reply["Error"]["Message"], reply
        assert read() == "one"
        assert client.list_streaming_sessions(studioId=STUDIO_ID)["sessions"]
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    write("three")
    assert read() == "three"
    aside = path.rename(path.with_name("aside"))
    for call in (read, lambda: write("four")):
        with refused("InternalServerErrorException") as reply:
            call()
        assert "removed or replaced" in reply["Error"]["Message"], reply
    aside.rename(path)
    assert read() == "three"
    write("five")
    assert read() == "five"
    client.close()
"""


def test_reads_are_answered_and_changes_again_once_there_is_room(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVED, str(tmp_path / "data" / "studio.db")],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    logged = [one for one in done.stderr.splitlines() if "cannot be read or written" in one]
    assert 1 <= len(logged) <= 2, done.stderr  # once for each time that it began
