"""Finds the operation that a method and a path mean."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from botocore.model import OperationModel, ServiceModel

_LABEL: Final = re.compile(r"\{(\w+)\}")


class Route(NamedTuple):
    """An operation, and the labels of its path, still percent-encoded, by their name in it."""

    operation: OperationModel
    labels: dict[str, str]


class Routes:
    """The paths of a service model that binds its operations to paths, as rest-json does.

    `operations` leaves only those of these names.
    """

    def __init__(self, model: ServiceModel, operations: Collection[str] | None = None) -> None:
        self._known: dict[tuple[str, int], list[tuple[list[str], OperationModel]]] = {}
        for name in model.operation_names if operations is None else operations:
            operation = model.operation_model(name)
            segments = str(operation.http["requestUri"]).split("/")
            key = (str(operation.http["method"]), len(segments))
            self._known.setdefault(key, []).append((segments, operation))

    def find(self, method: str, raw_path: str) -> Route | None:
        """Return the operation, or None for a path or a method that none has.

        `raw_path` must be as sent: a label may hold an encoded slash, as the ARN of a tagged
        resource does.
        """
        sent = raw_path.split("/")
        for segments, operation in self._known.get((method, len(sent)), []):
            labels = _match(segments, sent)
            if labels is not None:
                return Route(operation, labels)
        return None


def _match(segments: list[str], sent: list[str]) -> dict[str, str] | None:
    labels = {}
    for segment, part in zip(segments, sent, strict=True):
        label = _LABEL.fullmatch(segment)
        if label:
            labels[label[1]] = part
        elif segment != part:
            return None
    return labels
