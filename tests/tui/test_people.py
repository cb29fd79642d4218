"""The People screen: who is here, who may do what, and changing it by a key."""

from dataclasses import replace

from textual import events
from textual.pilot import Pilot
from textual.widgets import OptionList

from nimble_tui.config.settings import Settings
from nimble_tui.core.model import SessionState, StreamingSession
from nimble_tui.tui.people.matrix import Matrix, legend, short_heads, widths_for
from nimble_tui.view.people.person_rows import counted, matching
from tests.tui import acts, people_bench
from tests.tui.bench import (
    NAME,
    Bench,
    play,
    seen,
    settled,
    until,
    until_on,
    until_seen,
    until_told,
)
from tests.tui.people_bench import (
    ADMIN,
    OPERATOR,
    go_to,
    made_up,
    one,
    page,
    press,
    profiles_of,
    tell,
)

RAVI = "Ravi Subramaniam"
_CHANGES = (b"POST", b"PUT", b"PATCH", b"DELETE")
_MEMBERS = b"/membership?"
_SIBLINGS = (b"POST / ", b"/v2/domains/", b"/search")


def changes(bench: Bench) -> list[bytes]:
    """Return the requests that changed anything in the studio itself."""
    asked = [line for line in bench.gate.calls if line.startswith(_CHANGES)]
    return [line for line in asked if not any(part in line for part in _SIBLINGS)]


def line_of(pilot: Pilot[None], name: str) -> str:
    """Return the row of a person; a toast on the border above may name them too."""
    rows = [line for line in seen(pilot.app).splitlines() if not line.startswith("╭")]
    return next(line for line in rows if name in line)


