from pathlib import Path

import pytest

from nimble_tui.config.fields import REFRESH, STUDIO, TOP
from nimble_tui.config.loading import load
from nimble_tui.config.reading import parse
from nimble_tui.config.settings import Settings, SettingsError, StudioSettings
from nimble_tui.core.actions import BY_ID
from nimble_tui.core.cadence import Intervals
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.prices import Prices
from tests.tables import table

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"

STUDIO_TABLE = """\
[studios.northwind]
studio_id = "us-west-2:stid-1"
region = "us-west-2"
principal_id = "p-1"
endpoint_url = "https://nimble.northwind.example"
"""


def problems(text: str | bytes, *, with_studios: bool = True) -> tuple[str, ...]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(SettingsError) as caught:
        parse(content, "config.toml", with_studios=with_studios)
    return caught.value.problems


def test_no_file_is_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Settings()


def test_everything_a_file_may_say() -> None:
    settings = parse(
        b"""
theme = "high-contrast"
notify = "osc99"
log = "~/calls.log"
refresh = { busy = 2, idle = 10.5, unfocused = 60 }
[keys]
stop = "x"
filter = "F"
sign_in = "f2"
start = "t"
refresh = ["r", "F5", "r"]
connect = ["c", "enter"]
help = ["?"]
[prices]
currency = " EUR "
"g5.xlarge" = 1.01
"g4dn.xlarge" = 0
[studios.b]
studio_id = "s"
region = "eu-central-1"
principal_id = "p"
endpoint_url = "http://127.0.0.1:8080"
display_name = "Mara"
credentials = "work"
read_only = true
accent = "#fa0"
stream_hosts = ["DCV.example", "*.dcv.example", "dcv.example", "10.0.0.7"]
identity_store_id = "d-9267a41c58"
domain_id = "dzd_4k2m9x7q1w5v3t"
people_profile = "people of mine"
people_region = "eu-west-1"
"""
        + STUDIO_TABLE.encode(),
        "config.toml",
    )
    assert settings.theme == "nimble-high-contrast"
    assert settings.refresh == Intervals(busy=2, idle=10.5, unfocused=60)
    assert settings.notify == "osc99"
    assert settings.prices == Prices("EUR", {"g5.xlarge": 1.01, "g4dn.xlarge": 0.0})
    assert settings.keys == {
        "stop": "x",
        "filter": "F",
        "sign_in": "f2",
        "refresh": "r,f5",
        "connect": "c,enter",
    }
    assert [studio.name for studio in settings.studios] == ["b", "northwind"]
    first = settings.studio("b")
    assert first == StudioSettings(
        name="b",
        studio_id="s",
        region="eu-central-1",
        principal_id="p",
        endpoint_url="http://127.0.0.1:8080",
        display_name="Mara",
        credentials="work",
        read_only=True,
        accent="#fa0",
        stream_hosts=("dcv.example", "*.dcv.example", "10.0.0.7"),
        identity_store_id="d-9267a41c58",
        domain_id="dzd_4k2m9x7q1w5v3t",
        people_profile="people of mine",
        people_region="eu-west-1",
    )
    assert first.people == PeopleSettings(
        "d-9267a41c58", "dzd_4k2m9x7q1w5v3t", "people of mine", "eu-west-1"
    )
    assert first.host == "127.0.0.1"
    assert first.aws_profile == "work"
    assert settings.studios[1].aws_profile is None
    assert settings.studios[1].people == PeopleSettings()
    assert settings.studio("c") is None


