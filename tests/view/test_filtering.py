"""The filter remembers what matched, and returns what matching all rows returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from nimble_tui.view import filtering
from nimble_tui.view.filtering import SessionFilter
from nimble_tui.view.session_rows import matching
from tests.view.workstations import build, session

if TYPE_CHECKING:
    import pytest

    from nimble_tui.view.session_rows import SessionRow

KNOWN = build(
    *(
        session(f"{name}-{number}", state, streaming_image_id=f"image-{number}")
        for name in ("comp", "light")
        for number, state in enumerate(("READY", "STOPPED", "STOPPED"))
    )
)
IMAGES = {"image-0": "rocky", "image-1": "windows"}

lists = st.lists(st.sampled_from(KNOWN), unique_by=id).map(tuple)
steps = st.tuples(
    lists, st.sampled_from(["", "light", "light stopped", "rocky", "x"]), st.booleans()
)


@given(st.lists(steps, max_size=6))
def test_after_any_change_it_finds_what_matches(
    changes: list[tuple[tuple[SessionRow, ...], str, bool]],
) -> None:
    session_filter = SessionFilter()
    for rows, words, are_images_known in changes:
        images = IMAGES if are_images_known else {}
        assert session_filter.apply(rows, words, images) == matching(rows, words, images)


def test_only_a_changed_row_is_matched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    matched: list[tuple[SessionRow, ...]] = []

    def noted(rows: tuple[SessionRow, ...], *more: object) -> tuple[SessionRow, ...]:
        matched.append(rows)
        return matching(rows, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(filtering, "matching", noted)
    session_filter = SessionFilter()
    session_filter.apply(KNOWN, "light", {})
    (changed,) = build(session("light-9", "READY"))
    after = (*KNOWN[:2], changed, *KNOWN[3:])
    assert changed in session_filter.apply(after, "light", {})
    assert matched == [KNOWN, (changed,)]
