"""Which addresses of a screen are opened, and which never."""

import pytest

from nimble_tui.core.stream_urls import stream_url_problem
from tests.tables import column, table

ENDPOINT = "https://nimble.northwind.example"
DEMO = "http://127.0.0.1:8431"
SECRET = "tokenCanary7Qx"

ALLOWED = [
    "https://nimble.northwind.example/",
    f"https://nimble.northwind.example:8443/path?authToken={SECRET}#session-1",
    "https://host-7.nimble.northwind.example/x",
    "https://NIMBLE.northwind.example/x",
    f"dcv://nimble.northwind.example:8443/?authToken={SECRET}#1",
    "https://gate.example/x",
    "https://a.farm.example:65535/x",
    "dcv://a.b.farm.example/",
]

# Each leads elsewhere, or could be read in another way than the one that was checked.
REFUSED = [
    "",
    "/",
    "//nimble.northwind.example/",
    "nimble.northwind.example",
    "https:nimble.northwind.example",
    "https:/nimble.northwind.example",
    "https:///nimble.northwind.example",
    "https://",
    "https:// nimble.northwind.example/",
    "HTTPS://nimble.northwind.example/",
    "http://nimble.northwind.example/",
    "http://127.0.0.1/",
    "http://localhost/",
    "wss://nimble.northwind.example/",
    "ws://nimble.northwind.example/",
    "ftp://nimble.northwind.example/",
    "javascript:alert(1)",
    "javascript://nimble.northwind.example/%0aalert(1)",
    "data:text/html,hello",
    "file:///etc/passwd",
    "file://nimble.northwind.example/share",
    "vscode://nimble.northwind.example/",
    "ssh://nimble.northwind.example/",
    "smb://nimble.northwind.example/share",
    "mailto:artist@nimble.northwind.example",
    "about:blank",
    "blob:https://nimble.northwind.example/1",
    "view-source:https://nimble.northwind.example/",
    "search-ms:query=x",
    "ms-msdt:/id x",
    "dcv:nimble.northwind.example",
    "dcvs://nimble.northwind.example/",
    r"\\nimble.northwind.example\share",
    r"https:\\nimble.northwind.example\x",
    r"https://nimble.northwind.example\@evil.example/",
    r"https://evil.example\.nimble.northwind.example/",
    "-https://nimble.northwind.example/",
    "--help",
    "--app=https://nimble.northwind.example/",
    "%https://nimble.northwind.example/",
    " https://nimble.northwind.example/",
    "https://nimble.northwind.example/ ",
    "https://nimble.northwind.example/a b",
    "https://nimble.northwind.example/a\tb",
    "https://nimble.northwind.example/a\nb",
    "https://nimble.northwind.example/a\r\nHost: evil.example",
    "https://nimble.northwind.example/\x00",
    "https://nimble.northwind.example/\x1b]8;;",
    "https://nimble.northwind.example/\u202eexe",
    "https://nimble.northwind.example/\u200b",
    "https://nimble.northwind.example/é",
    'https://nimble.northwind.example/"&calc"',
    "https://nimble.northwind.example/'$(id)'",
    "https://nimble.northwind.example/`id`",
    "https://nimble.northwind.example/<x>",
    "https://nimble.northwind.example/a|b",
    "https://nimble.northwind.example/a^b",
    "https://nimble.northwind.example/{a}",
    "https://artist@nimble.northwind.example/",
    "https://artist:pass@nimble.northwind.example/",
    "https://nimble.northwind.example@evil.example/",
    "https://nimble.northwind.example:443@evil.example/",
    "https://nimble.northwind.example%40evil.example/",
    "https://evil.example#@nimble.northwind.example/",
    "https://evil.example?@nimble.northwind.example/",
    "https://evil.example/nimble.northwind.example",
    "https://evil.example/",
    "https://northwind.example/",
    "https://evil-nimble.northwind.example/",
    "https://xnimble.northwind.example/",
    "https://nimble.northwind.example.evil.example/",
    "https://nimble-northwind.example/",
    "https://farm.example/",
    "https://xfarm.example/",
    "https://a.gate.example/",
    "https://nimble.northwind.example./",
    "https://.nimble.northwind.example/",
    "https://a..nimble.northwind.example/",
    "https://-a.nimble.northwind.example/",
    "https://a-.nimble.northwind.example/",
    "https://a_b.nimble.northwind.example/",
    "https://*.nimble.northwind.example/",
    "https://a%2enimble.northwind.example/",
    f"https://{'a' * 64}.nimble.northwind.example/",
    f"https://{'a.' * 140}nimble.northwind.example/",
    "https://nimble.northwind.example/" + "a" * 4096,
    "https://nimblе.northwind.example/",  # a Cyrillic letter
    "https://nimble.northwind。example/",
    "https://nimble.northwind.example／x",
    "https://xn--nimbl-8of.northwind.example/",
    "https://nimble.northwind.example:/",
    "https://nimble.northwind.example:0/",
    "https://nimble.northwind.example:0443/",
    "https://nimble.northwind.example:65536/",
    "https://nimble.northwind.example:99999/",
    "https://nimble.northwind.example:-1/",
    "https://nimble.northwind.example:+443/",
    "https://nimble.northwind.example:4_43/",
    "https://nimble.northwind.example:443:443/",
    "https://nimble.northwind.example:４４３/",
    "https://nimble.northwind.example:http/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[nimble.northwind.example]/",
    "https://[::1].nimble.northwind.example/",
    "https://[::1/",
    "https://::1/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "dcv://evil.example/",
    "dcv://artist@nimble.northwind.example/",
    "dcv://127.0.0.1/",
    "dcv:///",
    "https://https://nimble.northwind.example/",
]