def test_everybody_is_there_with_all_that_is_known_of_them(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        assert line_of(pilot, "Mara Vos").split("│")[1].split() == [
            *("Mara", "Vos", "·", "artist", "Lighting,", "Comp,", "Review,"),
            *("RenderWorker-Default,", "FX,", "Previs", "●", "3", "○", "3", "●", "ACTIVATED"),
        ]
        assert "Inês Cardoso (you)  ◆ admin" in line_of(pilot, "(you)")
        assert "◆ admin" in line_of(pilot, "Lena Hoffmann")
        assert "✕ DEACTIVATED" in line_of(pilot, "Ravi Subramaniam")
        assert "– none" in line_of(pilot, "Zofia")

    play(bench, scenario, size=(140, 36))


def test_the_filter_looks_through_all_columns_as_it_is_typed(bench: Bench) -> None:
    bench.name = ADMIN
    finds: dict[str, set[str]] = {
        "ravi": {RAVI},
        "deactivated": {RAVI},
        "admin": {"Inês Cardoso", "Lena Hoffmann", "Pat Okafor"},
        "you": {"Inês Cardoso"},
        "animation artist": {"Bruno Ferreira", "Theo Lindqvist"},
        "running review": {"Mara Vos", "Noor Rahimi", "Samir Haddad", "Theo Lindqvist"},
        "theo.lindqvist@": {"Theo Lindqvist"},
        "30e95d81f6a2": {"Callum Reid"},
    }

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        rows = people_bench.all_rows(pilot)
        for text, found in finds.items():
            assert {row.person.name for row in matching(rows, text)} == found
        await pilot.press("slash", *"deact")
        await until(pilot, lambda: people_bench.names(pilot) == [RAVI])
        await pilot.press("escape")
        await until(pilot, lambda: not opened.query_one("#filter").display)
        assert len(people_bench.names(pilot)) == 13

    play(bench, scenario)


def test_somebody_is_added_in_three_keystrokes_and_may_launch_at_once(bench: Bench) -> None:
    bench.name = ADMIN
    callum = bench.service("Callum Reid")

    async def scenario(pilot: Pilot[None]) -> None:
        assert "Comp" not in {one.title for one in callum.list_launch_profiles().items}
        await page(pilot)
        go_to(pilot, "Callum Reid")
        await press(pilot, bench, "a", "enter")
        await until_seen(pilot, "Callum Reid can now launch from Comp.")
        assert "Comp" in {one.title for one in callum.list_launch_profiles().items}
        await until(pilot, lambda: "Comp" in profiles_of(pilot, "Callum Reid"))

    play(bench, scenario)
    callum.close()


def test_what_is_typed_right_after_the_filters_key_goes_into_the_filter(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        for key in "/maxa/":
            pilot.app.post_message(events.Key("slash" if key == "/" else key, key))
        await until(pilot, lambda: people_bench.filter_text(pilot) == "maxa/")
        await until_on(pilot, opened)
        assert not people_bench.is_matrix(pilot)
        await pilot.press("backspace", "backspace", "backspace", *"ra", "enter")
        await until(pilot, lambda: pilot.app.focused is people_bench.person_list(pilot))
        assert people_bench.person(pilot).name == "Mara Vos"

    play(bench, scenario)


def test_taking_off_asks_first_and_cancel_has_the_focus(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(pilot, "Noor Rahimi")
        await press(pilot, bench, "x", "enter")
        assert acts.is_open(pilot, people_bench.TAKE_OFF_SURE)
        await press(pilot, bench, "enter")
        await until_on(pilot, opened)
        assert not changes(bench)
        await press(pilot, bench, "x", "enter", "right", "enter")
        await until_seen(pilot, "Removed Noor Rahimi from Lighting")
        assert profiles_of(pilot, "Noor Rahimi") == {"Review"}

    play(bench, scenario)


def test_a_dialog_is_deaf_to_what_was_typed_before_it_opened(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Callum Reid")
        await pilot.press("a", "enter", "enter")
        await settled(pilot)
        assert acts.is_open(pilot, people_bench.ADD)
        assert not changes(bench)

    play(bench, scenario)


def test_one_press_has_one_effect(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await pilot.press("m")
        go_to(pilot, "Callum Reid")
        await pilot.press("right")
        held = bench.gate.hold(b"POST /2020-08-01/studios")
        await pilot.press("space", "space")
        await until(pilot, lambda: bench.gate.holding)
        assert "[◌]" in line_of(pilot, "Callum Reid")
        held.set()
        bench.gate.hold_no_more()
        await settled(pilot)
        await until(pilot, lambda: "Comp" in profiles_of(pilot, "Callum Reid"))
        assert len(changes(bench)) == 1
        await until_told(pilot, "A change is already in progress")

    play(bench, scenario)


def test_the_matrix_adds_by_space_and_removes_once_it_is_confirmed(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await press(pilot, bench, "m")
        go_to(pilot, "Theo Lindqvist")
        await press(pilot, bench, "space")
        await until(pilot, lambda: "Lighting" in profiles_of(pilot, "Theo Lindqvist"))
        assert "[●]" in line_of(pilot, "Theo Lindqvist")
        await press(pilot, bench, "space")
        assert acts.is_open(pilot, people_bench.TAKE_OFF_SURE)
        await press(pilot, bench, "right", "enter")
        await until(pilot, lambda: "Lighting" not in profiles_of(pilot, "Theo Lindqvist"))
        pilot.app.clear_notifications()
        await until(pilot, lambda: "[·]" in line_of(pilot, "Theo Lindqvist"))

    play(bench, scenario)


def test_list_and_matrix_keep_the_cursor_on_the_same_person(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Samir Haddad")
        await pilot.press("m")
        assert people_bench.person(pilot).name == "Samir Haddad"
        assert isinstance(pilot.app.focused, Matrix)
        await pilot.press("up", "m")
        assert people_bench.person(pilot).name == "Ravi Subramaniam"

    play(bench, scenario)


def test_an_artist_sees_whom_to_ask_and_is_told_why_nothing_changes(bench: Bench) -> None:

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        assert {"Noor Rahimi", "Inês Cardoso"} <= {*people_bench.names(pilot)}
        assert "DataZone" not in seen(pilot.app)  # a column that would be empty
        go_to(pilot, "Inês Cardoso")
        await until_seen(pilot, "Ask Inês Cardoso, Lena Hoffmann or")
        await until_seen(pilot, "Inês Cardoso · ines.cardoso@northwind.example")
        go_to(pilot, "Noor Rahimi")
        await until_seen(pilot, "Lighting, Review (of your launch profiles)")
        heads = ("Add", "Remove", "On", "Off", "Admin", "Data")
        for key, head in zip("axnoAz", heads, strict=True):
            pilot.app.clear_notifications()
            await press(pilot, bench, key)
            await until_told(pilot, head)
            await until_told(pilot, "Only")
            await until_on(pilot, opened)
        pilot.app.clear_notifications()
        await press(pilot, bench, "m", "space")
        await until_told(pilot, "Remove: unavailable: Only admins can change the members of launch")
        assert not changes(bench)

    play(bench, scenario)


def test_the_operator_makes_an_admin_and_unmakes_one(bench: Bench) -> None:
    bench.name = OPERATOR

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Theo Lindqvist")
        await press(pilot, bench, "A", "right", "enter")
        await until(pilot, lambda: one(pilot, "Theo Lindqvist").is_admin)
        # That it worked shows that it is allowed.
        await until_seen(pilot, "✓ A Admin    Removes their admin role after you confirm.")
        await press(pilot, bench, "A", "right", "enter")
        await until(pilot, lambda: not one(pilot, "Theo Lindqvist").is_admin)

    play(bench, scenario)


def test_an_admin_learns_that_the_operator_changes_admins_and_is_not_asked_again(
    bench: Bench,
) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(pilot, "Theo Lindqvist")
        await until_seen(
            pilot, "· A Admin    Makes them an admin after you confirm. Some studios let only"
        )
        await press(pilot, bench, "A", "right", "enter")
        await until_seen(pilot, "Only the operator can change who is an admin")
        await until(pilot, lambda: people_bench.known(pilot).changes_admins is False)
        asked = len(changes(bench))
        await press(pilot, bench, "A")
        await until_on(pilot, opened)
        assert len(changes(bench)) == asked

    play(bench, scenario)


def test_oneself_and_the_last_admin_are_refused_before_any_request(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(pilot, ADMIN)
        await press(pilot, bench, "A")
        await until_told(pilot, "You can't remove your own admin role")
        await press(pilot, bench, "o")
        await until_told(pilot, "You can't offboard yourself")
        await tell(pilot, made_up(["Only Admin", "Somebody", "Myself"], ["Comp"]))
        go_to(pilot, "Only Admin")
        await until_seen(pilot, "– o Offboard They are the studio's only admin")
        await pilot.press("A")
        await until_told(pilot, "the studio's only admin")
        pilot.app.clear_notifications()
        await pilot.press("o")
        await until_told(pilot, "the studio's only admin")
        await until_on(pilot, opened)
        assert not changes(bench)

    play(bench, scenario)


def test_an_id_that_nobody_has_a_name_for_is_short_and_can_be_copied(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        person = go_to(pilot, "0a4c8e23f6b1")
        await press(pilot, bench, "c")
        assert pilot.app.clipboard == person.principal_id
        assert len(person.principal_id) > len(person.label)
        await until_told(pilot, "copied, if your terminal allows it")

    play(bench, scenario)


def test_a_directory_that_is_down_leaves_ids_and_one_notice(bench: Bench) -> None:
    bench.name = ADMIN
    bench.gate.lose(b"POST / ")
    bench.gate.lose(b"/v2/domains/")

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await until_seen(pilot, "Names are unavailable")
        go_to(pilot, "30e95d81f6a2")
        await press(pilot, bench, "a", "enter")
        await until(pilot, lambda: "Comp" in profiles_of(pilot, "30e95d81f6a2"))

    play(bench, scenario)


def test_offline_what_was_known_stays_and_says_its_age(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        bench.gate.open = False
        bench.clock.advance(240)
        await pilot.press("r")
        await until(pilot, lambda: people_bench.problem(pilot))
        people_bench.redraw(pilot)
        await pilot.pause()
        await until_seen(pilot, "as of 4 min ago")
        await until_seen(pilot, "Mara Vos")
        await pilot.press("escape", "p")
        await until_seen(pilot, "Mara Vos")
        bench.gate.open = True
        await pilot.press("r")
        await until(pilot, lambda: not people_bench.problem(pilot))
        await pilot.pause()
        assert "as of" not in seen(pilot.app)

    play(bench, scenario)


def test_a_change_that_fails_says_why_and_leaves_everything(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        go_to(pilot, "Callum Reid")
        bench.clock.advance(1)
        await pilot.press("a")
        bench.gate.open = False
        bench.clock.advance(1)
        await pilot.press("enter")
        await until_told(pilot, "Add Callum Reid to Comp")
        assert profiles_of(pilot, "Callum Reid") == {"FX", "Lighting"}
        assert "◌" not in line_of(pilot, "Callum Reid")

    play(bench, scenario)


def test_a_late_answer_of_a_studio_that_was_left_is_dropped(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        late = bench.gate.hold(_MEMBERS)
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        await pilot.press("escape", "g")
        await acts.dialog_of(pilot, acts.STUDIOS)
        choices = pilot.app.screen.query_one(OptionList)
        choices.highlighted = choices.get_option_index("southwind")
        await pilot.press("enter")
        await until(pilot, lambda: acts.has_main(pilot) and acts.studio(pilot).name == "southwind")
        await page(pilot)
        before = acts.people(pilot)
        assert people_bench.one(pilot, "Callum Reid").launch_profile_ids == ()
        late.set()
        await settled(pilot)
        assert acts.people(pilot) is before

    with Bench() as elsewhere:
        elsewhere.name = ADMIN
        bench.studios.others["southwind"] = elsewhere
        admin = elsewhere.service(ADMIN)
        callum = next(one for one in admin.people.look().everyone if one.name == "Callum Reid")
        for launch_profile_id in callum.launch_profile_ids:
            admin.people.membership.delete_launch_profile_member(
                launch_profile_id, callum.principal_id
            )
        play(bench, scenario)


def test_a_late_answer_from_before_the_studio_was_opened_again_is_dropped(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        before, service = acts.people(pilot), acts.service(pilot)
        late = bench.gate.hold(_MEMBERS)
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        await pilot.press("escape")
        bench.studios.read_only = True
        await acts.settings_edited(pilot)
        await until(pilot, lambda: acts.is_connected(pilot) and acts.service(pilot) is not service)
        late.set()
        await acts.refreshed_people(pilot)
        await settled(pilot)
        assert acts.people(pilot) is before

    settings = Settings(notify="osc9")
    play(bench, scenario, studio=NAME, new_settings=lambda: settings)


def test_what_was_asked_before_a_change_does_not_undo_it_on_the_screen(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        comp = next(one for one in people_bench.known(pilot).launch_profiles if one.title == "Comp")
        late = bench.gate.hold(f"/{comp.launch_profile_id}/membership?".encode())
        await pilot.press("r")
        await until(pilot, lambda: bench.gate.holding)
        bench.gate.hold_no_more()
        go_to(pilot, "Callum Reid")
        for key in ("a", "enter"):
            acts.later(pilot)
            await pilot.press(key)
        await until(pilot, lambda: "Comp" in profiles_of(pilot, "Callum Reid"))
        later = acts.later_people(pilot)
        late.set()
        await acts.refreshed_people(pilot)
        await settled(pilot)
        callums = [person for person in later if person.name == "Callum Reid"]
        assert callums
        assert all(comp.launch_profile_id in callum.launch_profile_ids for callum in callums)

    play(bench, scenario)


def test_a_dialog_closes_when_what_it_asks_has_happened(bench: Bench) -> None:
    bench.name = ADMIN
    operator = bench.service(OPERATOR)

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        person = go_to(pilot, "Bruno Ferreira")
        await press(pilot, bench, "x", "enter")
        assert acts.is_open(pilot, people_bench.TAKE_OFF_SURE)
        operator.people.membership.delete_launch_profile_member(
            person.launch_profile_ids[0], person.principal_id
        )
        acts.start_refresh_of_people(pilot)
        await until_on(pilot, opened)
        await until_told(pilot, "This was already done. No changes made.")

    play(bench, scenario)
    operator.close()


def test_hundreds_of_people_and_dozens_of_launch_profiles(bench: Bench) -> None:
    bench.name = ADMIN
    names = [f"Person {number:03}" for number in range(700)]
    titles = [f"Sequence {number:02} lighting" for number in range(20)]

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await tell(pilot, made_up(names, titles))
        await pilot.press("end", "m", *["right"] * 19)
        assert people_bench.person(pilot).name == "Person 699"
        assert people_bench.column(pilot) == "Sequence 19 lighting"
        await until_seen(pilot, "‹")
        await until_seen(pilot, "Person 699 · Sequence 19 lighting")
        heads = next(line for line in seen(pilot.app).splitlines() if "Name" in line)
        assert heads.count("Se 19") == 1
        await pilot.press("slash", *"son 042", "enter")
        await pilot.pause()
        assert "Person 042" in people_bench.names(pilot)
        assert len(people_bench.names(pilot)) < 20

    play(bench, scenario)


def test_what_is_not_known_is_explained_and_what_is_odd_is_counted() -> None:
    assert "unknown" in legend(unread=True).plain
    assert "unknown" not in legend(unread=False).plain
    states = (SessionState.READY, SessionState.STOPPED, SessionState.CREATE_FAILED)
    sessions = tuple(StreamingSession(state, state=state) for state in states)
    person = made_up(["Somebody"], []).everyone[0]
    assert counted(person) == "none"
    assert counted(replace(person, sessions=sessions)) == "1 running, 1 stopped, 1 other"


def test_shortened_heads_can_be_told_apart() -> None:
    titles = ["Lighting day", "Lighting night", "FX", "Comp"]
    widths = widths_for(titles, 30)
    heads = short_heads(titles, widths)
    assert sum(widths) + len(widths) <= 30
    assert len(set(heads)) == 4
    assert heads[2:] == ("FX", "Comp")
    assert widths_for(titles, 100) == (12, 14, 5, 5)
    assert short_heads(titles, (12, 14, 5, 5)) == tuple(titles)


def test_a_click_on_a_cell_puts_the_cursor_there(bench: Bench) -> None:
    bench.name = ADMIN

    async def scenario(pilot: Pilot[None]) -> None:
        await page(pilot)
        await pilot.press("m")
        await settled(pilot)
        place = seen(pilot.app).splitlines()[2].index("Review")
        await pilot.click(Matrix, offset=(place, 4))
        await pilot.pause()
        assert people_bench.column(pilot) == "Review"
        assert people_bench.rows(pilot).cursor == 4

    play(bench, scenario)


def test_a_studio_that_may_only_be_looked_at_refuses_every_change(bench: Bench) -> None:
    bench.name = ADMIN
    bench.studios.read_only = True

    async def scenario(pilot: Pilot[None]) -> None:
        opened = await page(pilot)
        go_to(pilot, "Theo Lindqvist")
        for key in ("a", "x", "n", "o", "A"):
            pilot.app.clear_notifications()
            await press(pilot, bench, key)
            await until_told(pilot, "This studio is read-only")
            await until_on(pilot, opened)

    play(bench, scenario)
