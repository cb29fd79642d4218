"""studio init: a studio of one's own in a new folder, ready to be served."""

import json
import os
import shlex
import socket
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from nimble_tui.cli import exit_codes, terminal
from nimble_tui.cli.certificate import AUTHORITY, SERVER, write_certificate
from nimble_tui.cli.errors import say
from nimble_tui.cli.exit_codes import Stop
from nimble_tui.cli.extra_packages import extra_packages
from nimble_tui.config.credentials import KeyringUnavailableError, KeyringVault
from nimble_tui.config.files import make_folder, write_file
from nimble_tui.core.endpoints import is_loopback
from nimble_tui.core.text import clean
from nimble_tui.studio.compute.local.check import runs_here
from nimble_tui.studio.compute.local.settings import DEFAULT, total_memory
from nimble_tui.studio.config_file import (
    CHECKS,
    COMPUTES,
    KEYRING,
    LOCAL,
    ConfigError,
    parse_config,
)
from nimble_tui.studio.invites import LONGEST_NAME
from nimble_tui.studio.store.master_key import MasterKey, make_master_key

TLS: Final = ("own", "files", "none")
CONFIG: Final = "studio.toml"
STORE: Final = "studio.sqlite3"
MASTER_KEY: Final = "master.key"
_BESIDE_STORE: Final = ("-wal", "-shm", "-journal")
_LOOPBACK_PROXIES: Final = ("127.0.0.1", "::1")
_TLS_QUESTION: Final = """\
How will artists' connections be encrypted?
  own    with the studio's own certificate authority, which invites carry
  files  with a certificate that you have
  none   by a proxy in front, or not at all (this computer only)
TLS"""


class _Plan(NamedTuple):
    """The answers to all questions."""

    name: str
    operator: str
    tls: str
    listen: str
    public_url: str
    compute: str
    certificate: Path | None = None
    key: Path | None = None


def init(args: Namespace) -> int:
    """Ask what a new studio is like, make its folder, and print its first operator's invite."""
    with extra_packages():
        import nimble_tui.studio.tls_files  # noqa: F401 - before the first question

    folder = Path(args.folder).absolute()
    _need_room(folder)
    plan = _plan(args, folder)
    text = _settings(plan, args)
    try:
        parse_config(text, folder / CONFIG)
    except ConfigError as error:
        raise Stop(
            exit_codes.USAGE,
            "These answers contradict each other; nothing was created.",
            str(error),
        ) from None
    with _undone_on_failure(folder):
        invite = _make(folder, plan, args.region, text, in_keyring=args.master_key == KEYRING)
    _say_what_is_next(folder, plan, in_keyring=args.master_key == KEYRING)
    print(invite)
    return exit_codes.DONE


def _plan(args: Namespace, folder: Path) -> _Plan:
    """Return all answers, from options and, at a terminal, from the person there."""
    for option, value in (("region", args.region), ("proxy", args.proxy)):
        _check_option(option, value)
    ask = _Questions(args)
    name = ask("name", "Name of the studio", CHECKS["name"])
    operator = ask("operator", "Your name or e-mail address, as its first operator", _operator)
    tls = ask("tls", _TLS_QUESTION, _choice(TLS), "own")
    port = "127.0.0.1:8080" if tls == "none" else "0.0.0.0:8443"
    listen = ask("listen", "Address and port to listen on", CHECKS["listen"], port)
    public_url = ask(
        "public_url",
        "Address at which artists reach it",
        CHECKS["public_url"],
        _likely_url(CHECKS["listen"](listen), tls) if not ask.problems else "",
    )
    certificate = key = ""
    if tls == "files":
        certificate = ask("certificate", "File of the certificate, PEM", _file)
        key = ask("key", "File of its key, PEM", _file)
    elif args.certificate or args.key:
        raise Stop(exit_codes.USAGE, "--certificate and --key are for --tls files.")
    compute = args.compute or COMPUTES[0]
    cannot_run = runs_here() if compute == LOCAL or terminal.can_ask() else ""
    if compute == LOCAL and cannot_run:
        raise Stop(exit_codes.USAGE, f"--compute {LOCAL}: {cannot_run}")
    if not cannot_run:
        question = f"What runs the workstations ({' or '.join(COMPUTES)})"
        compute = ask("compute", question, _choice(COMPUTES), compute)
    ask.finish()
    files = (Path(certificate).absolute(), Path(key).absolute()) if certificate else (None, None)
    if tls == "own":
        files = (folder / SERVER[0], folder / SERVER[1])
    return _Plan(name, operator, tls, listen, public_url.rstrip("/"), compute, *files)


