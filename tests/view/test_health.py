"""The age of the lists, in few words."""

from datetime import timedelta

from nimble_tui.view.health import Health, Phase
from tests.tables import table
from tests.view.workstations import HOUR, NOW


@table(
    [
        (Health(Phase.LIVE, NOW), "● updated 20 s ago"),
        (Health(Phase.LIVE, NOW, complete=False), "▲ incomplete (updated 20 s ago)"),
        (Health(Phase.LIVE, complete=False), "▲ incomplete"),
        (
            Health(Phase.LIVE, NOW, refreshing_since=NOW + timedelta(seconds=19.5)),
            "● updated 20 s ago",
        ),
        (
            Health(Phase.LIVE, NOW, refreshing_since=NOW + timedelta(seconds=18)),
            "◌ refreshing… (updated 20 s ago)",
        ),
        (
            Health(Phase.LIVE, NOW, refreshing_since=NOW + timedelta(seconds=10)),
            "▲ no response (updated 20 s ago)",
        ),
        (
            Health(Phase.LIVE, NOW, refreshing_since=NOW, complete=False),
            "▲ no response (updated 20 s ago)",
        ),
        (Health(Phase.OFFLINE, NOW), "▲ offline (updated 20 s ago)"),
    ]
)
def test_freshness_is_how_old_all_that_shows_is(health: Health, words: str) -> None:
    assert health.freshness(NOW + timedelta(seconds=20))[0] == words


@table(
    [
        (Health(), "◌ connecting…", None),
        (Health(Phase.LIVE, updated_at=NOW), "● updated just now", None),
        (
            Health(Phase.LIVE, updated_at=NOW, refreshing_since=NOW - timedelta(seconds=2)),
            "◌ refreshing… (updated just now)",
            None,
        ),
        (
            Health(Phase.OFFLINE, NOW - HOUR, "No answer.", NOW + timedelta(seconds=9)),
            "▲ offline (updated 1 h ago)",
            "No answer.  Next try in 9 s; press r to try now.",
        ),
        (Health(Phase.OFFLINE, None, "No."), "▲ offline", "No.  Press r to try again."),
        (
            Health(Phase.SIGNED_OUT, problem="Signed out."),
            "▲ signed out",
            "Signed out.  Press i to sign in.",
        ),
        (Health(Phase.LIVE, NOW, notice="Half."), "● updated just now", "Half."),
    ]
)
def test_freshness_and_banner(health: Health, fresh: str, banner: str | None) -> None:
    assert health.freshness(NOW)[0] == fresh
    assert health.banner(NOW, "r", "i") == banner