def problem(url: str, endpoint_url: str = ENDPOINT) -> str | None:
    hosts = ("gate.example", "*.farm.example")
    return stream_url_problem(url, endpoint_url=endpoint_url, stream_hosts=hosts)


@table(column(ALLOWED))
def test_the_studios_own_addresses_are_opened(url: str) -> None:
    assert problem(url) is None


@table(column(REFUSED))
def test_anything_else_is_refused(url: str) -> None:
    text = problem(url)
    assert text is not None
    assert text.isprintable()
    assert text.endswith((".", "settings."))


@pytest.mark.parametrize("endpoint_url", [DEMO, "http://[::1]:8431", "http://localhost:8431"])
def test_plain_http_is_for_the_very_studio_on_this_computer(endpoint_url: str) -> None:
    assert problem(f"{endpoint_url}/stream/1?authToken={SECRET}", endpoint_url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8432/x",
        "http://127.0.0.1/x",
        "http://127.0.0.2:8431/x",
        "http://localhost:8431/x",
        "http://[::1]:8431/x",
        "http://0x7f.1:8431/x",
        "http://127.1:8431/x",
        "http://evil.example:8431/x",
        "http://127.0.0.1:8431@evil.example/x",
        "http://127.0.0.1.evil.example:8431/x",
        "https://x.127.0.0.1/",
    ],
)
def test_no_other_door_on_this_computer_is_opened(url: str) -> None:
    assert problem(url, DEMO) is not None


def test_below_a_name_of_one_word_is_not_the_studios() -> None:
    """A studio named `studio` in its own network does not own all of .studio."""
    assert problem("https://studio/x", "https://studio") is None
    assert problem("https://evil.studio/x", "https://studio") is not None
    evil = stream_url_problem(
        "https://evil.studio/", endpoint_url=ENDPOINT, stream_hosts=["*.studio"]
    )
    assert evil is not None


def test_a_strange_host_is_named_with_the_setting_that_would_allow_it() -> None:
    text = problem(f"https://gateway.elsewhere.example:8443/p?authToken={SECRET}#{SECRET}")
    assert text is not None
    assert "gateway.elsewhere.example" in text
    assert "stream_hosts" in text
    assert SECRET not in text
