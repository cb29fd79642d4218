"""Every operation of the API, called by AWS's own old SDK."""

from pathlib import Path

import pytest
from botocore import xform_name

from nimble_tui.api import service_model
from tests import aws_sdk
from tests.studio.test_rights import REFUSED_BY_STATE, arguments
from tests.studio.world import PAT, open_world

pytestmark = pytest.mark.slow


def test_all_operations_answer_aws_s_own_old_sdk(aws_python: Path) -> None:
    answered = {}
    with aws_sdk.aws_sdk(aws_python, endpoint_url="", key="", secret="") as process:
        for operation in service_model().operation_names:
            with open_world() as world:
                pat = next(one for one in world.studio.people() if one.principal_id == PAT)
                sdk = process.at(
                    endpoint_url=world.url, key=pat.access_key_id, secret=pat.secret_access_key
                )
                answer = sdk.answer("nimble", xform_name(operation), **arguments(world, operation))
                answered[operation] = answer.get("exception", "")
    assert len(answered) == 49
    assert {name: error for name, error in answered.items() if error} == REFUSED_BY_STATE
