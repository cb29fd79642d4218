"""Actions and queries for tests of the screens: the only place that knows the app's structure."""

import pkgutil
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, cast

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from nimble_tui.config.settings import Settings
from nimble_tui.core.model import LaunchProfile
from nimble_tui.core.people.model import Person
from nimble_tui.core.service import StudioInfo, StudioService
from nimble_tui.tui.app import NimbleApp
from nimble_tui.tui.commands import Offer
from nimble_tui.tui.dialogs import rename_dialog
from nimble_tui.tui.dialogs.confirm import ConfirmDialog
from nimble_tui.tui.screens.main import MainScreen
from nimble_tui.tui.screens.welcome import WelcomeScreen
from nimble_tui.tui.widgets.choices import Choices
from nimble_tui.tui.widgets.code import CodeSlots
from nimble_tui.tui.widgets.detail_pane import DetailPane
from nimble_tui.tui.widgets.profile_list import ProfileList
from nimble_tui.tui.widgets.reading_list import ReadingList
from nimble_tui.tui.widgets.session_list import SessionList
from nimble_tui.tui.widgets.usage_list import UsageList
from nimble_tui.view.health import Health, Phase
from nimble_tui.view.notices import Notice
from nimble_tui.view.profile_rows import ProfileRow
from nimble_tui.view.questions import Answer, Question
from nimble_tui.view.session_rows import SessionRow
from nimble_tui.view.sorting import Order
from nimble_tui.workspace.people_snapshot import PeopleSnapshot
from nimble_tui.workspace.store import Snapshot
from nimble_tui.workspace.ui_state import UiStateFile
from nimble_tui.workspace.workspace import Workspace
from tests.tui.bench import notifications, settled, until

if TYPE_CHECKING:
    from nimble_tui.core.clock import ManualClock

# Titles of dialogs, by which they are recognised.

STOP = "Stop this workstation?"
START = "Start this workstation?"
DELETE = "Delete this workstation?"
GIVE_UP = "Give up this launch?"
KEEP = "Keep this workstation?"
RENAME = "Rename this workstation"
LAUNCH = "Launch a workstation"
CONNECT = "Connect"
CONNECT_WHEN_READY = "Connect when it is READY?"
START_AND_CONNECT = "Start it, then connect?"
BACKUP = "Restore this backup?"
LICENCES = "Licences"
ACCEPT = "Accept this licence?"
STUDIOS = "Switch studio"
INVITE = "Sign in with an invite"
FIELDS = "Sign in"


LONGEST_NAME = rename_dialog.LONGEST
"""The number of characters of a name that the confirmation shows."""

shown_name = rename_dialog.shown_name
"""Return a name as it is shown where it is given."""


# The app and its main screen.


def nimble(pilot: Pilot[None]) -> NimbleApp:
    """Return the app."""
    app = pilot.app
    assert isinstance(app, NimbleApp)
    return app


def _main(pilot: Pilot[None]) -> MainScreen:
    screens = pilot.app.screen_stack
    return next(screen for screen in screens if isinstance(screen, MainScreen))


def workspace(pilot: Pilot[None]) -> Workspace:
    """Return the studio as the app knows it."""
    return _main(pilot).workspace


def main_screen(pilot: Pilot[None]) -> Screen[Any]:
    """Return the main screen, whatever is on top of it."""
    return _main(pilot)


def has_main(pilot: Pilot[None]) -> bool:
    """Return whether there is a main screen, whatever is on top of it."""
    return any(isinstance(screen, MainScreen) for screen in pilot.app.screen_stack)


def on_main(pilot: Pilot[None]) -> bool:
    """Return whether the main screen is on top."""
    return isinstance(pilot.app.screen, MainScreen)


def on_welcome(pilot: Pilot[None]) -> bool:
    """Return whether the first screen is on top, which is about no studio."""
    return isinstance(pilot.app.screen, WelcomeScreen)


