"""The studios of this person: the settings, the keys and the client put together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from nimble_tui.cli.signed_in_settings import (
    ca_file_of,
    draft_of,
    name_for,
    trusting,
    with_studio,
)
from nimble_tui.config import cache
from nimble_tui.config.loading import load
from nimble_tui.config.paths import (
    aws_caches,
    aws_files,
    config_file,
    demo_file,
    journal_file,
)
from nimble_tui.config.settings import Settings, SettingsError, StudioSettings
from nimble_tui.config.timeout import run_with_timeout
from nimble_tui.config.watching import mark_of
from nimble_tui.core.endpoints import endpoint_host
from nimble_tui.core.people.settings import PeopleSettings
from nimble_tui.core.service import (
    DEMO,
    DEMO_AS,
    ErrorKind,
    SignedIn,
    StudioError,
    StudioInfo,
    is_demo,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nimble_tui.cli.demo_file import OpenDemo
    from nimble_tui.client.aws_profile import Prompt
    from nimble_tui.client.call_log import CallLog
    from nimble_tui.client.journal.journal import Journal
    from nimble_tui.config.credentials import Vault
    from nimble_tui.config.watching import Mark
    from nimble_tui.core.invite import Invite
    from nimble_tui.core.keys import Keys
    from nimble_tui.core.service import StudioService

_DEMO_REGION = "us-west-2"
_CLOSING_TIME = 0.5


class NoKeyringError(StudioError):
    """Not signed in, and this computer has no safe place for keys."""


class ConfiguredStudios:
    """The studios of the settings, and the demo; thread-safe.

    `keyring` and `memory` hold the keys: keys that the keyring cannot store stay in memory
    until the program ends. `prompt` answers the questions of an AWS profile; without one, they
    fail.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        path: Path | None = None,
        keyring: Vault | None = None,
        prompt: Prompt | None = None,
    ) -> None:
        self._settings = settings
        self._log: CallLog | None = None
        self._prompt = prompt
        self._marks: dict[str, tuple[Mark, ...]] = {}
        self._path = path or config_file()
        self._lock = Lock()
        self._keyring = keyring
        self._memory: Vault | None = None
        self._demo: OpenDemo | None = None
        self._journal: Journal | None = None

    def names(self) -> Sequence[str]:
        """Return the names in the settings, in their order, without DEMO."""
        return [studio.name for studio in self._settings.studios]

    def info(self, name: str) -> StudioInfo:
        """Return the known facts of a studio without a request; never blocks. Knows DEMO too."""
        if not is_demo(name):
            return self.settings_of(name).info
        demo = self._demo
        if demo is not None:
            with suppress(StudioError):
                return _demo_info(name, demo.invite(_who_in(name)))
        return StudioInfo(name, studio_id="", region=_DEMO_REGION, principal_id="", demo=True)

    def use(self, settings: Settings) -> None:
        """Use new settings from now on; open studios are not affected."""
        self._settings = settings

    def log_to(self, path: Path | None, report: Callable[[str], object]) -> None:
        """Log every call to this file, None for none; `report` hears once that it cannot be."""
        if self._log is not None:
            self._log.use(path)
        elif path is not None:
            from nimble_tui.client.call_log import CallLog

            self._log = CallLog(path, report)

    def settings_of(self, name: str) -> StudioSettings:
        """Return a studio's settings; StudioError if there are none."""
        studio = self._settings.studio(name)
        if studio is None:
            raise StudioError(ErrorKind.SETTINGS, f"No studio named {name} in your settings.")
        return studio

    def open(self, name: str) -> StudioService:
        """Return the studio's service, signed in; DEMO starts the demo studio."""
        from nimble_tui.client.nimble import connect

        if is_demo(name):
            invite = self._open_demo().invite(_who_in(name))
            return connect(
                _demo_info(name, invite),
                endpoint_url=invite.endpoint_url,
                keys=invite.keys,
                journal=self._open_journal(),
                people=PeopleSettings(invite.identity_store_id, invite.domain_id),
                log=self._log,
            )
        studio = self.settings_of(name)
        # Before they are read, so that no change is missed.
        self._marks[name] = _marks_of_keys(studio)
        return connect(
            studio.info,
            endpoint_url=studio.endpoint_url,
            keys=None if studio.aws_profile else self._keys(studio),
            aws_profile=studio.aws_profile,
            journal=self._open_journal(),
            people=studio.people,
            prompt=self._prompt,
            log=self._log,
            ca_file=studio.ca_file,
        )

    def keys_changed(self, name: str) -> bool:
        """Return whether the AWS profile's files changed since the studio was opened; no waiting.

        Never for keys from an invite.
        """
        with suppress(StudioError, KeyError):
            return self._marks[name] != _marks_of_keys(self.settings_of(name))
        return False

    def sign_in(self, invite: Invite, name: str | None = None) -> SignedIn:
        """Check the keys against the studio, then store them and its settings.

        `name` is what the settings call it; without one it is called as before, or by its own
        name.
        """
        from nimble_tui.client.nimble import check
        from nimble_tui.config.credentials import KeyringUnavailableError
        from nimble_tui.config.editing import append_studio

        try:
            known = load(self._path)
            draft = draft_of(invite, name or "new")
            with trusting(invite, draft.host) as ca_file:
                studio = check(
                    draft.info,
                    endpoint_url=draft.endpoint_url,
                    keys=invite.keys,
                    log=self._log,
                    ca_file=ca_file or ca_file_of(known, draft),
                )
            draft = replace(draft, ca_file=ca_file)
            kept = replace(draft, name=name or name_for(draft, studio, known))
            notes = append_studio(self._path, kept)
            self._settings = with_studio(load(self._path), kept)
        except SettingsError as error:
            raise StudioError(ErrorKind.SETTINGS, " ".join(error.problems)) from None
        except OSError as error:
            raise StudioError(
                ErrorKind.SETTINGS,
                f"Can't write the settings {self._path}: {error.strerror or error}.",
            ) from None
        try:
            self._vault().store(kept, invite.keys)
        except KeyringUnavailableError as error:
            self.store_in_memory(kept, invite.keys)
            notes += (f"{error} Your access keys stay in memory until this program ends.",)
        else:
            if self._memory is not None:
                self._memory.delete(kept)
        return SignedIn(kept.name, notes)

    def sign_out(self, name: str) -> None:
        """Remove the studio's keys, its cached lists and its journal entries."""
        from nimble_tui.config.credentials import KeyringUnavailableError

        if is_demo(name):
            raise StudioError(ErrorKind.SETTINGS, "The demo studio needs no sign-in or sign-out.")
        studio = self.settings_of(name)
        cache.forget(studio.info)
        self._open_journal().forget(studio.info)
        in_memory = self._memory is not None and self._memory.delete(studio)
        if studio.aws_profile:
            raise StudioError(
                ErrorKind.SETTINGS,
                f"The AWS profile {studio.aws_profile} signs for this studio. Sign out of it (aws "
                "sso logout), or remove its name from your settings.",
            )
        try:
            self._vault().delete(studio)
        except KeyringUnavailableError as error:
            if not in_memory:
                raise StudioError(
                    ErrorKind.TROUBLE, f"{error} Any access keys stored there were not removed."
                ) from None

    def store_in_memory(self, studio: StudioSettings, keys: Keys) -> None:
        """Keep keys in memory until the program ends."""
        from nimble_tui.config.credentials import MemoryVault

        if self._memory is None:
            self._memory = MemoryVault()
        self._memory.store(studio, keys)

    def is_only_in_memory(self, name: str) -> bool:
        """Return whether only memory holds a studio's keys."""
        return self._memory is not None and self._memory.load(self.settings_of(name)) is not None

    def where_keys_are(self, studio: StudioSettings) -> str:
        """Return where a studio's keys are, for people; StudioError when there are none."""
        if studio.aws_profile:
            return f"AWS profile {studio.aws_profile}"
        self._keys(studio)
        return f"keyring ({self._vault().name()})"

    def close(self) -> None:
        """End the demo studio if it runs; the end of the program does not wait for it."""
        with self._lock:
            demo, self._demo = self._demo, None
            journal, self._journal = self._journal, None
        if demo is not None:
            with suppress(TimeoutError):
                run_with_timeout(demo.close, _CLOSING_TIME, "closing the demo")
        if journal is not None:
            with suppress(TimeoutError):
                run_with_timeout(journal.close, _CLOSING_TIME, "closing the journal")

    def _open_demo(self) -> OpenDemo:
        from nimble_tui.cli.demo_file import OpenDemo

        with self._lock:
            if self._demo is None:
                self._demo = OpenDemo(demo_file())
            return self._demo

    def _open_journal(self) -> Journal:
        from nimble_tui.client.journal.journal import Journal

        with self._lock:
            if self._journal is None:
                self._journal = Journal(journal_file())
            return self._journal

    def _vault(self) -> Vault:
        from nimble_tui.config.credentials import KeyringVault

        if self._keyring is None:
            self._keyring = KeyringVault()
        return self._keyring

    def _keys(self, studio: StudioSettings) -> Keys:
        from nimble_tui.config.credentials import KeyringUnavailableError, WrongHostError

        in_memory = self._memory.load(studio) if self._memory else None
        if in_memory is not None:
            return in_memory
        again = "run nimble-tui login, or sign in from the app"
        try:
            keys = self._vault().load(studio)
        except KeyringUnavailableError as error:
            raise NoKeyringError(
                ErrorKind.NOT_SIGNED_IN,
                f"{error} Sign in from the app for as long as it runs, or put your access keys in "
                'an AWS profile (~/.aws/credentials) and set credentials = "NAME" under '
                f"[studios.{studio.name}] in {self._path}.",
            ) from None
        except WrongHostError:
            raise StudioError(
                ErrorKind.NOT_SIGNED_IN,
                f"Your access keys for {studio.name} are for a different address than the one in "
                f"your settings, so they were not sent. Correct endpoint_url, or {again}.",
            ) from None
        if keys is None:
            raise StudioError(
                ErrorKind.NOT_SIGNED_IN, f"You are not signed in to {studio.name}; {again}."
            )
        return keys


def _marks_of_keys(studio: StudioSettings) -> tuple[Mark, ...]:
    """Return what differs once an AWS profile's files do; nothing where no profile signs."""
    if not studio.aws_profile:
        return ()
    return tuple(mark_of(path) for path in (*aws_files(), *aws_caches()))


def _who_in(name: str) -> str:
    """Return the demo user of a studio's name; empty for the artist."""
    return name.removeprefix(DEMO_AS) if name != DEMO else ""


def _demo_info(name: str, invite: Invite) -> StudioInfo:
    return StudioInfo(
        name=name,
        studio_id=invite.studio_id,
        region=invite.region,
        principal_id=invite.principal_id,
        display_name=invite.display_name,
        host=endpoint_host(invite.endpoint_url),
        demo=True,
    )
