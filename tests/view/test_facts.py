"""What the API's members say in plain words, and that nothing missing breaks it."""

from datetime import UTC, datetime, timedelta

from nimble_tui.core.model import LaunchProfile, StreamConfiguration, StreamingSession
from nimble_tui.core.service import StudioInfo
from nimble_tui.view import facts, glossary
from nimble_tui.view.facts import FactContext, Group
from nimble_tui.view.profile_facts import of_profile
from nimble_tui.view.session_facts import of_session
from nimble_tui.view.session_rows import SessionRow
from tests.tables import table

NOW = datetime(2026, 11, 21, 13, 26, tzinfo=UTC)
NAMES = {"p-1": "Inês Cardoso"}
TOLD = FactContext(StudioInfo("demo", "us-west-2:stid-1", "us-west-2", "me"), NOW, UTC, NAMES)


def values(groups: tuple[Group, ...]) -> list[str]:
    return [fact.value for group in groups for fact in group.facts]


def test_a_session_and_a_profile_with_nothing_but_an_id_are_told() -> None:
    said = values(of_session(SessionRow.of(StreamingSession("one"), None), TOLD, None))
    assert "the studio does not tell" in said
    assert "nobody knows" in said
    assert "cannot be read" in said
    assert all(values(of_profile(LaunchProfile("p"), TOLD, None)))


@table(
    [
        ("me", "you"),
        ("us-west-2:stid-1", "the studio, by itself"),
        ("p-1", "Inês Cardoso"),
        ("someone", "someone"),
        ("\u202ex", "\\u{202e}x"),
        (None, "nobody knows"),
        ("", "nobody knows"),
    ]
)
def test_who_did_it(principal_id: str | None, said: str) -> None:
    assert TOLD.who(principal_id) == said


def test_when_it_was_done_and_how_long_ago() -> None:
    (fact,) = TOLD.deed("Made", NOW - timedelta(hours=3), "me")
    assert fact.value == "by you · 10:26, 3 h ago"
    assert TOLD.at(NOW + timedelta(minutes=5)) == "13:31, in 5 min"
    assert TOLD.deed("Made", None, None) == ()


@table(
    [
        (None, None, "None are made of this kind of workstation"),
        ("DEACTIVATED", 3, "None are made of this kind of workstation"),
        ("AUTOMATIC", 3, "One is made at each stop, the last 3 are kept"),
        ("AUTOMATIC", 1, "One is made at each stop, only the last is kept"),
        ("AUTOMATIC", 0, "None are kept of this kind of workstation"),
        ("HOURLY", 3, "The studio decides when they are made"),
    ]
)
def test_what_backups_are_made(mode: str | None, count: int | None, said: str) -> None:
    assert facts.backups_made(mode, count) == said


@table([("LINUX", "$HOME/Uploads"), ("WINDOWS", "D:\\in"), (None, "$HOME/Uploads or D:\\in")])
def test_where_uploads_land(platform: str | None, where: str) -> None:
    configuration = StreamConfiguration(
        clipboard_mode="DISABLED",
        session_storage_mode=("UPLOAD",),
        session_storage_root_linux="$HOME/Uploads",
        session_storage_root_windows="D:\\in",
    )
    clipboard, files = facts.exchange(configuration, platform).facts
    assert clipboard.value.startswith("Nothing can be copied")
    assert files.value == f"Uploads land in {where}; nothing can be downloaded"


def test_tags_of_the_apps_own_come_last_and_dim() -> None:
    group = facts.tags({"nimble-tui:launch": "x", "zoo": "", "Show": "otter"})
    assert [(one.label, one.value, one.style) for one in group.facts] == [
        ("Show", "otter", ""),
        ("zoo", "(empty)", ""),
        ("nimble-tui:launch", "x", "muted"),
    ]


def test_a_word_that_is_new_shows_as_it_came() -> None:
    assert glossary.state("HIBERNATING") == "HIBERNATING"
    assert glossary.code("AMI_VALIDATION_ERROR").endswith(" · AMI_VALIDATION_ERROR")
    assert glossary.component("TIME_MACHINE") == "TIME_MACHINE"
    assert glossary.maker("CUSTOM") == ""