def _check_option(option: str, value: object) -> None:
    setting = {"proxy": "trusted_proxies"}.get(option, option)
    try:
        CHECKS[setting](value if value is not None else [])
    except ValueError as error:
        raise Stop(exit_codes.USAGE, f"--{option} {error}.") from None


class _Questions:
    """Asks for what no option says; without a terminal it notes what is missing."""

    def __init__(self, args: Namespace) -> None:
        self._args = args
        self._can_ask = terminal.can_ask()
        self._missing: list[str] = []

    @property
    def problems(self) -> bool:
        """True if an answer is missing."""
        return bool(self._missing)

    def __call__(
        self, name: str, question: str, check: Callable[[object], Any], default: str = ""
    ) -> str:
        """Return a checked answer; "" where it is missing."""
        option = f"--{name.replace('_', '-')}"
        given: str | None = getattr(self._args, name)
        if given is not None:
            try:
                check(given)
            except ValueError as error:
                raise Stop(exit_codes.USAGE, f"{option} {error}.") from None
            return given
        while self._can_ask:
            answer = terminal.ask(f"{question}{f' [{default}]' if default else ''}: ") or default
            try:
                check(answer)
            except ValueError as error:
                say(f"The answer {error}.")
            else:
                return answer
        if not default:
            self._missing.append(option)
        return default

    def finish(self) -> None:
        """End the command where an answer is missing."""
        if self._missing:
            raise Stop(
                exit_codes.USAGE,
                f"Without a terminal for prompts, studio init needs {' and '.join(self._missing)}.",
            )


def _likely_url(listen: Any, tls: str) -> str:
    """Return where artists probably reach the studio; "" where only the person knows."""
    if is_loopback(listen.host):
        host = f"[{listen.host}]" if ":" in listen.host else listen.host
        return f"{'http' if tls == 'none' else 'https'}://{host}:{listen.port}"
    return f"https://{socket.getfqdn()}:{listen.port}" if terminal.can_ask() else ""


def _operator(value: object) -> str:
    name = str(value).strip()
    if not 1 <= len(name) <= LONGEST_NAME or clean(name) != name:
        raise ValueError(f"must be a name of 1 to {LONGEST_NAME} visible characters")
    return name


def _file(value: object) -> str:
    if not value or not Path(str(value)).is_file():
        raise ValueError("must name an existing file")
    return str(value)


def _choice(choices: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in choices:
            raise ValueError(f"must be {', '.join(choices[:-1])} or {choices[-1]}")
        return str(value)

    return check


def _settings(plan: _Plan, args: Namespace) -> str:
    """Return the content of studio.toml."""
    proxies = args.proxy or []
    if plan.tls == "none" and not proxies and plan.public_url.startswith("https://"):
        proxies = list(_LOOPBACK_PROXIES)
    serve = {"listen": plan.listen, "public_url": plan.public_url}
    if plan.tls != "none":
        serve |= {"certificate": _named(plan, plan.certificate), "key": _named(plan, plan.key)}
    tables: dict[str, dict[str, object]] = {
        "studio": {
            "name": plan.name,
            "region": args.region,
            "compute": plan.compute,
            "store": STORE,
            "master_key": KEYRING if args.master_key == KEYRING else MASTER_KEY,
        },
        "serve": {**serve, **({"trusted_proxies": proxies} if proxies else {})},
    }
    lines = [
        "# Settings of a studio: nimble-tui studio serve --config studio.toml",
        "# Paths are relative to this file's folder unless they begin with /. No access keys or",
        "# passwords belong here. After a change run: nimble-tui studio check --config studio.toml",
    ]
    for table, values in tables.items():
        lines += ["", f"[{table}]"]
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
        ]
    if plan.compute == LOCAL:
        lines += _limits()
    return "\n".join(lines) + "\n"