@table(
    [
        ('them = "dark"', 'line 1: them: unknown setting; did you mean "theme"?'),
        ("[colours]\na = 1", "line 1: colours: unknown setting"),
        ('theme = "drak"', 'line 1: theme: must be one of "dark", "light", "high-contrast"'),
        ("theme = 3", "line 1: theme: must be text in quotes"),
        ("\n[refresh]\nbusy = 0.5", "line 3: [refresh] busy: must be from 1 to 3600 seconds"),
        ("refresh.idle = true", "line 1: [refresh] idle: must be a number of seconds"),
        ("[refresh]\nidle = nan", "line 2: [refresh] idle: must be a number of seconds"),
        (
            "[refresh]\nunfocussed = 3",
            "line 2: [refresh] unfocussed: unknown setting; did",
        ),
        ("refresh = 3", "line 1: [refresh]: must be a table, such as [refresh]"),
        ('[keys]\nstpo = "s"', '[keys] stpo: unknown setting; did you mean "stop"?'),
        ('[keys]\nstop = "ctl+s"', "line 2: [keys] stop: is not a key; use one such as"),
        ('[keys]\nstop = "pagedwn"', "is not a key"),
        ('[keys]\nstop = "slahs"', 'did you mean "slash"?'),
        ("[keys]\nstop = 5", "[keys] stop: is not a key"),
        ('[keys]\nstop = "alt+x"', "is not a key"),
        ('[keys]\nstop = ""', "is not a key"),
        ('[keys]\nstop = "t"', '[keys] stop: "t" is already assigned to "start"'),
        ('[keys]\nstop = "ctrl+q"', '"ctrl+q" is already assigned to "quit"'),
        ('[keys]\nstop = "/"', '"/" is already assigned to "filter"; change one'),
        (
            '[keys]\nusage = "c"',
            '"c" is already assigned to "copy" on Details and History; change',
        ),
        ('[keys]\nstop = "enter"', "is reserved for navigation"),
        ('[keys]\nstop = "ctrl+i"', "is reserved for navigation"),
        ('[keys]\nstart = "enter"', '[keys] start: "enter" is reserved for navigation'),
        ('[keys]\nstop = ["x", "enter"]', '"enter" is reserved for navigation'),
        ('[keys]\nstop = "x,f5"', 'write several keys as a list, such as ["s", "f5"]'),
        ("[keys]\nstop = []", "[keys] stop: is empty; remove it"),
        ('[keys]\nstop = ["x", 5]', "[keys] stop: is not a key"),
        ('[keys]\nstop = [["x"]]', "[keys] stop: is not a key"),
        ('[keys]\nstop = ["x", "t"]', '[keys] stop: "t" is already assigned to "start"'),
        (
            '[keys]\nstop = ["x", "f5"]\nkeep = ["f6", "f5"]',
            '[keys] keep: "f5" is already assigned to "stop"',
        ),
        ('notify = "osc8"', 'notify: must be one of "off", "osc9", "osc99", "osc777"'),
        ('log = "calls.log"', "line 1: log: must be a file name with its folder, such as"),
        ('log = "~/\\u0007"', "line 1: log: must be a file name"),
        ("log = true", "line 1: log: must be text in quotes"),
        ("notify = true", "line 1: notify: must be text in quotes"),
        ("prices = 1", "line 1: [prices]: must be a table, such as [prices]"),
        (
            '[prices]\n"g5.xlrge" = 1',
            'line 2: [prices] g5.xlrge: unknown instance type; did you mean "g5.xlarge"?',
        ),
        ("[prices]\ncurency = 1", 'unknown instance type; did you mean "currency"?'),
        ("[prices]\ng5.xlarge = 1", "line 2: [prices] g5.xlarge: put the type in quotes"),
        ('[prices]\n"g5.xlarge" = "1.01"', "line 2: [prices] g5.xlarge: must be an hourly price"),
        ('[prices]\n"g5.xlarge" = nan', "must be an hourly price from 0 to 1000"),
        ('[prices]\n"g5.xlarge" = inf', "must be an hourly price from 0 to 1000"),
        ('[prices]\n"g5.xlarge" = -0.1', "must be an hourly price from 0 to 1000"),
        ('[prices]\n"g5.xlarge" = 1000.1', "must be an hourly price from 0 to 1000"),
        ('[prices]\n"g5.xlarge" = true', "must be an hourly price from 0 to 1000"),
        ("[prices]\ncurrency = 1", "line 2: [prices] currency: must be text in quotes"),
        ('[prices]\ncurrency = " "', "[prices] currency: must be one to eight characters"),
        ('[prices]\ncurrency = "dollars of Bermuda"', "must be one to eight characters"),
        ("studios = 1", "[studios]: must be a table, such as [studios.north]."),
        ("[[studios]]\nregion = 'x'", "[studios]: must be a table, such as [studios.north]."),
        (
            "[studios]\nnorth = 1",
            "line 2: [studios.north]: must be a table, such as [studios.north]",
        ),
        ("[studios.demo]", '"demo" is reserved for the demo studio'),
        ("[studios.North]", "lower-case letters"),
        ('[studios."a b"]', "lower-case letters"),
        ("[studios.n]", "line 1: [studios.n]: studio_id is missing"),
        (
            "[studios.n]\nregoin = 1",
            'line 2: [studios.n] regoin: unknown setting; did you mean "region"?',
        ),
        ('[studios.n]\nregion = "Oregon"', "line 2: [studios.n] region: must be a region such as"),
        ('[studios.n]\nstudio_id = "a b"', "line 2: [studios.n] studio_id: must be a complete id"),
        ('[studios.n]\nstudio_id = ""', "line 2: [studios.n] studio_id: must be a complete id"),
        ('[studios.n]\nread_only = "yes"', "read_only: must be true or false, without quotes"),
        ('[studios.n]\naccent = "red"', 'accent: must be a colour such as "#ff8800"'),
        ('[studios.n]\ncredentials = " "', "credentials: must be"),
        ('[studios.n]\ncredentials = "a\\u001bb"', "credentials: must be"),
        ('[studios.n]\nstream_hosts = "dcv.example"', "stream_hosts: must be a list of host names"),
        ("[studios.n]\nstream_hosts = [1]", "line 2: [studios.n] stream_hosts: must be a list"),
        ('[studios.n]\nidentity_store_id = "9267"', "must be the id of an identity store"),
        ('[studios.n]\ndomain_id = "dzd/1"', "domain_id: must be the id of a DataZone domain"),
        ('[studios.n]\npeople_profile = ""', "people_profile: must be the name of an AWS profile"),
        ('[studios.n]\npeople_region = "here"', "people_region: must be a region"),
        ('studios.n = { region = "x" }', "line 1: [studios.n] region: must be a region"),
        ('a = "b\n', "config.toml, line 1, column 7: text in quotes must end on the same line"),
        ('a = "b', "config.toml, at its end: text in quotes must end on the same line"),
        ("theme\n", "config.toml, line 1, column 6: expected name = value"),
        ('[keys]\nstop: "x"', "line 2, column 5: expected name = value"),
        ("<html>", "line 1, column 1: expected name = value"),
        ("theme = dark", "line 1, column 9: text needs quotes, and numbers none"),
        ('[prices]\n"g5.xlarge" = 1,01', "line 2, column 16: unexpected text after the value"),
        ('[keys]\nstop = "x"\nstop = "y"\n', "line 3, column 11: duplicate name"),
        ("[keys]\n[keys]", "line 2, column 6: duplicate name"),
        ("[keys\nstop = 1", "line 1, column 6: write a table as [name]"),
        ("a = { b = 1", "not valid TOML"),
        ("a = " + "[" * 100_000, "not valid TOML"),
        ("a = " + "9" * 5_000, "not valid TOML"),
        (b"theme = '\xff'", "config.toml is not UTF-8 text; save it as UTF-8."),
        ('theme = "dark"'.encode("utf-16"), "config.toml is not UTF-8 text"),
    ]
)
def test_a_problem_says_where_and_what(text: str | bytes, expected: str) -> None:
    assert any(expected in problem for problem in problems(text))


