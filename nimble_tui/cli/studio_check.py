"""studio check: what a studio needs to be served, a line each."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nimble_tui.cli import exit_codes
from nimble_tui.cli.extra_packages import extra_packages
from nimble_tui.cli.health import Finding, show
from nimble_tui.cli.master_key import master_key_of
from nimble_tui.cli.output import print_json
from nimble_tui.config.timeout import run_with_timeout
from nimble_tui.core.endpoints import endpoint_host, is_loopback

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from nimble_tui.studio.config_file import StudioConfig
    from nimble_tui.studio.store.database import Store

_LEAST_SPACE: Final = 256 * 1024 * 1024
_SOON: Final = 30
"""Days before its end at which a certificate is a problem."""
_SECONDS: Final = 5.0


def check(args: Namespace) -> int:
    """Print the findings, and return 0 if nothing is wrong; changes nothing."""
    with extra_packages():
        import nimble_tui.studio.tls_files  # noqa: F401 - before the first line

    findings = []
    for finding in _findings(Path(args.config).absolute()):
        findings.append(finding)
        if not args.json:
            show(finding)
    is_well = not any(finding.good is False for finding in findings)
    if args.json:
        print_json({"ok": is_well, "findings": [_facts(one) for one in findings]})
    return exit_codes.DONE if is_well else exit_codes.FAILED


def _facts(finding: Finding) -> dict[str, object]:
    return {
        "about": finding.about,
        "ok": finding.good,
        "text": finding.what,
        "fix": finding.fix if finding.good is False else "",
    }


def _findings(path: Path) -> Iterator[Finding]:
    from nimble_tui.studio.config_file import ConfigError, read_config
    from nimble_tui.studio.configured_store import configured_store
    from nimble_tui.studio.store.errors import StoreError
    from nimble_tui.studio.store.master_key import MasterKeyError

    try:
        config = read_config(path)
    except ConfigError as error:
        for problem in str(error).splitlines():
            yield Finding("Settings", False, problem, f"correct {path}")
        return
    yield Finding("Settings", True, str(path))
    try:
        master_key = master_key_of(config)
        with configured_store(config, master_key) as store:
            yield _of_master_key(config)
            yield from _of_store(config, store)
            yield from _of_clock(store)
            yield from _of_machines(config, store)
    except MasterKeyError as error:
        yield Finding("Master key", False, str(error))
    except (ConfigError, StoreError) as error:
        yield Finding("Data", False, str(error))
    yield from _of_certificate(config)
    yield from _of_port(config)
    yield from _of_address(config)


def _of_master_key(config: StudioConfig) -> Finding:
    if config.master_key is None:
        return Finding("Master key", None, "none set, so access keys are not encrypted")
    return Finding("Master key", True, f"{config.master_key}; matches the data")


def _of_store(config: StudioConfig, store: Store) -> Iterator[Finding]:
    from nimble_tui.studio.store.records import Kind

    # It was opened, so that it is whole and of a layout that this version knows.
    with store.read() as tx:
        is_held = store.is_held(tx)
        studio = tx.resource(Kind.STUDIO, tx.fact("studio_id") or "")
        people = len(tx.people())
    if is_held:
        yield Finding(
            "Data",
            False,
            f"{config.store} is a copy that is not in charge of the workstations",
            "once the original is stopped permanently, run nimble-tui studio takeover",
        )
    else:
        with store.write():  # BusyError or StoreError where it can't be
            pass
        yield Finding(
            "Data", True, f"{config.store} is intact and can be written; people: {people}"
        )
    if studio is None or studio.state in {"DELETE_IN_PROGRESS", "DELETED"}:
        yield Finding(
            "Studio",
            False,
            "it was deleted, so nothing in it can be changed",
            "restore a backup, or set up another one with nimble-tui studio init",
        )
    free = shutil.disk_usage(config.store.parent).free
    yield Finding(
        "Disk",
        free >= _LEAST_SPACE,
        f"{free // 2**20} MiB free beside the data",
        f"make room in {config.store.parent}",
    )


def _of_clock(store: Store) -> Iterator[Finding]:
    from nimble_tui.core.clock import SystemClock
    from nimble_tui.studio.boot_clock import system_boot_clock
    from nimble_tui.studio.clock_guard import ClockGuard

    guard = ClockGuard(SystemClock(), system_boot_clock())
    with store.read() as tx:
        guard.begin(tx)
        held_back = len(guard.held_back(tx))
    times = guard.times()
    shown = f"{times[0]:%Y-%m-%d %H:%M:%S} UTC"
    if len(times) > 1:
        yield Finding(
            "Clock",
            False,
            f"this computer's clock jumped to {times[-1]:%Y-%m-%d %H:%M:%S} UTC; the studio's time "
            f"is {shown}, and {held_back} deadlines wait",
            "correct the clock, or accept it with nimble-tui studio clock --accept",
        )
    elif guard.is_checked:
        yield Finding("Clock", True, shown)
    else:
        yield Finding("Clock", None, f"{shown}; this computer has no second clock to check it")


def _of_machines(config: StudioConfig, store: Store) -> Iterator[Finding]:
    from nimble_tui.studio.compute.simulated import SimulatedCompute
    from nimble_tui.studio.computes import compute_of
    from nimble_tui.studio.config_file import ConfigError
    from nimble_tui.studio.lifecycle import patrols

    with store.read() as tx:
        noted = patrols.findings(tx)
    try:
        compute = compute_of(config) or SimulatedCompute()
        found = compute.check()
    except ConfigError as error:
        yield Finding("Machines", False, str(error))
        found = []
    for finding in (*found, *noted):
        yield Finding("Machines", finding.ok, finding.text.rstrip("."))


def _of_certificate(config: StudioConfig) -> Iterator[Finding]:
    """Say whether the certificate is valid, and for how long."""
    from datetime import UTC, datetime

    from nimble_tui.studio.tls_files import CertificateError, TlsFiles

    about, host = "Certificate", _host(config)
    if config.certificate is None or config.key is None:
        where = "on this computer only" if not config.trusted_proxies else "to a proxy"
        yield Finding(about, None, f"none; the studio speaks plain HTTP {where}")
        return
    try:
        loaded = TlsFiles(config.certificate, config.key, host).loaded
    except CertificateError as error:
        yield Finding(about, False, str(error))
        return
    days = (loaded.ends_at - datetime.now(UTC)).days
    text = f"for {host}, fits its key, ends on {loaded.ends_at:%Y-%m-%d} (in {days} days)"
    own = loaded.authority and f" by nimble-tui studio certificate {config.certificate.parent}"
    fix = f"renew it{f'{own} --name {host} --renew' if own else ''}"
    yield Finding(about, days >= _SOON, text, fix)


def _of_port(config: StudioConfig) -> Iterator[Finding]:
    """Say whether the studio answers at its port, or could be served there."""
    from nimble_tui.studio.http.listening import ListenError, listen

    about, (host, port) = "Port", config.listen
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with
    try:
        listen(host, port).close()
    except ListenError as error:
        status = _health(here, port, _host(config), with_tls=config.certificate is not None)
        if status == 200:
            yield Finding(about, True, f"the studio is served on {host} port {port}, and answers")
        elif status == 503:
            yield Finding(
                about,
                False,
                f"the studio is served on {host} port {port}, and cannot read its data",
                "check its log",
            )
        else:
            yield Finding(about, False, str(error))
    else:
        yield Finding(about, True, f"{host} port {port} is free; the studio is not being served")


def _health(host: str, port: int, name: str, *, with_tls: bool) -> int | None:
    """Return the status of /healthz of what listens on a port; None where it is no studio."""
    import ssl
    from http.client import HTTPConnection, HTTPException

    try:
        connection = HTTPConnection(host, port, timeout=_SECONDS)
        connection.sock = socket.create_connection((host, port), _SECONDS)
        if with_tls:
            # Only asked whether it is the studio; the certificate has a line of its own.
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection.sock = context.wrap_socket(connection.sock, server_hostname=name)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"{name}:{port}"})
            reply = connection.getresponse()
            is_studio = reply.read(64).startswith(b"The studio ")
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError):
        return None
    return reply.status if is_studio else None


def _of_address(config: StudioConfig) -> Iterator[Finding]:
    """Say whether the name that artists use is known here."""
    host = _host(config)
    if is_loopback(host):
        yield Finding("Address", None, f"{host} can be reached from this computer only")
        return
    try:
        run_with_timeout(lambda: socket.getaddrinfo(host, None), _SECONDS, "looking up the address")
    except (OSError, TimeoutError, UnicodeError):
        yield Finding(
            "Address", None, f"{host} does not resolve here; artists need it in their DNS"
        )
    else:
        yield Finding("Address", True, f"{host} resolves here")


def _host(config: StudioConfig) -> str:
    return endpoint_host(config.public_url) if config.public_url else config.listen.host
