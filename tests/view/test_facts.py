"""Facts from the API's members; missing ones break nothing."""

from datetime import UTC, datetime, timedelta

from nimble_tui.core.model import LaunchProfile, StreamConfiguration, StreamingSession
from nimble_tui.core.service import StudioInfo
from nimble_tui.view import details, facts, glossary
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
    assert "not reported" in said
    assert "unknown" in said
    assert "can't be read" in said
    assert all(values(of_profile(LaunchProfile("p"), TOLD, None)))


@table(
    [
        ("me", "you"),
        ("us-west-2:stid-1", "the studio itself"),
        ("p-1", "Inês Cardoso"),
        ("someone", "someone"),
        ("\u202ex", "\\u{202e}x"),
        (None, "unknown"),
        ("", "unknown"),
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
        (None, None, "None: this launch profile doesn't create any"),
        ("DEACTIVATED", 3, "None: this launch profile doesn't create any"),
        ("AUTOMATIC", 3, "One at each stop; the last 3 are kept"),
        ("AUTOMATIC", 1, "One at each stop; only the last is kept"),
        ("AUTOMATIC", 0, "None: this launch profile doesn't keep any"),
        ("HOURLY", 3, "The studio decides when to create them"),
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
    assert clipboard.value.startswith("You can't copy")
    assert files.value == f"You can upload files to {where}, but not download any"


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


@table(
    [
        (
            "It is ready. Its deadline is enforced by the workstation itself.",
            True,
            ["enforced by the workstation itself"],
        ),
        ("It is ready. Its deadline is enforced by the workstation itself.", False, []),
        ("It is ready.", True, []),
        ("Its deadline is enforced by [link=x].", True, []),
        (None, True, []),
    ]
)
def test_the_pane_says_who_enforces_a_deadline(
    message: str | None, ends: bool, said: list[str]
) -> None:
    session = StreamingSession(
        "one",
        state="READY",
        status_message=message,
        stop_at=NOW + timedelta(hours=3) if ends else None,
    )
    shown = details.of_session(SessionRow.of(session, None), NOW, UTC).facts
    assert [fact.value for fact in shown if fact.label == "Deadline"] == said