async def until_on_main(pilot: Pilot[None]) -> None:
    """Wait until the main screen is on top."""
    await until(pilot, lambda: on_main(pilot))


async def shown(pilot: Pilot[None]) -> Screen[Any]:
    """Wait for the main screen; return it."""
    await until(pilot, lambda: has_main(pilot) and main_screen(pilot).is_mounted)
    return main_screen(pilot)


async def until_live(pilot: Pilot[None]) -> Screen[Any]:
    """Wait until the studio's lists were read; return the main screen."""
    screen = await shown(pilot)
    await until(pilot, lambda: is_live(pilot))
    return screen


async def until_named(pilot: Pilot[None]) -> Screen[Any]:
    """Wait until the studio's lists and its name were read; return the main screen."""
    screen = await until_live(pilot)
    await until(pilot, lambda: snapshot(pilot).studio_name)
    return screen


async def live(pilot: Pilot[None]) -> Screen[Any]:
    """Wait until the studio's lists, images and name are on the screen.

    What is warned of at once, one deletion within the hour, is taken away again.
    """
    screen = await until_named(pilot)
    await until(pilot, lambda: snapshot(pilot).details)
    await settled(pilot)
    warn(pilot)
    await pilot.pause()
    for one in notifications(pilot.app):
        if "will be deleted in 52 min" in one.title:
            pilot.app._unnotify(one)  # noqa: SLF001
    await pilot.pause()
    return screen


# What the app knows.


def snapshot(pilot: Pilot[None]) -> Snapshot:
    """Return what is known of the studio: one value, replaced when anything changes."""
    return workspace(pilot).snapshot


def later_rows(pilot: Pilot[None]) -> list[SessionRow]:
    """Return the list to which the rows of each later snapshot are added."""
    seen: list[SessionRow] = []
    store = workspace(pilot).store
    store.subscribe(lambda: seen.extend(store.snapshot.rows))
    return seen


def is_live(pilot: Pilot[None]) -> bool:
    """Return whether the studio's lists were read in this run."""
    return snapshot(pilot).is_live


def all_rows(pilot: Pilot[None]) -> tuple[SessionRow, ...]:
    """Return the rows of all workstations that are known, also those that a filter hides."""
    return snapshot(pilot).rows


def launch_profiles(pilot: Pilot[None]) -> tuple[LaunchProfile, ...]:
    """Return the launch profiles that may be launched from."""
    return snapshot(pilot).launch_profiles


def has_details(pilot: Pilot[None]) -> bool:
    """Return whether details of a launch profile were read."""
    return bool(snapshot(pilot).details)


def studio(pilot: Pilot[None]) -> StudioInfo:
    """Return which studio the main screen is about."""
    return snapshot(pilot).info


def service(pilot: Pilot[None]) -> StudioService:
    """Return the open studio."""
    found = workspace(pilot).service
    assert found is not None
    return found


def is_connected(pilot: Pilot[None]) -> bool:
    """Return whether the studio is open."""
    return workspace(pilot).service is not None


def is_let_go(screen: Screen[Any]) -> bool:
    """Return whether a main screen, also one that was left, has closed its studio."""
    assert isinstance(screen, MainScreen)
    return screen.workspace.service is None


def health(pilot: Pilot[None]) -> Health:
    """Return how fresh the lists are, and what is wrong."""
    return snapshot(pilot).health


def seconds_to_next_refresh(pilot: Pilot[None]) -> float:
    """Return how long it is until the studio is read again by itself."""
    due = health(pilot).next_try
    assert due is not None
    return (due - nimble(pilot).clock.now()).total_seconds()


def refreshing(pilot: Pilot[None]) -> bool:
    """Return whether the studio's lists are being read."""
    return workspace(pilot).polling.is_refreshing


def pending(pilot: Pilot[None]) -> Mapping[str, object]:
    """Return the actions whose answer has not arrived, by workstation."""
    return snapshot(pilot).pending