@pytest.mark.parametrize(
    "url",
    [
        "http://nimble.example",
        "http://localhost.evil.example",
        "http://0x7f.1",
        "https://mara:secret@nimble.example",
        "https://nimble.example/?a=b",
        "https://nimble.example/#a",
        "https://nimble.example:99999",
        "https://nim ble.example",
        "https://nimble.example\\u000a",
        "https://n\\u00efmble.example",
        "https://[::1",
        "https://",
        "nimble.example",
        "file:///etc/passwd",
        "ftp://nimble.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_endpoint_that_is_refused(url: str) -> None:
    told = problems(STUDIO_TABLE.replace("https://nimble.northwind.example", url))
    assert len(told) == 1
    assert told[0].startswith("config.toml, line 5: [studios.northwind] endpoint_url: ")
    assert "secret" not in told[0]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Nimble.Example:8443/studio", "nimble.example"),
        ("http://localhost:1", "localhost"),
        ("http://127.1.2.3", "127.1.2.3"),
        ("http://[::1]:5000", "::1"),
    ],
)
def test_an_endpoint_that_is_taken(url: str, host: str) -> None:
    text = STUDIO_TABLE.replace("https://nimble.northwind.example", url)
    assert parse(text.encode(), "").studios[0].host == host


@pytest.mark.parametrize(
    "host",
    [
        "",
        "*",
        "*.",
        "*.example",
        "*.*.example",
        "a.*.example",
        "*.0.0.5",
        "dcv.*",
        "*dcv.example",
        "dcv..example",
        ".dcv.example",
        "dcv.example.",
        "-dcv.example",
        "dcv_1.example",
        "https://dcv.example",
        "dcv.example:8443",
        "dcv.example/a",
        "mara@dcv.example",
        "dcv.example\\n",
        "d\u0441v.example",
        f"{'a' * 64}.example",
        "a." * 130 + "example",
    ],
)
def test_a_host_of_screens_that_is_refused(host: str) -> None:
    (told,) = problems(f'{STUDIO_TABLE}stream_hosts = ["dcv.example", "{host}"]')
    assert told.startswith("config.toml, line 6: [studios.northwind] stream_hosts: can contain")


