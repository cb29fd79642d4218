import pytest
from textual.css.errors import StylesheetError

from nimble_tui.tui.stylesheet import LoadedStylesheet


def test_a_source_that_is_added_leaves_the_others_as_they_were_parsed() -> None:
    sheet = LoadedStylesheet()
    sheet.add_source("Label { color: red; }")
    (before,) = sheet.rules
    sheet.add_source("Button { color: lime; }")
    sheet.reparse()
    first, second = sheet.rules
    assert first is before
    assert second.selector_names == {"Button"}


def test_a_theme_is_parsed_once() -> None:
    sheet = LoadedStylesheet()
    sheet.add_source("Label { color: $ink; }")
    seen = []
    for ink in ("red", "lime", "red"):
        sheet.set_variables({"ink": ink})
        sheet.reparse()
        seen.append(sheet.rules[0])
    assert [rule.styles.color.hex for rule in seen] == ["#FF0000", "#00FF00", "#FF0000"]
    assert seen[0] is seen[2]


def test_what_cannot_be_parsed_leaves_the_rules_as_they_were() -> None:
    sheet = LoadedStylesheet()
    sheet.add_source("Label { color: red; }")
    before = sheet.rules
    sheet.add_source("Label { color: no-colour; }")
    with pytest.raises(StylesheetError):
        sheet.reparse()
    assert sheet.rules == before
