"""The confirm dialog on its own: what answers it, what does not, and what closes it."""

from dataclasses import replace
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Button

from nimble_tui.view.questions import Answer, Line, Question, Role
from tests.tui import acts
from tests.tui.bench import Bench, play, seen, settled, told, until, until_seen, until_told

PLAIN = Question(
    "Do it?",
    (Line("a [b]subject[/b]", Role.SUBJECT), Line("It is done."), Line("Gone.", Role.LOSS)),
    "Do it now",
    does="does it",
    subject="a subject",
    left="Nothing was done to it.",
)
FIRST = replace(PLAIN, confirm_first=True, does="", left="")
CODE = replace(PLAIN, code="aB3x", dangerous=True)
TICKED = replace(
    FIRST,
    lines=(*PLAIN.lines[:2], Line("Lost for good.", Role.LOSS)),
    confirm="Lose it",
    confirm_first=False,
    dangerous=True,
    code="aB3x",
)
TICK = replace(FIRST, tick="Throw it away too", ticked=TICKED)
EXTRA = replace(PLAIN, extra="Before that")


class Asked:
    """A question on top of the app, with the answers that were given."""

    def __init__(self, pilot: Pilot[None], bench: Bench) -> None:
        self.pilot = pilot
        self.bench = bench
        self.answers: list[Answer | None] = []
        self.why = ""

    async def open(self, question: Question) -> Any:
        await acts.live(self.pilot)
        return await acts.question(self.pilot, question, self.answers.append, lambda: self.why)

    async def later(self, *keys: str) -> None:
        """Press keys, each after a pause."""
        for key in keys:
            self.bench.clock.advance(1)
            await self.pilot.press(key)

    async def answered(self) -> Answer | None:
        await until(self.pilot, lambda: self.answers)
        (answer,) = self.answers
        return answer


ANSWERS: list[tuple[Question, list[str], Answer | None]] = [
    (PLAIN, ["right", "enter"], Answer()),
    (PLAIN, ["enter"], None),
    (PLAIN, ["escape"], None),
    (FIRST, ["enter"], Answer()),
    (CODE, [*"aB3y", "enter", "backspace", "x", "enter"], Answer()),
    (TICK, ["enter"], Answer()),
    (TICK, ["left", "left", "space", *"aB3x", "enter"], Answer(ticked=True)),
    (TICK, ["left", "left", "space", "left", "space", "right", "right", "enter"], Answer()),
    (EXTRA, ["left", "enter"], Answer(extra=True)),
]


def test_a_question_is_answered_as_it_is_confirmed(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        for question, keys, answer in ANSWERS:
            asked = Asked(pilot, bench)
            await asked.open(question)
            await asked.later(*keys)
            assert await asked.answered() == answer

    play(bench, scenario)


def test_a_key_held_down_answers_nothing(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        held = [(question, "enter") for question in (PLAIN, FIRST, CODE, TICK)]
        for question, key in [*held, (CODE, "x")]:
            asked = Asked(pilot, bench)
            dialog = await asked.open(question)
            for _ in range(8):
                bench.clock.advance(0.05)
                await pilot.press(key)
            assert pilot.app.screen is dialog
            assert asked.answers == []
            if question.does and key == "enter":
                await until_seen(pilot, "too soon: press enter again   esc cancels")
            await asked.later("escape")

    play(bench, scenario)


def test_a_press_counts_at_once_where_the_question_says_so(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        asked = Asked(pilot, bench)
        await asked.open(replace(FIRST, at_once=True))
        await pilot.press("enter")
        assert await asked.answered() == Answer()

    play(bench, scenario)


def test_what_was_not_done_is_reported_when_it_is_left(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        asked = Asked(pilot, bench)
        await asked.open(FIRST)
        await asked.later("escape")
        await asked.answered()
        assert "Nothing was done" not in told(pilot.app)
        await Asked(pilot, bench).open(PLAIN)
        await asked.later("escape")
        await until_told(pilot, "Nothing was done to it.")

    play(bench, scenario)


def test_it_closes_and_says_why_once_it_is_outdated(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        asked = Asked(pilot, bench)
        dialog = await asked.open(FIRST)
        acts.workspace(pilot).store.change(studio_name="Another name")
        await pilot.pause()
        assert pilot.app.screen is dialog
        asked.why = "It was deleted. No changes made."
        acts.workspace(pilot).store.change(studio_name="One more name")
        assert await asked.answered() is None
        await until_told(pilot, "It was deleted. No changes made.")
        # What is still typed for it does nothing on the screen below.
        await pilot.press("n", "d")
        await settled(pilot)
        assert "Launch a workstation" not in seen(pilot.app)

    play(bench, scenario)


def test_one_that_is_covered_closes_only_once_it_is_seen_again(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        below, above = Asked(pilot, bench), Asked(pilot, bench)
        await below.open(FIRST)
        dialog = await above.open(PLAIN)
        below.why = "It was deleted. No changes made."
        acts.workspace(pilot).store.change(studio_name="Another name")
        await pilot.pause()
        assert pilot.app.screen is dialog
        assert below.why not in told(pilot.app)
        await pilot.press("escape")
        assert await above.answered() is None
        acts.workspace(pilot).store.change(studio_name="One more name")
        assert await below.answered() is None
        await acts.until_on_main(pilot)

    play(bench, scenario)


def test_its_sentences_and_its_extra_button_may_change_while_it_is_open(bench: Bench) -> None:
    async def scenario(pilot: Pilot[None]) -> None:
        asked = Asked(pilot, bench)
        dialog = await asked.open(PLAIN)
        await until_seen(pilot, "a [b]subject[/b]")  # no markup in what may be foreign
        assert not dialog.query_one("#extra", Button).display
        lines = (*PLAIN.lines[:2], Line("One runs.\nIt is named.", Role.LOSS))
        dialog.show(replace(EXTRA, lines=lines))
        await until_seen(pilot, "Before that")
        await until_seen(pilot, "It is named.")
        dialog.show(PLAIN)
        await until(pilot, lambda: "Before that" not in seen(pilot.app))
        await until_seen(pilot, "Gone.")

    play(bench, scenario)
