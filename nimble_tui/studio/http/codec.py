"""The rest-json protocol, from requests to parameters and from outputs to replies."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from types import UnionType
from typing import Any, Final, NamedTuple, Protocol, Self
from urllib.parse import parse_qsl, unquote

from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    ServiceModel,
    Shape,
    StructureShape,
)

from nimble_tui.studio.http.errors import ApiError, validation
from nimble_tui.studio.http.routes import Routes
from nimble_tui.studio.http.validate import Problem, problems, union_members
from nimble_tui.studio.store.bad_records import log_bad_record

MAX_PROBLEMS: Final = 20
MAX_QUERY_FIELDS: Final = 1000
_MEDIA_TYPE: Final = "application/json"
_BINDS_ELSEWHERE: Final = frozenset({"uri", "querystring", "header"})
# What other services call an error that is ours by another name.
_ELSEWHERE: Final = {"InternalServerErrorException": "InternalServerException"}


class Request(NamedTuple):
    """An HTTP request, its target as sent and its header names in lower case.

    `scheme` is what the client speaks, be it to a proxy in front; `client` is its address.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes
    scheme: str = "http"
    client: str = ""

    @classmethod
    def of(
        cls,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        *,
        scheme: str = "http",
        client: str = "",
    ) -> Self:
        """Return a request as it came over HTTP, all of its text decoded as latin-1.

        The values of headers are read as UTF-8, which is what clients mean and sign.
        """
        raw_path, _, raw_query = target.partition("?")
        values = {
            name.lower(): value.encode("latin-1").decode("utf-8", "surrogateescape")
            for name, value in headers
        }
        return cls(method, raw_path, raw_query, values, body, scheme, client)


class Reply(NamedTuple):
    """An HTTP reply; `operation` names what answered, "" where nothing of that name did."""

    status: int
    headers: dict[str, str]
    body: bytes
    operation: str = ""


class Codec(Protocol):
    """Speaks one protocol for one service."""

    def parse(self, request: Request) -> tuple[str, dict[str, Any]]:
        """Return the operation's name and its parameters, by their names in the API.

        Raises an `ApiError`: UnknownOperationException for what no operation answers, else
        ValidationException with everything that is wrong, its context by member.
        """
        ...

    def reply(self, operation_name: str, output: Mapping[str, Any]) -> Reply:
        """Return the reply of success; an `output` that the model does not know is an error."""
        ...

    def error_reply(self, error: ApiError) -> Reply:
        """Return the reply that AWS's clients turn into the exception of that name."""
        ...


_SCALARS: Final[Mapping[str, type | UnionType]] = {
    "string": str,
    "timestamp": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": int | float,
    "double": int | float,
}


class RestJson:
    """Speaks rest-json for one service model, or for some of its `operations` alone."""

    def __init__(self, model: ServiceModel, operations: Collection[str] | None = None) -> None:
        self._model = model
        self._routes = Routes(model, operations)

    def parse(self, request: Request) -> tuple[str, dict[str, Any]]:
        """Find the operation by method and path; its members come from wherever they are bound."""
        route = self._routes.find(request.method, request.raw_path)
        if route is None:
            message = f"No operation answers {request.method[:20]} on this path."
            raise ApiError("UnknownOperationException", message, "UNKNOWN_OPERATION")
        operation = route.operation
        require_media_type(request, _MEDIA_TYPE)
        shape = operation.input_shape
        if not isinstance(shape, StructureShape):
            return operation.name, {}
        params = _body(shape, request.body)
        query = _query(request.raw_query)
        found: list[Problem] = []
        for name, member in shape.members.items():
            location = member.serialization.get("location")
            key = member.serialization.get("name", name)
            try:
                if location == "uri":
                    params[name] = _unquoted(route.labels[key])
                elif location == "querystring":
                    _set(params, name, _from_query(member, query.get(key)))
                elif location == "header":
                    _set(params, name, request.headers.get(key.lower()))
            except ValueError as error:
                found.append((name, str(error)))
        unread = {name for name, _ in found}
        wrong = (problem for problem in problems(params, shape) if problem[0] not in unread)
        found += islice(wrong, MAX_PROBLEMS + 1)
        refuse(found)
        return operation.name, {name: params[name] for name in shape.members if name in params}

    def reply(self, operation_name: str, output: Mapping[str, Any]) -> Reply:
        """Reply with the operation's own status."""
        operation: OperationModel = self._model.operation_model(operation_name)
        status = int(operation.http["responseCode"])
        shape = operation.output_shape
        content = {} if not isinstance(shape, StructureShape) else _content(output, shape)
        if status == 204:
            return Reply(status, {}, b"")
        return Reply(status, {"Content-Type": _MEDIA_TYPE}, json.dumps(content).encode())

    def error_reply(self, error: ApiError) -> Reply:
        """Name the error in a header and in the body.

        The SDKs for JavaScript 2 and for Ruby look for `__type`, then `code`, in the body first;
        others read the header alone.
        """
        name = error_name(self._model, error)
        content: dict[str, Any] = {"__type": name, "message": error.message, "code": error.code}
        if error.context:
            content["context"] = error.context
        headers = {"Content-Type": _MEDIA_TYPE, "x-amzn-ErrorType": name}
        return Reply(error.status, headers, json.dumps(content).encode())


