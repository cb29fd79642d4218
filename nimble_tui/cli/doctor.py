"""Checks of the setup of this computer, each with a fix."""

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing

from nimble_tui.cli import exit_codes
from nimble_tui.cli.context import chosen, log_file, studios_for, wants_demo
from nimble_tui.cli.health import Finding, of_address, of_files, of_surroundings, of_terminal, show
from nimble_tui.cli.output import version
from nimble_tui.cli.studios import ConfiguredStudios
from nimble_tui.config.credentials import KeyringUnavailableError, KeyringVault
from nimble_tui.config.loading import load
from nimble_tui.config.paths import (
    DATA_VARIABLE,
    STATE_VARIABLE,
    config_file,
    journal_file,
    state_file,
)
from nimble_tui.config.settings import Settings, SettingsError
from nimble_tui.core.clock import SystemClock
from nimble_tui.core.people.model import UserSearchType
from nimble_tui.core.service import ErrorKind, StudioError, StudioService, is_demo


def examine(args: Namespace) -> int:
    """Print the findings, and return 0 if all is well."""
    print(f"nimble-tui {version()}")
    wrong = False
    for finding in _findings(args):
        show(finding)
        wrong = wrong or finding.good is False
    return exit_codes.FAILED if wrong else exit_codes.DONE


def _findings(args: Namespace) -> Iterator[Finding]:
    yield from of_terminal(os.environ)
    yield from of_surroundings(os.environ)
    path = config_file()
    demo = wants_demo(args)
    try:
        settings = load(path, with_studios=not demo)
    except SettingsError as error:
        for problem in error.problems:
            yield Finding("Settings", False, problem, f"correct {path}")
        settings = Settings()
    else:
        there = path if path.exists() else f"no settings file (would be {path})"
        yield Finding("Settings", True, str(there))
    journal, choices = (journal_file(), DATA_VARIABLE), (state_file(), STATE_VARIABLE)
    yield from of_files({"Journal": journal, "Choices": choices})
    log = log_file(args, settings)
    if log is None:
        yield Finding("Log", None, "not written; set log in the settings or use --log FILE")
    else:
        yield from of_files({"Log": (log, "")})
    yield _keyring()
    name = chosen(args, settings)
    if name is None:
        yield Finding(
            "Studio", None, "no studio configured; sign in with nimble-tui login, or try --demo"
        )
        return
    names = [name] if demo or args.studio else [one.name for one in settings.studios]
    studios = studios_for(args, settings)
    try:
        for one in names:
            yield from _studio(studios, one)
    finally:
        studios.close()


def _keyring() -> Finding:
    try:
        return Finding("Keyring", True, KeyringVault().name())
    except KeyringUnavailableError as error:
        return Finding(
            "Keyring",
            None,
            f"{error} Access keys stay in memory while the app runs; an AWS profile works too",
        )


def _studio(studios: ConfiguredStudios, name: str) -> Iterator[Finding]:
    """Check one studio: its address, its clock, and the keys."""
    if not is_demo(name):
        settings = studios.settings_of(name)
        found = of_address(settings.endpoint_url, SystemClock().now(), settings.ca_file)
        for finding in found:
            yield Finding(f"{finding.about} of {name}", finding.good, finding.what, finding.fix)
            if finding.good is False and finding.about == "Address":
                return
    about = f"Sign-in to {name}"
    try:
        with closing(studios.open(name)) as service:
            service.list_launch_profiles()
            yield Finding(about, True, "the access keys work")
            yield from _people(service, name)
    except StudioError as error:
        yield Finding(about, False, error.message)


def _people(service: StudioService, name: str) -> Iterator[Finding]:
    """Check the names and DataZone profiles of a studio."""
    people, about = service.people, f"Names in {name}"
    problem = people.identities().problem
    if problem is None:
        yield Finding(about, True, "the identity store responds")
    else:
        yield Finding(about, False if "identity_store_id" in problem else None, problem)
    if not people.has_user_profiles:
        return
    about = f"DataZone in {name}"
    try:
        people.user_profiles.search_user_profiles(
            service.info.principal_id, UserSearchType.SSO_USER
        )
    except StudioError as error:
        # Only admins can search, and a denial shows that the domain exists.
        denied = error.kind == ErrorKind.DENIED
        yield Finding(about, None if denied else False, error.message)
    else:
        yield Finding(about, True, "the domain responds")
