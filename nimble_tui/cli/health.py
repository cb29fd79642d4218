"""Checks of the terminal, the network and the clock, without signing in."""

import os
import shutil
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from nimble_tui.cli.output import coloured
from nimble_tui.client.certificates import (
    VARIABLES,
    Authorities,
    distrust,
    named_authorities,
    new_context,
    own_authority,
)
from nimble_tui.config.modes import advice, has_modes
from nimble_tui.config.timeout import run_with_timeout
from nimble_tui.core.durations import in_words
from nimble_tui.core.endpoints import (
    AWS_CLOSED,
    endpoint_host,
    is_closed_by_aws,
    is_loopback,
)
from nimble_tui.core.text import clean

_MARKS = {True: ("ok", "ready"), False: ("WRONG", "loud"), None: ("--", "quiet")}
_PATIENCE = 6.0
# A signature is refused when the clocks are further apart than this.
_SKEW = timedelta(minutes=15)
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
_CERTIFICATES = (*VARIABLES, "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, with a fix if something is wrong.

    `good` is None for a result that is neither right nor wrong.
    """

    about: str
    good: bool | None
    what: str
    fix: str = ""


def show(finding: Finding) -> None:
    """Print a finding, and the fix where something is wrong."""
    mark, style = _MARKS[finding.good]
    print(f"{coloured(mark.ljust(5), style)}  {finding.about}: {clean(finding.what)}", flush=True)
    if finding.good is False and finding.fix:
        print(f"       Fix: {clean(finding.fix)}.")


def of_terminal(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Check the terminal."""
    if not sys.stdout.isatty():
        yield Finding("Terminal", None, "not a terminal; size and colours unknown")
        return
    columns, lines = shutil.get_terminal_size()
    roomy = columns >= 80 and lines >= 24
    yield Finding(
        "Terminal",
        roomy,
        f"{columns} × {lines}",
        "enlarge the window to 80 × 24 or more",
    )
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    yield Finding(
        "Characters",
        encoding == "utf8",
        sys.stdout.encoding or "unknown",
        "use a UTF-8 locale, such as LANG=en_US.UTF-8",
    )
    if environ.get("NO_COLOR"):
        yield Finding("Colours", None, "turned off by NO_COLOR")
    elif environ.get("COLORTERM") in {"truecolor", "24bit"}:
        yield Finding("Colours", True, "all")
    else:
        simple = environ.get("TERM", "") in {"", "dumb"}
        yield Finding(
            "Colours",
            not simple,
            f"as supported by {environ.get('TERM') or 'an unknown terminal'}",
            "use a terminal with colours",
        )


def of_surroundings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Name the environment variables that affect how a studio is reached; values may be secret."""
    named = [name for name in (*_PROXIES, *_CERTIFICATES) if environ.get(name)]
    if named:
        yield Finding("Environment", None, f"{', '.join(named)} affect how studios are reached")
    authorities = named_authorities(environ)
    if authorities is not None and authorities.problem:
        yield Finding(
            "Certificates",
            False,
            f"{authorities.setting} names {authorities.problem}",
            "correct or remove that setting",
        )


def of_files(files: Mapping[str, tuple[Path, str]]) -> Iterator[Finding]:
    """Check that our own files can be written; creates none.

    With each comes the variable of the environment that says where it is; without one it is used
    on any drive.
    """
    for about, (path, variable) in files.items():
        if variable and not has_modes(path.parent):
            what = (
                f"{path} is on a drive without file permissions (chmod has no effect), so it is "
                "not used"
            )
            yield Finding(about, False, what, advice(variable))
            continue
        nearest = path
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        good = nearest.is_file() if nearest == path else nearest.is_dir()
        yield Finding(
            about,
            good and os.access(nearest, os.W_OK),
            str(path),
            f"make {path} a file that you can write, with space in its folder; until then its data "
            "is lost when the program ends",
        )


def of_address(url: str, now: datetime, ca_file: str = "") -> Iterator[Finding]:
    """Check a studio's address and clock with an unsigned request."""
    host, own = urlsplit(url).netloc, own_authority(ca_file)
    if is_closed_by_aws(endpoint_host(url)):
        yield Finding("Address", False, AWS_CLOSED)
        return
    try:
        date = run_with_timeout(lambda: _date_at(url, own), _PATIENCE, "checking the address")
    except TimeoutError:
        what = f"{host} does not respond"
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            what, _, remedy = distrust(host, own or named_authorities(os.environ)).partition("; ")
            yield Finding("Address", False, what, remedy.rstrip("."))
            return
        what = f"cannot reach {host} ({type(reason).__name__})"
    else:
        yield Finding("Address", True, f"{host} responds")
        yield _clock(date, now)
        return
    fix = "check the address, your network, and the studio's VPN if it has one"
    yield Finding("Address", False, what, fix)


def _clock(date: str | None, now: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(date or "")
        off = now - there
    except (ValueError, TypeError):
        return Finding("Clock", None, "the studio does not report its time")
    if abs(off) < _SKEW:
        return Finding("Clock", True, "matches the studio's")
    ahead = "ahead of" if off > timedelta() else "behind"
    return Finding(
        "Clock",
        False,
        f"this computer's is {in_words(abs(off))} {ahead} the studio's",
        "synchronise this computer's clock with a time server; until then the studio rejects your "
        "requests",
    )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect."""


def _date_at(url: str, own: Authorities | None) -> str | None:
    """Return the Date header of the response."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if url.startswith("https:"):
        context = new_context(named_authorities(os.environ), own)
        handlers.append(urllib.request.HTTPSHandler(context=context))
    if is_loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - settings hold http(s) alone
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=_PATIENCE) as answer:
            return str(answer.headers["Date"])
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.headers["Date"]