def launching(pilot: Pilot[None]) -> Mapping[str, object]:
    """Return the launches whose answer has not arrived."""
    return snapshot(pilot).launching


def unresolved(pilot: Pilot[None]) -> tuple[object, ...]:
    """Return the launches of which it is not known whether they were done."""
    return snapshot(pilot).unresolved


def forget_unresolved(pilot: Pilot[None]) -> Callable[[], None]:
    """Have the app not know yet what is unresolved; return what lets it know again."""
    store = workspace(pilot).store
    before = store.snapshot.unresolved
    store.change(unresolved=())
    return lambda: store.change(unresolved=before)


def is_anything_unresolved(pilot: Pilot[None]) -> bool:
    """Return whether the outcome of anything that was sent is not known."""
    return snapshot(pilot).has_unresolved


def keeping(pilot: Pilot[None]) -> Set[str]:
    """Return the ids of the workstations that are being kept."""
    return snapshot(pilot).keeping


def waiting_to_connect(pilot: Pilot[None]) -> Set[str]:
    """Return the ids of the workstations that are connected to once they are READY."""
    return snapshot(pilot).connect_when_ready


def usual_durations(pilot: Pilot[None]) -> tuple[object, ...]:
    """Return how long changes took before, by which the app says how long they usually take."""
    return snapshot(pilot).durations


def order(pilot: Pilot[None]) -> Order:
    """Return how the workstations are sorted."""
    return snapshot(pilot).order


def filter_text(pilot: Pilot[None]) -> str:
    """Return what the workstations are filtered by."""
    return _main(pilot).pane.filter_field.words


def refusal_reason(pilot: Pilot[None], action: str) -> str:
    """Return why an action would be refused on the main screen; empty where it would not."""
    return _main(pilot).refusal_reason(action) or ""


def people(pilot: Pilot[None]) -> PeopleSnapshot:
    """Return what is known of the people of the studio: one value that is replaced."""
    return snapshot(pilot).people


def later_people(pilot: Pilot[None]) -> list[Person]:
    """Return the list to which the people of each later snapshot of them are added."""
    seen: list[Person] = []
    store = workspace(pilot).store
    before = [store.snapshot.people]

    def changed() -> None:
        if store.snapshot.people is not before[0]:
            before[0] = store.snapshot.people
            seen.extend(before[0].people.everyone if before[0].people else ())

    store.subscribe(changed)
    return seen


def refreshing_people(pilot: Pilot[None]) -> bool:
    """Return whether the people of the studio are being read."""
    return workspace(pilot).people.is_refreshing


def plan_runs(pilot: Pilot[None]) -> Mapping[str, object]:
    """Return the runs of plans for people, by plan."""
    return snapshot(pilot).people.runs


def settings(pilot: Pilot[None]) -> Settings:
    """Return the settings that are followed now."""
    return nimble(pilot).settings


def ui_state(pilot: Pilot[None]) -> UiStateFile:
    """Return what the app stores of how its screens were left."""
    return nimble(pilot).ui_state


def farewell(pilot: Pilot[None]) -> str:
    """Return what the app would say at its end."""
    return nimble(pilot).farewell or ""


# What the main screen shows.


def session_list(pilot: Pilot[None]) -> SessionList:
    """Return the list of workstations."""
    return main_screen(pilot).query_one("#workstations", SessionList)


def profile_list(pilot: Pilot[None]) -> ProfileList:
    """Return the list of launch profiles."""
    return main_screen(pilot).query_one("#profiles", ProfileList)


def detail_pane(pilot: Pilot[None]) -> DetailPane:
    """Return the details of what is under the cursor."""
    return main_screen(pilot).query_one(DetailPane)


def banner(pilot: Pilot[None]) -> Widget:
    """Return the line that says what is wrong."""
    return _main(pilot).banner


def account_text(pilot: Pilot[None]) -> Any:
    """Return the styled first line: the studio and how fresh its lists are."""
    return _main(pilot).account.text


