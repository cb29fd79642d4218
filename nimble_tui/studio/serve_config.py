"""Serves a studio to its artists, as studio.toml says, until it is stopped."""

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from nimble_tui.studio.authority_note import note_authority
from nimble_tui.studio.compute.local import cgroups
from nimble_tui.studio.computes import compute_of
from nimble_tui.studio.config_file import ConfigError, StudioConfig, read_config
from nimble_tui.studio.configured_store import configured_store
from nimble_tui.studio.http.errors import ApiError
from nimble_tui.studio.http.front import LOOPBACK_HOSTS
from nimble_tui.studio.http.listening import ListenError
from nimble_tui.studio.http.metrics import Metrics
from nimble_tui.studio.http.observing import Answered, StatusPages, access, log_access
from nimble_tui.studio.http.public_server import PublicServer
from nimble_tui.studio.http.rate_limit import RateLimit
from nimble_tui.studio.http.screen_handshake import Names
from nimble_tui.studio.http.screen_pages import ScreenPages
from nimble_tui.studio.invites import PeopleError, opened
from nimble_tui.studio.pages import PREFIX
from nimble_tui.studio.serve import until_stopped
from nimble_tui.studio.store.errors import HeldStoreError, StoreError
from nimble_tui.studio.store.layout import STORE_ID
from nimble_tui.studio.store.master_key import MasterKey, MasterKeyError
from nimble_tui.studio.store.records import Kind
from nimble_tui.studio.studio import Studio
from nimble_tui.studio.studio_file import StudioFile
from nimble_tui.studio.tls_files import CertificateError, TlsFiles

_STARTS: Final = "%(asctime)s %(message)s"


def serve_config(
    path: Path,
    *,
    speed: float = 1.0,
    master_key_of: Callable[[StudioConfig], MasterKey | None] = lambda _: None,
) -> int:
    """Serve until SIGINT or SIGTERM and return the exit code.

    Once it answers, stdout says where: a sentence on a terminal, elsewhere one line of JSON. What
    stands in the way is a sentence a problem on stderr, and 1. SIGHUP reads the certificate again.
    `master_key_of` reads the master key that settings name; it raises MasterKeyError.
    """
    logging.basicConfig(level=logging.WARNING, format=_STARTS)
    try:
        config = read_config(path)
        master_key = master_key_of(config)
        tls = tls_of(config)
        refresh = _refreshing(tls)
        with (
            _logged_requests(),
            until_stopped() as wait,
            served(config, tls, speed, master_key) as (studio, endpoint_url),
        ):
            print(_said(path, studio, endpoint_url), flush=True)  # noqa: T201 - its output
            wait(refresh)
    except (
        ConfigError,
        CertificateError,
        MasterKeyError,
        PeopleError,
        StoreError,
        ListenError,
    ) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's output
        return 1
    return 0


@contextmanager
def served(
    config: StudioConfig,
    tls: TlsFiles | None,
    speed: float = 1.0,
    master_key: MasterKey | None = None,
) -> Iterator[tuple[Studio, str]]:
    """Serve a studio; yield it, and where artists reach it."""
    store_id = _prepare(config, master_key)
    if config.local:
        cgroups.make_parent()  # for `studio check`, which runs in a group of its own
    with (
        Studio.open(
            config.store,
            master_key=master_key,
            served=True,
            audit_retention=timedelta(days=config.audit_days),
            speed=speed,
            allowed_hosts=_hosts(config),
            public_url=config.public_url,
            compute=compute_of(config, store_id) if config.local else None,
        ) as studio,
        _server(config, tls, studio) as server,
    ):
        endpoint_url = config.public_url or server.endpoint_url
        studio.answers_at(endpoint_url)
        with (
            suppress(HeldStoreError),
            opened(StudioFile(config.store, master_key)) as store,
            store.write() as tx,
        ):
            note_authority(tx, endpoint_url, tls.loaded.authority if tls else "")
        try:
            yield studio, endpoint_url
        finally:
            studio.answered_at(endpoint_url)


def _server(config: StudioConfig, tls: TlsFiles | None, studio: Studio) -> PublicServer:
    """Return a server for a studio, not started yet, that logs and counts what it answers."""

    def observe(answered: Answered) -> None:
        log_access(answered)
        metrics.observe(answered)

    metrics = Metrics(
        connections=lambda: server.counts.total,
        certificate_end=lambda: tls.loaded.ends_at.timestamp() if tls else 0.0,
    )
    studio.application.rate_limit = RateLimit()
    application = ScreenPages(studio.application, config.novnc)
    pages = StatusPages(application, lambda: _is_readable(studio), metrics.text)
    server = PublicServer(
        pages,
        *config.listen,
        tls=tls.context if tls else None,
        proxies=config.trusted_proxies,
        observe=observe,
        gate=studio.screens,
        names=Names(_hosts(config), config.public_url),
    )
    return server


@contextmanager
def _logged_requests() -> Iterator[None]:
    """Log each request to stderr as JSON alone, since programs read those lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    access.addHandler(handler)
    access.setLevel(logging.INFO)
    access.propagate = False
    try:
        yield
    finally:
        access.removeHandler(handler)


def _is_readable(studio: Studio) -> bool:
    """Return whether a page of the studio, which is not there, can be looked for in its data."""
    try:
        studio.page(f"{PREFIX}none", "")
    except ApiError:
        return False
    return True


def _prepare(config: StudioConfig, master_key: MasterKey | None) -> str:
    """Check the store against the settings, name the studio by them, and return the store's id."""
    with configured_store(config, master_key) as store:
        with suppress(HeldStoreError), store.write() as tx:
            for resource in tx.page(Kind.STUDIO) if config.name else ():
                if resource.document.get("displayName") != config.name:
                    resource.document["displayName"] = config.name
                    tx.put(resource)
        with store.read() as tx:
            return tx.fact(STORE_ID) or ""


def tls_of(config: StudioConfig) -> TlsFiles | None:
    """Return the certificate in use, None for plain HTTP; CertificateError where it can't be."""
    if config.certificate is None or config.key is None:
        return None
    host = urlsplit(config.public_url).hostname if config.public_url else None
    return TlsFiles(config.certificate, config.key, str(host or config.listen.host))


def _hosts(config: StudioConfig) -> frozenset[str]:
    """Return the names under which it answers: its own, and loopback's."""
    host = urlsplit(config.public_url or "").hostname or config.listen.host
    return LOOPBACK_HOSTS | {f"[{host}]" if ":" in host else host.lower()}


def _refreshing(tls: TlsFiles | None) -> "_Refresh":
    refresh = _Refresh(tls)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: refresh.request())
    return refresh


class _Refresh:
    """Reads the certificate again where it changed, or a signal said so."""

    def __init__(self, tls: TlsFiles | None) -> None:
        self._tls = tls
        self._is_requested = False

    def request(self) -> None:
        self._is_requested = True

    def __call__(self) -> None:
        if self._tls is not None:
            force, self._is_requested = self._is_requested, False
            self._tls.refresh(force=force)


def _said(path: Path, studio: Studio, endpoint_url: str) -> str:
    about = studio.about
    if sys.stdout.isatty():
        return (
            f"{about.studio_id} is served at {endpoint_url} until ctrl+c.\n"
            f"To invite a person: nimble-tui studio invite PERSON --config {path}"
        )
    facts = {
        "endpoint_url": endpoint_url,
        "region": about.region,
        "studio_id": about.studio_id,
        "identity_store_id": about.identity_store_id,
        "domain_id": about.domain_id,
    }
    return json.dumps(facts)
