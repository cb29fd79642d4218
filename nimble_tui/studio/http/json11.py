"""The AWS JSON 1.1 protocol: one path, the operation in a header, everything else in the body."""

import json
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any, Final

from botocore.model import ServiceModel, StructureShape

from nimble_tui.studio.http.codec import (
    MAX_PROBLEMS,
    Reply,
    Request,
    error_name,
    plain,
    read_object,
    refuse,
    require_media_type,
)
from nimble_tui.studio.http.errors import ApiError
from nimble_tui.studio.http.validate import problems

_MEDIA_TYPE: Final = "application/x-amz-json-1.1"
_CONTENT: Final = {"Content-Type": _MEDIA_TYPE}


class Json11:
    """Speaks JSON 1.1 for some operations of a service model."""

    def __init__(self, model: ServiceModel, operations: Collection[str]) -> None:
        self._model = model
        prefix = model.metadata["targetPrefix"]
        self._targets = {f"{prefix}.{name}": name for name in operations}

    def parse(self, request: Request) -> tuple[str, dict[str, Any]]:
        """Find the operation by the header X-Amz-Target."""
        name = self._targets.get(request.headers.get("x-amz-target", ""))
        if name is None or (request.method, request.raw_path) != ("POST", "/"):
            message = f"Of this service the studio offers {' and '.join(self._targets.values())}."
            raise ApiError("UnknownOperationException", message, "UNKNOWN_OPERATION")
        require_media_type(request, _MEDIA_TYPE)
        shape = self._model.operation_model(name).input_shape
        if not isinstance(shape, StructureShape):
            return name, {}
        params = read_object(request.body, shape.members)
        refuse(list(islice(problems(params, shape), MAX_PROBLEMS + 1)))
        return name, params

    def reply(self, operation_name: str, output: Mapping[str, Any]) -> Reply:
        """Reply with the output as the body."""
        shape = self._model.operation_model(operation_name).output_shape
        content = {} if shape is None else plain(output, shape)
        return Reply(200, dict(_CONTENT), json.dumps(content).encode())

    def error_reply(self, error: ApiError) -> Reply:
        """Name the error in the body, with those particulars that its shape has."""
        name = error_name(self._model, error)
        content = {"__type": name, "Message": error.message}
        if name in self._model.shape_names:
            shape = self._model.shape_for(name)
            given = {key[:1].upper() + key[1:]: value for key, value in error.context.items()}
            if isinstance(shape, StructureShape):
                content |= {key: given[key] for key in given.keys() & shape.members.keys()}
        return Reply(error.status, dict(_CONTENT), json.dumps(content).encode())
