"""studio serve."""

from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.cli.demo_file import in_use
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.config.paths import demo_file


def serve(words: Namespace) -> int:
    """Serve a studio until it is stopped."""
    from nimble_tui.studio.serve import serve as serve_studio

    data = _data(words)
    held: AbstractContextManager[None] = nullcontext()
    if data is not None and data.resolve() == demo_file().resolve():
        held = in_use(data)
    with held:
        return serve_studio(
            host=words.host,
            port=words.port,
            data=data,
            speed=words.speed,
            sessions=words.sessions,
            show_keys=words.demo and not words.data,
            host_names=words.host_name or (),
        )


def _data(words: Namespace) -> Path | None:
    """Return the data file to serve, None for memory; Stop where the words do not fit."""
    if not words.demo and not words.data:
        raise Stop(exit_codes.USAGE, "Say which studio: its --data FILE, or --demo.")
    if words.ephemeral and (words.data or not words.demo):
        raise Stop(exit_codes.USAGE, "Only the demo studio can be --ephemeral, and without --data.")
    if words.sessions is not None and not words.demo:
        raise Stop(exit_codes.USAGE, "Only the demo studio takes --sessions; add --demo.")
    if words.ephemeral:
        return None
    data = Path(words.data).absolute() if words.data else demo_file()
    if not words.demo and not data.exists():
        raise Stop(
            exit_codes.FAILED,
            f"There is no studio in {data}; add --demo to make a demo studio there.",
        )
    return data
