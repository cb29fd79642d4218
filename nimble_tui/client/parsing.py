"""Replies read by the model: a member of another kind than it says counts as not there.

botocore's own parser gives up the whole reply for one list that is a number.
"""

from collections.abc import Mapping
from typing import Any

from botocore.model import Shape
from botocore.parsers import ResponseParser, ResponseParserFactory

from nimble_tui.client.json_body import ParsedBody
from nimble_tui.client.reply_checks import timestamp

LENGTH = "BodyLength"
"""The key of a body's length in bytes, in a reply's ResponseMetadata."""

_PROTOCOLS = frozenset({"json", "rest-json"})


class ReplyParsers(ResponseParserFactory):
    """Makes botocore's parsers; the JSON ones tolerate malformed members."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """Return a parser of replies in a protocol such as `rest-json`."""
        parser: Any = super().create_parser(protocol_name)
        return _JsonParser(parser) if protocol_name in _PROTOCOLS else parser


class _JsonParser(ResponseParser):
    """Parses bodies tolerantly; errors go to the original parser."""

    def __init__(self, parser: Any) -> None:
        super().__init__()
        self._parser = parser

    def parse(self, response: Mapping[str, Any], shape: Shape) -> Any:
        """Return the members that a shape has in a reply, times as ISO 8601 in UTC."""
        if response["status_code"] >= 300:
            return self._parser.parse(response, shape)
        body = response["body"]
        values = body.values if isinstance(body, ParsedBody) else {}
        metadata = {"HTTPStatusCode": response["status_code"], LENGTH: len(body)}
        return {**(_read(shape, values) or {}), "ResponseMetadata": metadata}


def _read(shape: Any, value: object) -> Any:
    """Return the value of a shape; None if it is of another type."""
    match shape.type_name, value:
        case "structure", dict():
            return _union(shape, value) if shape.is_tagged_union else _members(shape, value)
        case "list", list():
            return [_read(shape.member, item) for item in value]
        case "map", dict():
            return {key: _read(shape.value, item) for key, item in value.items()}
        case (("structure" | "list" | "map"), _):
            return None
        case "timestamp", _:
            return timestamp(value)
    return value


def _members(shape: Any, value: dict[str, object]) -> dict[str, Any]:
    named = (
        (name, _read(member, value.get(member.serialization.get("name", name))))
        for name, member in shape.members.items()
    )
    return {name: read for name, read in named if read is not None}


def _union(shape: Any, value: dict[str, object]) -> dict[str, Any] | None:
    """Return the one member that is set, and an unknown one as botocore does."""
    given = [name for name, one in value.items() if one is not None and name != "__type"]
    if len(given) != 1:
        return None
    if given[0] not in shape.members:
        return {"SDK_UNKNOWN_MEMBER": {"name": given[0]}}
    return _members(shape, value) or None