def _limits() -> list[str]:
    """Return the lines that let four workstations of any type run on this computer at a time."""
    cpus = max((os.cpu_count() or 1) // 4, 1)
    memory = max(total_memory() // 2**20 // 4, 1)
    return [
        "",
        '# The limits of a workstation; [local.types."g5.xlarge"] has those of one instance type.',
        f"[local.types.{DEFAULT}]",
        f"cpus = {cpus}",
        f'memory = "{memory} MiB"',
        'disk = "50 GiB"',
    ]


def _named(plan: _Plan, path: Path | None) -> str:
    """Return a file as studio.toml names it: its own ones without the folder."""
    return str(path) if plan.tls == "files" or path is None else path.name


def _make(folder: Path, plan: _Plan, region: str, text: str, *, in_keyring: bool) -> str:
    """Make everything in the folder; return the operator's invite."""
    from nimble_tui.studio.invites import PeopleError, invite
    from nimble_tui.studio.new_studio import make_studio
    from nimble_tui.studio.store.errors import StoreError
    from nimble_tui.studio.studio_file import StudioFile
    from nimble_tui.studio.tls_files import CertificateError, TlsFiles

    host = urlsplit(plan.public_url).hostname or ""
    store = folder / STORE
    try:
        make_folder(folder)
        authority = ""
        if plan.tls == "own":
            write_certificate(folder, [host])
        if plan.certificate and plan.key:
            authority = TlsFiles(plan.certificate, plan.key, host).loaded.authority
        master_key = _make_master_key(folder, in_keyring=in_keyring)
        make_studio(
            store,
            name=plan.name,
            region=region,
            public_url=plan.public_url,
            now=datetime.now(UTC),
            authority=authority,
            master_key=master_key,
        )
        file = StudioFile(store, master_key)
        issued = invite(file, plan.operator, operator=True, endpoint_url=plan.public_url)
        write_file(folder / CONFIG, text.encode())
    except OSError as error:
        where = error.filename or folder
        raise Stop(
            exit_codes.FAILED, f"{where}: {error.strerror or error}. Nothing was left behind."
        ) from None
    except (CertificateError, PeopleError, StoreError) as error:
        raise Stop(exit_codes.FAILED, f"{error} Nothing was left behind.") from None
    return issued.invite.encode()


def _make_master_key(folder: Path, *, in_keyring: bool) -> MasterKey:
    """Make the key that the studio's access keys are encrypted with, and store it."""
    if not in_keyring:
        return make_master_key(folder / MASTER_KEY)
    key = MasterKey.new()
    try:
        KeyringVault().store_master_key(str(folder / STORE), key.text)
    except KeyringUnavailableError as error:
        raise Stop(
            exit_codes.FAILED,
            f"The master key cannot be stored: {error} Leave out --master-key keyring to store "
            "it in a file; nothing was left behind.",
        ) from None
    return key


def _own_names() -> list[str]:
    return [CONFIG, STORE, MASTER_KEY, *(STORE + one for one in _BESIDE_STORE), *AUTHORITY, *SERVER]


def _need_room(folder: Path) -> None:
    """Refuse a folder in which anything would be overwritten."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise Stop(exit_codes.FAILED, f"{folder} is not a folder; choose another one.")
    there = [name for name in _own_names() if os.path.lexists(folder / name)]
    if CONFIG in there:
        raise Stop(exit_codes.FAILED, f"{folder} already contains a studio; choose another folder.")
    if there:
        raise Stop(
            exit_codes.FAILED,
            f"{folder} already contains {', '.join(there)}, and nothing is overwritten; move that "
            "away, or choose another folder.",
        )


@contextmanager
def _undone_on_failure(folder: Path) -> Iterator[None]:
    """Remove what was made of a folder where that did not finish."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        yield
    except BaseException:
        for name in _own_names():
            (folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # another program put something there
            for one in missing:
                one.rmdir()
        raise


def _say_what_is_next(folder: Path, plan: _Plan, *, in_keyring: bool) -> None:
    config = shlex.quote(str(folder / CONFIG))
    say(
        f"{plan.name} is set up in {folder}.",
        "1. Serve it, and leave that running:",
        f"     nimble-tui studio serve --config {config}",
        "2. In another terminal, define what artists can launch:",
        f'     nimble-tui studio image add "Rocky 9" --config {config}',
        f'     nimble-tui studio profile add Lighting --image "Rocky 9" --config {config}',
        "3. Invite an artist, and add them to the launch profile:",
        f'     nimble-tui studio invite "Ada Kovac" --config {config}',
        f'     nimble-tui studio profile edit Lighting --member "Ada Kovac" --config {config}',
    )
    where = "in this computer's keyring" if in_keyring else f"in {folder / MASTER_KEY}"
    say(
        f"The master key is {where}. Store a copy of it apart from your backups: without it no "
        "backup can be restored."
    )
    if plan.tls == "own":
        say(
            f"Put {folder / AUTHORITY[1]} somewhere safe: anyone who has it can pass for the "
            "studio."
        )
    say(
        f"This invite signs in {plan.operator}, the operator: paste it into nimble-tui login, and "
        "share it with no one else."
    )
