"""The page of a screen and the files of noVNC: what is served, and that nothing else is."""

from pathlib import Path
from urllib.parse import quote

import pytest

from nimble_tui.studio.http.codec import Reply, Request
from nimble_tui.studio.http.screen_pages import ScreenPages

OTHER = Reply(418, {}, b"another's")


@pytest.fixture
def pages(tmp_path: Path) -> ScreenPages:
    novnc = tmp_path / "novnc"
    for name in ("core/rfb.js", "core/util/int.js", "vendor/pako/inflate.js", "utils/launch.sh"):
        file = novnc / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"// {name}")
    (tmp_path / "secret.js").write_text("secret")
    return ScreenPages(lambda _: OTHER, novnc)


def get(pages: ScreenPages, target: str, method: str = "GET") -> Reply:
    return pages(Request.of(method, target, [("Host", "studio")], b""))


def test_the_page_is_the_same_for_every_stream_and_runs_our_own_script_alone(
    pages: ScreenPages,
) -> None:
    page = get(pages, "/screen/abc_-1")
    assert page == get(pages, "/screen/another")
    assert page.status == 200
    assert b"<script>" not in page.body
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/screen/page/screen.js", "text/javascript"),
        ("/screen/page/screen.css", "text/css"),
        ("/screen/novnc/core/rfb.js", "text/javascript"),
        ("/screen/novnc/core/util/int.js", "text/javascript"),
        ("/screen/novnc/vendor/pako/inflate.js", "text/javascript"),
    ],
)
def test_its_files_are_served(pages: ScreenPages, target: str, kind: str) -> None:
    file = get(pages, target)
    assert file.status == 200
    assert file.headers["Content-Type"].startswith(kind)
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    head = get(pages, target, "HEAD")
    assert (head.body, head.headers) == (b"", file.headers)


@pytest.mark.parametrize(
    "target",
    [
        "/screen/novnc/../secret.js",
        "/screen/novnc/core/../../secret.js",
        f"/screen/novnc/{quote('../secret.js', safe='')}",
        "/screen/novnc/utils/launch.sh",
        "/screen/novnc/core",
        "/screen/novnc/",
        "/screen/page/screen.html",
        "/screen/page/../screen_pages.py",
        "/screen/",
        "/screen//etc/passwd",
        "/screen/a b",
        f"/screen/{'a' * 65}",
    ],
)
def test_nothing_else_is(pages: ScreenPages, target: str) -> None:
    reply = get(pages, target)
    assert reply.status == 404
    assert b"secret" not in reply.body


def test_a_file_that_is_too_large_or_gone_is_a_sentence(pages: ScreenPages, tmp_path: Path) -> None:
    assert get(pages, "/screen/novnc/core/rfb.js").status == 200
    file = tmp_path / "novnc" / "core" / "util" / "int.js"
    file.write_bytes(b"x" * (1024 * 1024 + 1))
    assert get(pages, "/screen/novnc/core/util/int.js").status == 404
    file.unlink()
    assert get(pages, "/screen/novnc/core/util/int.js").body.endswith(b".\n")


def test_without_novnc_the_page_says_so(tmp_path: Path) -> None:
    page = get(ScreenPages(lambda _: OTHER, tmp_path), "/screen/abc")
    assert (page.status, b"apt install novnc" in page.body) == (404, True)


@pytest.mark.parametrize(("method", "target"), [("POST", "/screen/abc"), ("GET", "/screens")])
def test_the_rest_is_left_to_others(pages: ScreenPages, method: str, target: str) -> None:
    assert get(pages, target, method) == OTHER