def test_a_currency_is_made_safe_to_show() -> None:
    settings = parse(b'[prices]\ncurrency = "\\u001b[2J\\u202e"', "")
    assert settings.prices.currency == "\ufffd[2J\ufffd"


def test_every_problem_is_told_at_once_and_in_full() -> None:
    told = problems('theme = "x"\n[refresh]\nbusy = 0\nidel = 1\n[studios.n]\nregion = "r"\n')
    assert len(told) == 3 + 1 + 3


def test_without_studios_only_the_rest_is_looked_at() -> None:
    settings = parse(b'theme = "light"\n[studios.n]\nregion = 3\n', "", with_studios=False)
    assert settings == Settings(theme="nimble-light")


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    text = "\ufeff" + STUDIO_TABLE.replace("\n", "\r\n")
    assert parse(text.encode(), "").studios[0].name == "northwind"


def test_two_actions_may_swap_their_keys() -> None:
    settings = parse(b'[keys]\nstop = "t"\nstart = "s"\n', "")
    assert settings.keys == {"stop": "t", "start": "s"}


# Made up for these tests, in the shapes that real ones have.
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzNOTAKEY1"
assert len(SECRET) == 40


@pytest.mark.parametrize(
    "line",
    [
        f'region = "{SECRET}"',
        f"# {SECRET}",
        'principal_id = "AKIAZZZZZZZZZZZZZZZZ"',
        'x = "ASIAZZZZZZZZZZZZZZZZ"',
        'aws_secret_access_key = "x"',
        'secret_access_key = "x"',
        'access_key_id = "x"',
        'password = "x"',
        'session_token = "x"',
        '# password = "x"',
        'invite = "nimble1_eyJlbmRwb2ludF91cmwiOiJ"',
        'x = "' + "aB3" * 60 + '"',
        f"broken = = {SECRET}",
    ],
)
def test_a_secret_is_refused_by_its_line_and_never_repeated(line: str) -> None:
    told = problems(f"[studios.n]\n\n{line}\n")
    secret = [problem for problem in told if "looks like a secret" in problem]
    assert [problem.split(":")[0] for problem in secret] == ["config.toml, line 3"]
    value = line.split('"')[1] if '"' in line else SECRET
    assert value == "x" or not any(value in problem for problem in told)


def test_a_secret_under_an_unknown_name_is_one_problem() -> None:
    assert len(problems(f"{STUDIO_TABLE}secret_access_key = 'x'\n")) == 1


def test_a_secret_among_the_studios_is_refused_in_the_demo_too() -> None:
    assert "secret" in problems(f'[studios.n]\na = "{SECRET}"', with_studios=False)[0]


def test_ids_of_ordinary_length_and_commits_are_no_secrets() -> None:
    text = STUDIO_TABLE.replace("p-1", "92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486")
    parse(f"# {'0123456789abcdef' * 2}01234567\n{text}".encode(), "")


def test_the_example_loads_and_changes_nothing_but_what_has_no_default() -> None:
    settings = load(EXAMPLE)
    assert settings == Settings(
        keys={"refresh": "r,f5"},
        prices=settings.prices,
        studios=settings.studios,
    )
    assert settings.prices.currency == Prices().currency
    assert len(settings.prices.per_hour) == 3
    assert len(settings.studios) == 1


def test_the_example_names_every_setting() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in [*TOP, *REFRESH, "currency", *STUDIO, *BY_ID]:
        assert f"\n{name} = " in text


@pytest.mark.skipif("os.name != 'posix'")
def test_what_is_no_ordinary_file_is_refused_without_waiting(tmp_path: Path) -> None:
    import os

    fifo = tmp_path / "config.toml"
    os.mkfifo(fifo)
    with pytest.raises(SettingsError, match="not a regular file"):
        load(fifo)
    with pytest.raises(SettingsError, match=r"not a regular file|Can't read"):
        load(tmp_path)


@pytest.mark.skipif("os.name != 'posix'")
def test_a_file_that_everybody_may_change_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "dark"')
    path.chmod(0o666)
    with pytest.raises(SettingsError, match="chmod o-w"):
        load(path)


def test_a_link_to_a_file_kept_elsewhere_is_followed(tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text('theme = "light"')
    (tmp_path / "config.toml").symlink_to(tmp_path / "dotfiles.toml")
    assert load(tmp_path / "config.toml").theme == "nimble-light"


def test_a_file_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(SettingsError, match="too large"):
        load(path)