def key_bar(pilot: Pilot[None]) -> Sequence[Offer]:
    """Return the actions of the line of keys."""
    return _main(pilot).keybar.offers


def rows(pilot: Pilot[None]) -> Sequence[SessionRow]:
    """Return the rows of the list of workstations."""
    return session_list(pilot).rows


def row(pilot: Pilot[None], title: str) -> SessionRow:
    """Return the first row whose title begins like this."""
    return next(row for row in rows(pilot) if row.title.startswith(title))


def profile_rows(pilot: Pilot[None]) -> Sequence[ProfileRow]:
    """Return the rows of the list of launch profiles."""
    return profile_list(pilot).rows


def cursor(pilot: Pilot[None]) -> int:
    """Return the place of the cursor in the list of workstations."""
    return session_list(pilot).cursor


def selected(pilot: Pilot[None]) -> SessionRow:
    """Return the row under the cursor."""
    found = session_list(pilot).selected
    assert found is not None
    return found


def select(pilot: Pilot[None], key: str) -> None:
    """Put the cursor on a workstation."""
    session_list(pilot).select(key)


async def go_to(pilot: Pilot[None], title: str) -> str:
    """Put the cursor on a workstation; return its id."""
    key = row(pilot, title).key
    select(pilot, key)
    await pilot.pause()
    return key


async def on_profile(pilot: Pilot[None], title: str) -> None:
    """Go to the launch profiles and put the cursor on one."""
    found = next(row for row in profile_rows(pilot) if row.launch_profile.title == title)
    profiles = profile_list(pilot)
    main_screen(pilot).set_focus(profiles)
    profiles.select(found.key)
    await pilot.pause()


async def filter_by(pilot: Pilot[None], text: str) -> None:
    """Filter the workstations."""
    await pilot.press("slash", *text, "enter")
    await until(pilot, lambda: filter_text(pilot) == text)


async def clear_filter(pilot: Pilot[None]) -> None:
    """Show all workstations again, whatever has the focus."""
    _main(pilot).action_clear_filter()
    await pilot.pause()


def redraw_times(pilot: Pilot[None]) -> None:
    """Draw what grows older as it is by now, as the app does every second."""
    screen = _main(pilot)
    screen.pane.workstations.tick()
    screen.account.tick()


def calls_of(monkeypatch: pytest.MonkeyPatch, function: str) -> list[str]:
    """Return the list to which the name of a function is added whenever it is called."""
    calls: list[str] = []
    original = pkgutil.resolve_name(function)

    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append(function)
        return original(*args, **kwargs)

    monkeypatch.setattr(function, call)
    return calls


# Time.


def later(pilot: Pilot[None], seconds: float = 1) -> None:
    """Let time pass, as it does between two presses."""
    cast("ManualClock", nimble(pilot).clock).advance(seconds)


async def refresh_if_due(pilot: Pilot[None]) -> None:
    """Let the app see what time it is, as it does every second, and wait for lists of now."""
    workspace(pilot).check_clock()
    await up_to_date(pilot)
    await refreshed(pilot)


def follow_clock(pilot: Pilot[None]) -> None:
    """Let the app see what time it is, without reading what is due by now."""
    workspace(pilot).polling.follow_clock()


def warn(pilot: Pilot[None]) -> None:
    """Let the app warn of what ends soon, as it does every second."""
    _main(pilot)._warn()  # noqa: SLF001


def follow_settings(pilot: Pilot[None]) -> None:
    """Let the app look at its settings file, as it does every second."""
    nimble(pilot).check_settings()


async def settings_edited(pilot: Pilot[None]) -> None:
    """Let the time pass in which the app sees that its settings were edited."""
    for _ in range(2):
        later(pilot, 3)
        follow_settings(pilot)
    await pilot.pause()


# Reading the studio.


