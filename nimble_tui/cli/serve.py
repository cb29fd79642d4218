"""studio serve."""

from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from nimble_tui.cli import exit_codes
from nimble_tui.cli.demo_file import in_use
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.extra_packages import extra_packages
from nimble_tui.config.paths import demo_file


def serve(args: Namespace) -> int:
    """Serve a studio until it is stopped."""
    if args.config:
        return _serve_config(args)
    from nimble_tui.studio.serve import serve as serve_studio

    data = _data(args)
    held: AbstractContextManager[None] = nullcontext()
    if data is not None and data.resolve() == demo_file().resolve():
        held = in_use(data)
    with held:
        return serve_studio(
            host=args.host,
            port=args.port,
            data=data,
            speed=args.speed,
            sessions=args.sessions,
            show_keys=args.demo and not args.data,
            host_names=args.host_name or (),
        )


def _serve_config(args: Namespace) -> int:
    if args.demo or args.data or args.ephemeral or args.host_name or args.port:
        raise Stop(
            exit_codes.USAGE, "--config names the studio and where it listens; use it alone."
        )
    with extra_packages():
        from nimble_tui.studio.serve_config import serve_config
    from nimble_tui.cli.master_key import master_key_of

    return serve_config(Path(args.config).absolute(), speed=args.speed, master_key_of=master_key_of)


def _data(args: Namespace) -> Path | None:
    """Return the data file to serve, None for memory; Stop where the words do not fit."""
    if not args.demo and not args.data:
        raise Stop(exit_codes.USAGE, "No studio given. Use --config FILE, --data FILE, or --demo.")
    if args.ephemeral and (args.data or not args.demo):
        raise Stop(exit_codes.USAGE, "--ephemeral is only for the demo studio, and without --data.")
    if args.sessions is not None and not args.demo:
        raise Stop(exit_codes.USAGE, "--sessions is only for the demo studio; add --demo.")
    if args.ephemeral:
        return None
    data = Path(args.data).absolute() if args.data else demo_file()
    if not args.demo and not data.exists():
        raise Stop(
            exit_codes.FAILED,
            f"No studio in {data}. To create a demo studio there, add --demo.",
        )
    return data
