"""What can be found out about the terminal, the network and the clock without signing in."""

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

from nimble_tui.client.certificates import (
    VARIABLES,
    distrust,
    named_authorities,
    new_context,
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

_PATIENCE = 6.0
# A signature is refused when the clocks are further apart than this.
_SKEW = timedelta(minutes=15)
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
_CERTIFICATES = (*VARIABLES, "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is like, and how to mend it when it is wrong.

    `good` is None for what is neither right nor wrong.
    """

    about: str
    good: bool | None
    what: str
    fix: str = ""


def of_terminal(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at the terminal."""
    if not sys.stdout.isatty():
        yield Finding("Terminal", None, "this is none, so its size and colours are not known")
        return
    columns, lines = shutil.get_terminal_size()
    roomy = columns >= 80 and lines >= 24
    yield Finding(
        "Terminal",
        roomy,
        f"{columns} × {lines}",
        "make the window at least 80 × 24, so that all fits",
    )
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    yield Finding(
        "Characters",
        encoding == "utf8",
        sys.stdout.encoding or "unknown",
        "set your language to one with UTF-8, such as LANG=en_US.UTF-8",
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
            f"as {environ.get('TERM') or 'an unknown terminal'} shows them",
            "use a terminal with colours",
        )


def of_surroundings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Name what in the environment changes how a studio is reached; values may be secret."""
    named = [name for name in (*_PROXIES, *_CERTIFICATES) if environ.get(name)]
    if named:
        yield Finding("Environment", None, f"{', '.join(named)} decide how studios are reached")
    authorities = named_authorities(environ)
    if authorities is not None and authorities.problem:
        yield Finding(
            "Certificates",
            False,
            f"{authorities.setting} names {authorities.problem}",
            "correct or remove that setting",
        )


def of_files(files: Mapping[str, tuple[Path, str]]) -> Iterator[Finding]:
    """Look at whether our own files are where they can be written; none is made.

    With each comes the variable of the environment that says where it is; without one it is used
    on any drive.
    """
    for about, (path, variable) in files.items():
        if variable and not has_modes(path.parent):
            what = f"{path} is on a drive where chmod has no effect, so it is not used"
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
            f"let {path} be a file that you may write, and give its folder room; until then what "
            "it is for is forgotten at the end of the program",
        )


def of_address(url: str, now: datetime) -> Iterator[Finding]:
    """Ask at a studio's address, unsigned, who is there and what time it is."""
    host = urlsplit(url).netloc
    if is_closed_by_aws(endpoint_host(url)):
        yield Finding("Address", False, AWS_CLOSED)
        return
    try:
        date = run_with_timeout(lambda: _date_at(url), _PATIENCE, "asking the address")
    except TimeoutError:
        what = f"{host} does not answer"
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            what, _, remedy = distrust(host, named_authorities(os.environ)).partition("; ")
            yield Finding("Address", False, what, remedy.rstrip("."))
            return
        what = f"{host} is not reached ({type(reason).__name__})"
    else:
        yield Finding("Address", True, f"{host} answers")
        yield _clock(date, now)
        return
    fix = "check the address, that you are online, and on the studio's VPN where it has one"
    yield Finding("Address", False, what, fix)


def _clock(date: str | None, now: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(date or "")
        off = now - there
    except (ValueError, TypeError):
        return Finding("Clock", None, "the studio does not say what time it is")
    if abs(off) < _SKEW:
        return Finding("Clock", True, "agrees with the studio's")
    ahead = "ahead of" if off > timedelta() else "behind"
    return Finding(
        "Clock",
        False,
        f"this computer's is {in_words(abs(off))} {ahead} the studio's",
        "set this computer's clock by the network; until then the studio refuses what you sign",
    )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow none: what answers is asked nothing more."""


def _date_at(url: str) -> str | None:
    """Return the Date header of whatever answers."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if url.startswith("https:"):
        context = new_context(named_authorities(os.environ))
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