def error_name(model: ServiceModel, error: ApiError) -> str:
    """Return what a service calls an error."""
    return error.name if error.name in model.shape_names else _ELSEWHERE.get(error.name, error.name)


def refuse(found: list[Problem]) -> None:
    """Raise ValidationException where anything was found wrong."""
    if not found:
        return
    shown = [(path or "the request", problem) for path, problem in found[:MAX_PROBLEMS]]
    message = "; ".join(f"{path} {problem}" for path, problem in shown)
    more = "; and more" if len(found) > MAX_PROBLEMS else ""
    raise validation(f"{message}{more}.", context=dict(shown))


def require_media_type(request: Request, expected: str) -> None:
    """Refuse a body of another media type with UnsupportedMediaTypeException.

    An empty body needs no type. Parameters and case make no difference, and an empty type, as the
    SDK for Ruby sends it, is none.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != expected and (sent or request.body):
        message = f"The Content-Type of the request must be {expected}."
        raise ApiError("UnsupportedMediaTypeException", message, "UNSUPPORTED_MEDIA_TYPE")


def _body(shape: StructureShape, body: bytes) -> dict[str, Any]:
    """Return the body's members; no body at all is the same as an empty object."""
    members = [
        name
        for name, member in shape.members.items()
        if member.serialization.get("location") not in _BINDS_ELSEWHERE
    ]
    return read_object(body, {name: shape.members[name] for name in members})


def read_object(body: bytes, members: Mapping[str, Shape]) -> dict[str, Any]:
    """Return the members of a JSON object that are there and not null."""
    if not members or not body:
        return {}
    try:
        content = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise validation("The request's body is not JSON.", "MALFORMED_BODY") from None
    if not isinstance(content, dict):
        raise validation("The request's body must be a JSON object.", "MALFORMED_BODY")
    return {
        name: _without_nulls(content[name], member)
        for name, member in members.items()
        if content.get(name) is not None
    }


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _without_nulls(value: Any, shape: Shape) -> Any:
    """Return `value` with only the members that its shape has and that are not null.

    A union keeps those that it does not have, too: they make it another value, which is refused.
    """
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        names = union_members(value) if shape.is_tagged_union else shape.members
        return {
            name: _without_nulls(value[name], shape.members[name])
            if name in shape.members
            else value[name]
            for name in names
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_without_nulls(item, shape.member) for item in value]
    return value


def _query(raw: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            raw, keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS
        )
    except ValueError:
        raise validation("The request's query is not well formed.", "MALFORMED_QUERY") from None
    for key, value in pairs:
        fields.setdefault(key, []).append(value)
    return fields


def _from_query(shape: Shape, values: list[str] | None) -> object:
    if values is None or isinstance(shape, ListShape):
        return values
    if len(values) > 1:
        raise ValueError("must be given once")
    if shape.type_name == "integer":
        digits = values[0].removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            raise ValueError("must be a whole number")
        return int(values[0])
    return values[0]


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("must be UTF-8") from None


def _set(params: dict[str, Any], name: str, value: object) -> None:
    if value is not None:
        params[name] = value


def _content(output: Mapping[str, Any], shape: StructureShape) -> dict[str, Any]:
    """Return an output as JSON has it.

    Its lists are of records that were stored: one that the model does not allow is logged and
    left out, so that the others can be seen.
    """
    lists = {
        name: member.member
        for name, member in shape.members.items()
        if isinstance(member, ListShape) and isinstance(output.get(name), list)
    }
    content: dict[str, Any] = plain({**output, **{name: [] for name in lists}}, shape)
    for name, item_shape in lists.items():
        content[name] = list(_entries(output[name], item_shape, name))
    return content


def _entries(items: list[Any], shape: Shape, name: str) -> Iterator[Any]:
    for item in items:
        arn = item.get("arn") if isinstance(item, Mapping) else None
        with log_bad_record(f"entry of {name}", arn or "without ARN"):
            yield plain(item, shape)


def plain(value: Any, shape: Shape) -> Any:
    """Return `value` as JSON has it: times as ISO 8601 in UTC, to the second."""
    if isinstance(shape, StructureShape):
        _expect(value.keys() <= shape.members.keys(), shape, value.keys() - shape.members.keys())
        members = {
            name: plain(item, shape.members[name])
            for name, item in value.items()
            if item is not None
        }
        missing = set(shape.required_members) - members.keys()
        _expect(not missing, shape, missing)
        return members
    if isinstance(shape, ListShape):
        return [plain(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: plain(item, shape.value) for key, item in value.items()}
    if isinstance(value, datetime):
        _expect(value.tzinfo is not None, shape, ["a time zone"])
        return value.astimezone(UTC).isoformat(timespec="seconds")
    _expect(isinstance(value, _SCALARS.get(shape.type_name, object)), shape, ["its type"])
    if shape.type_name == "timestamp":
        datetime.fromisoformat(value)  # ValueError for what no client could read
    return value


def _expect(fine: bool, shape: Shape, names: Iterable[str]) -> None:
    if not fine:
        raise ValueError(f"{shape.name}: unknown or missing {', '.join(sorted(names))}")
