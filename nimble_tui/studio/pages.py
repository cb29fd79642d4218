"""The pages that the studio shows to a person: where a workstation's screen would be.

They need no script and no other host, and the only credential for a page is the
token in its address.
"""

import base64
import hashlib
import re
from html import escape
from typing import Final

from nimble_tui.core.text import clean
from nimble_tui.studio.http.codec import Reply
from nimble_tui.studio.store.records import Document, Kind, Resource, time_of
from nimble_tui.studio.store.transaction import Transaction
from nimble_tui.studio.stream_tokens import check_stream_token

PREFIX: Final = "/stream/"
"""The prefix of the paths of pages; the API's own begin with its version."""

_PATH: Final = re.compile(rf"{PREFIX}([\w-]{{1,64}})", re.ASCII)
_STYLE: Final = """
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem;
  background: radial-gradient(70rem 40rem at 50% -10rem, #25405e, #0d1117 70%); color: #e6edf3;
  font: 1rem/1.6 system-ui, sans-serif; }
main { width: min(40rem, 100%); padding: 2.5rem; border: 1px solid #30435a; border-radius: 1rem;
  background: #131b26; box-shadow: 0 1.5rem 4rem #0008; }
.kind { margin: 0; color: #7dd3c0; font-size: .8rem; font-weight: 600; letter-spacing: .12em;
  text-transform: uppercase; }
h1 { margin: .25rem 0 1rem; font-size: 2rem; line-height: 1.25; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .6rem 1.5rem; margin: 1.5rem 0; }
dt { color: #93a4b8; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .9rem ui-monospace, monospace; }
.until { margin: 0; padding-top: 1.25rem; border-top: 1px solid #30435a; color: #93a4b8; }
"""
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; style-src 'sha256-"
    f"{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def answer(tx: Transaction, raw_path: str, raw_query: str) -> Reply:
    """Return the page of a stream: 200 while it is READY, 410 once it is over, else 404."""
    stream = _stream(tx, raw_path, raw_query)
    if stream is not None and stream.state == "READY":
        session = tx.resource(Kind.STREAMING_SESSION, stream.document["sessionId"])
        if session is not None:
            return _workstation(tx, session, stream)
    if stream is not None and stream.state == "DELETED":
        return _note(
            410,
            "This link has expired",
            "Links to a workstation work for a short time only. Connect again to get a new one.",
        )
    return _note(404, "Link not found", "Check that you copied the complete address.")


def _stream(tx: Transaction, raw_path: str, raw_query: str) -> Resource | None:
    """Return the stream that an address names and holds the token of."""
    named = _PATH.fullmatch(raw_path)
    stream = tx.resource(Kind.STREAMING_SESSION_STREAM, named[1]) if named else None
    if stream is None:
        return None
    sent = raw_query.removeprefix("authToken=")
    return stream if check_stream_token(tx, stream.id, sent) else None


def _workstation(tx: Transaction, session: Resource, stream: Resource) -> Reply:
    document = session.document
    profile = _document(tx, Kind.LAUNCH_PROFILE, document["launchProfileId"])
    image = _document(tx, Kind.STREAMING_IMAGE, document["streamingImageId"])
    owner = tx.person(document["ownedBy"])
    profile_name = profile.get("name", "")
    name = document.get("tags", {}).get("Name") or f"{profile_name} · {session.id[-4:]}"
    platform = {"LINUX": " (Linux)", "WINDOWS": " (Windows)"}.get(image.get("platform", ""), "")
    facts = {
        "Launch profile": _shown(profile_name),
        "Machine type": _shown(document["ec2InstanceType"]),
        "Image": _shown(f"{image.get('name', '')}{platform}"),
        "Belongs to": _shown(owner.name if owner else ""),
        "Id": f"<code>{_shown(session.id)}</code>",
    }
    rows = "".join(f"<dt>{term}</dt><dd>{fact}</dd>" for term, fact in facts.items())
    until = time_of(stream.document, "expiresAt")
    works = f"This link works until {until:%H:%M:%S} UTC. " if until else ""
    return _page(
        200,
        "Simulated workstation",
        name,
        "<p>In a real studio you would now see its desktop. This machine is simulated: "
        f"it runs nothing and costs nothing.</p><dl>{rows}</dl>"
        f'<p class="until">{works}Closing this page does not stop the workstation.</p>',
    )


def _document(tx: Transaction, kind: Kind, resource_id: str) -> Document:
    resource = tx.resource(kind, resource_id)
    return resource.document if resource else {}


def _note(status: int, title: str, text: str) -> Reply:
    return _page(status, "Workstation", title, f"<p>{text}</p>")


def _page(status: int, kind: str, title: str, content: str) -> Reply:
    """Return a page; `content` is HTML, the others are text."""
    html = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_shown(title)}</title><style>{_STYLE}</style></head>\n"
        f'<body><main><p class="kind">{kind}</p><h1>{_shown(title)}</h1>{content}</main></body>'
        "</html>\n"
    )
    return Reply(status, dict(_HEADERS), html.encode())


def _shown(text: str) -> str:
    """Return text from outside as HTML that draws itself and nothing else."""
    return escape(clean(text))
