"""Prompts for invites and keys at the terminal."""

import sys
from contextlib import suppress

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.invite import PREFIX, Invite
from nimble_tui.core.keys import Keys


def ask_invite() -> Invite:
    """Prompt for an invite, or for its values one by one."""
    pasted = terminal.ask_hidden("Paste your invite (hidden), or press enter to type it in parts: ")
    if pasted:
        return _decoded(pasted)
    say("The admin who invited you knows these values:")
    return Invite(
        endpoint_url=_needed("Address (https://…): "),
        region=_needed("Region (such as us-west-2): "),
        studio_id=_needed("Studio id: "),
        principal_id=_needed("Your id (principal id): "),
        display_name=terminal.ask("Your display name (optional): "),
        access_key_id=_needed("Access key id: "),
        secret_access_key=_needed("Secret access key (hidden): ", hidden=True),
    )


def read_invite() -> Invite:
    """Return the invite on stdin, which is a pipe or a file."""
    if sys.stdin.isatty():
        raise Stop(
            exit_codes.USAGE,
            "--stdin reads the invite from a pipe, as in: ssh studio-host cat invite | nimble-tui "
            "login --stdin. Leave it out to paste the invite here.",
        )
    with suppress(ValueError):  # no text in UTF-8 is no invite either
        return _decoded(sys.stdin.read(terminal.LONGEST + 1))
    raise Stop(exit_codes.FAILED, "This is not an invite: it is not text.")


def ask_keys(studio: StudioSettings) -> Keys:
    """Prompt for the keys of a studio in the settings."""
    say(
        f"No keyring is available to store your access keys for {studio.name}, so they are needed "
        "each time."
    )
    answer = terminal.ask_hidden("Paste your invite or your access key id (hidden): ")
    if PREFIX in answer:
        invite = _decoded(answer)
        whose = (invite.endpoint_url, invite.studio_id, invite.principal_id)
        if whose != (studio.endpoint_url, studio.studio_id, studio.principal_id):
            raise Stop(
                exit_codes.FAILED,
                f"This invite is not for {studio.name}; nothing was sent.",
            )
        return invite.keys
    if not answer:
        raise Stop(exit_codes.NOT_SIGNED_IN, "No access keys given.")
    return Keys(answer, _needed("Secret access key (hidden): ", hidden=True))


def _decoded(pasted: str) -> Invite:
    try:
        return Invite.decode(pasted)
    except ValueError as error:
        raise Stop(exit_codes.FAILED, str(error)) from None


def _needed(question: str, *, hidden: bool = False) -> str:
    answer = terminal.ask_hidden(question) if hidden else terminal.ask(question)
    if not answer:
        raise Stop(exit_codes.FAILED, "This value is required; no changes made.")
    return answer
