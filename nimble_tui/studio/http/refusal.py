"""Requests that two readers could take for different ones: each server refuses them unread."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

MAX_HEAD: Final = 64 * 1024
MAX_HEADERS: Final = 100
MAX_BODY: Final = 2 * 1024 * 1024
"""The longest body that is read; the application has a lower limit, with an error by name."""


def refusal(version: str, target: str, headers: Sequence[tuple[str, str]]) -> HTTPStatus | None:
    """Return why a request cannot be read safely, or None.

    `version` is that of HTTP, such as `1.1`; `target` is what comes after the method. A proxy in
    front may combine, drop or rename headers that come twice or hold `_`, and then another request
    is answered than the one that it let through.
    """
    names = [name.lower() for name, _ in headers]
    if version not in {"1.0", "1.1"}:
        return HTTPStatus.BAD_REQUEST
    size = len(target) + sum(len(name) + len(value) for name, value in headers)
    if len(names) > MAX_HEADERS or size > MAX_HEAD:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if len(set(names)) != len(names) or any("_" in name for name in names):
        return HTTPStatus.BAD_REQUEST
    if "transfer-encoding" in names:
        return HTTPStatus.LENGTH_REQUIRED
    length = next((value for name, value in headers if name.lower() == "content-length"), "0")
    if not (length.isascii() and length.isdigit()):
        return HTTPStatus.BAD_REQUEST
    if len(length) > 9 or int(length) > MAX_BODY:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None