def start_refresh(pilot: Pilot[None]) -> None:
    """Have the studio read again as when that is due, whatever is on the screen."""
    workspace(pilot).polling.refresh()


async def refreshed(pilot: Pilot[None]) -> None:
    """Wait until no refresh is under way."""
    await until(pilot, lambda: not refreshing(pilot))


async def try_refresh(pilot: Pilot[None]) -> None:
    """Press refresh and wait until it ended, in a failure too."""
    before = health(pilot)
    await pilot.press("r")
    await until(pilot, lambda: health(pilot) is not before and not refreshing(pilot))


async def refresh(pilot: Pilot[None]) -> None:
    """Press refresh and wait until the studio has answered."""
    await try_refresh(pilot)
    assert health(pilot).phase == Phase.LIVE


async def refresh_in_background(pilot: Pilot[None]) -> None:
    """Have the studio read again as when that is due, and wait until it has answered."""
    before = health(pilot)
    start_refresh(pilot)
    await until(pilot, lambda: health(pilot) is not before and not refreshing(pilot))
    assert health(pilot).phase == Phase.LIVE


async def up_to_date(pilot: Pilot[None]) -> None:
    """Wait until the lists are those of this very moment."""
    await until(pilot, lambda: health(pilot).updated_at == nimble(pilot).clock.now())


def start_refresh_of_people(pilot: Pilot[None]) -> None:
    """Have the people read again, whatever is on the screen."""
    workspace(pilot).people.refresh()


async def refreshed_people(pilot: Pilot[None]) -> None:
    """Wait until the people are not being read."""
    await until(pilot, lambda: not refreshing_people(pilot))


# Actions.


async def answered(pilot: Pilot[None]) -> None:
    """Wait until every action was answered."""
    await until(pilot, lambda: not pending(pilot))


async def launches_answered(pilot: Pilot[None]) -> None:
    """Wait until every launch was answered."""
    await until(pilot, lambda: not launching(pilot))


async def launched(pilot: Pilot[None]) -> None:
    """Wait until the main screen is on top and every launch was answered."""
    await until(pilot, lambda: on_main(pilot) and not launching(pilot))


async def stop(pilot: Pilot[None], title: str) -> None:
    """Stop a workstation: its key, and enter."""
    await ask(pilot, title, "s")
    await pilot.press("enter")
    await until_on_main(pilot)


async def start(pilot: Pilot[None], title: str) -> None:
    """Start a workstation by its key."""
    await go_to(pilot, title)
    await pilot.press("t")


async def run(pilot: Pilot[None], action: str) -> None:
    """Run an action of the main screen as by its key, before anything else happens."""
    await _main(pilot).run_offered(action)


async def sign_out(pilot: Pilot[None]) -> None:
    """Ask to sign out, as by its key."""
    await run(pilot, "sign_out")


def notify(pilot: Pilot[None], notice: Notice) -> None:
    """Show a notification."""
    nimble(pilot).show_toast(notice)


# Dialogs.


async def question(
    pilot: Pilot[None],
    asked: Question,
    answered: Callable[[Answer | None], None],
    outdated: Callable[[], str],
) -> Screen[Any]:
    """Ask a question on top of the app; return its dialog once it has the focus."""
    dialog = ConfirmDialog(asked, workspace(pilot), outdated)
    pilot.app.push_screen(dialog, answered)
    await until(pilot, lambda: dialog.focused is not None)
    return dialog


def title_of(pilot: Pilot[None]) -> str:
    """Return the title of the dialog on top; empty where none is."""
    boxes = pilot.app.screen.query(".dialog")
    return str(boxes.first().border_title) if boxes else ""


def is_open(pilot: Pilot[None], *titles: str) -> bool:
    """Return whether a dialog of one of these titles is on top."""
    return title_of(pilot) in titles


async def dialog_of(pilot: Pilot[None], *titles: str) -> Screen[Any]:
    """Wait until a dialog of one of these titles is on top; return it."""
    await until(pilot, lambda: is_open(pilot, *titles))
    return pilot.app.screen


