"""Invites and keys, asked for at the terminal."""

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.config.settings import StudioSettings
from nimble_tui.core.invite import PREFIX, Invite
from nimble_tui.core.keys import Keys


def ask_invite() -> Invite:
    """Ask for an invite, or for what it holds, one by one."""
    pasted = terminal.ask_hidden("Paste your invite (it stays hidden), or press enter to type: ")
    if pasted:
        return _decoded(pasted)
    say("The person who invited you can tell you these:")
    return Invite(
        endpoint_url=_needed("Address (https://…): "),
        region=_needed("Region (such as us-west-2): "),
        studio_id=_needed("Studio id: "),
        principal_id=_needed("Your own id (principal id): "),
        display_name=terminal.ask("Your name, as shown (may be empty): "),
        access_key_id=_needed("Access key id: "),
        secret_access_key=_needed("Secret access key (stays hidden): ", hidden=True),
    )


def ask_keys(studio: StudioSettings) -> Keys:
    """Ask for the keys to a studio that the settings know already."""
    say(f"No keyring holds your keys for {studio.name}, so they are asked for each time.")
    answer = terminal.ask_hidden("Paste your invite or your access key id (stays hidden): ")
    if PREFIX in answer:
        invite = _decoded(answer)
        whose = (invite.endpoint_url, invite.studio_id, invite.principal_id)
        if whose != (studio.endpoint_url, studio.studio_id, studio.principal_id):
            raise Stop(
                exit_codes.FAILED,
                f"This invite is not the one for {studio.name}; nothing was sent.",
            )
        return invite.keys
    if not answer:
        raise Stop(exit_codes.NOT_SIGNED_IN, "No keys were given.")
    return Keys(answer, _needed("Secret access key (stays hidden): ", hidden=True))


def _decoded(pasted: str) -> Invite:
    try:
        return Invite.decode(pasted)
    except ValueError as error:
        raise Stop(exit_codes.FAILED, str(error)) from None


def _needed(question: str, *, hidden: bool = False) -> str:
    answer = terminal.ask_hidden(question) if hidden else terminal.ask(question)
    if not answer:
        raise Stop(exit_codes.FAILED, "It cannot be left empty; nothing was changed.")
    return answer