async def listening(pilot: Pilot[None], *titles: str) -> Screen[Any]:
    """Wait until a dialog of one of these titles is on top and accepts keys; return it."""
    found = await dialog_of(pilot, *titles)
    await until(pilot, lambda: found.focused is not None)
    later(pilot)
    return found


async def ask(pilot: Pilot[None], title: str, key: str) -> str:
    """Press an action's key on a workstation; return its id once the dialog accepts keys."""
    session_id = await go_to(pilot, title)
    await pilot.press(key)
    await listening(pilot, STOP, START, DELETE, KEEP, GIVE_UP)
    assert subject(pilot) == session_id
    return session_id


def subject(pilot: Pilot[None]) -> str:
    """Return the id of the workstation that the dialog on top is about."""
    screen: Any = pilot.app.screen
    if hasattr(screen, "session_id"):
        return cast("str", screen.session_id)
    about = pilot.app.screen.query(".whereabouts").first(Static)
    return str(about.render()).splitlines()[-1]


def sure(pilot: Pilot[None]) -> Button:
    """Return the button by which the dialog on top is confirmed."""
    return pilot.app.screen.query_one("#sure", Button)


def typed_code(pilot: Pilot[None]) -> str:
    """Return what was typed of the code that the dialog on top asks for."""
    return pilot.app.screen.query_one(CodeSlots).typed


def chosen_profile(pilot: Pilot[None]) -> str:
    """Return the title of the launch profile that the launch dialog is about."""
    screen: Any = pilot.app.screen
    return cast("str", screen.profile.title)


def chosen_type(pilot: Pilot[None]) -> str | None:
    """Return the instance type that is chosen in the launch dialog."""
    return pilot.app.screen.query_one("#types", Choices).key


def chosen_image(pilot: Pilot[None]) -> str | None:
    """Return the id of the image that is chosen in the launch dialog."""
    return pilot.app.screen.query_one("#images", Choices).key


def address_of(screen: Screen[Any]) -> object:
    """Return the address that a connect dialog holds, also one that was left; None without one."""
    return vars(screen)["_url"]


def close_by_itself(pilot: Pilot[None]) -> None:
    """Have the dialog on top close as when what it is about has changed."""
    screen: Any = pilot.app.screen
    screen.close_by_itself()


def focused_button(pilot: Pilot[None]) -> str | None:
    """Return the id of the button that has the focus."""
    found = pilot.app.screen.focused
    return found.id if isinstance(found, Button) else None


def field(pilot: Pilot[None], selector: str = "Input") -> Input:
    """Return a text field of the screen on top."""
    return pilot.app.screen.query_one(selector, Input)


# Pages.


def page_of(pilot: Pilot[None]) -> str:
    """Return the name of the page on top: show, history, usage, backups or people."""
    return str(getattr(pilot.app.screen, "PAGE", ""))


async def page(pilot: Pilot[None], key: str, name: str) -> Screen[Any]:
    """Open a page by its key; return it once it is on the screen and settled."""
    await pilot.press(key)
    await until(pilot, lambda: page_of(pilot) == name)
    await settled(pilot)
    return pilot.app.screen


def offered(pilot: Pilot[None]) -> set[str]:
    """Return the ids of the actions that the screen on top offers."""
    screen: Any = pilot.app.screen
    return {offer.action.id for offer in screen.offers()}


def lines(pilot: Pilot[None]) -> ReadingList:
    """Return the lines of the page on top."""
    return pilot.app.screen.query_one(ReadingList)


def usage_list(pilot: Pilot[None]) -> UsageList:
    """Return the rows of the page about running times."""
    return pilot.app.screen.query_one(UsageList)


def redraw_page(pilot: Pilot[None]) -> None:
    """Draw the page on top as it is by now, as the app does every few seconds."""
    screen: Any = pilot.app.screen
    screen.redraw()
