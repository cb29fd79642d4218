"""AWS's SDK for JavaScript 2, as it came, against the studio."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.studio.world import MARA, STUDIO_ID, World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("node") and shutil.which("npm")), reason="node or npm is not installed"
    ),
]

PACKAGE = "aws-sdk@2.1693.0"
SCRIPT = """
const AWS = require('aws-sdk');
const {endpoint, studioId, principalId, key, secret} = JSON.parse(
  require('fs').readFileSync(0, 'utf8')
);
const settings = {
  endpoint, region: 'us-west-2', maxRetries: 2,
  credentials: new AWS.Credentials(key, secret),
};
const nimble = new AWS.Nimble(settings);
const late = {...settings, systemClockOffset: -3600e3};
const codeOf = (call) => call.promise().then(() => 'none', (error) => error.code);
(async () => {
  const found = {
    missing: await codeOf(nimble.getStreamingSession({studioId, sessionId: 'k.none'})),
    denied: await codeOf(nimble.listStudioComponents({studioId})),
    invalid: await codeOf(nimble.listLaunchProfiles({studioId, principalId, nextToken: 'x'})),
    unknownKey: await codeOf(new AWS.Nimble({
      ...settings, credentials: new AWS.Credentials('AKNOBODY', secret),
    }).getStudio({studioId})),
    late: await codeOf(new AWS.Nimble(late).getStudio({studioId})),
    corrected: await codeOf(
      new AWS.Nimble({...late, correctClockSkew: true}).getStudio({studioId})
    ),
  };
  const listed = await nimble.listLaunchProfiles({studioId, principalId}).promise();
  found.profiles = listed.launchProfiles.length;
  const at = await nimble.getStudio({studioId}).promise();
  found.createdAt = at.studio.createdAt instanceof Date;
  console.log(JSON.stringify(found));
})();
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SDK in it."""
    made = tmp_path_factory.mktemp("javascript")
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([*install, PACKAGE], cwd=made, check=True, timeout=300)
    (made / "script.js").write_text(SCRIPT)
    return made


def test_errors_have_their_names_and_a_wrong_clock_is_corrected(world: World, folder: Path) -> None:
    mara = next(one for one in world.studio.people() if one.principal_id == MARA)
    settings = {
        "endpoint": world.url,
        "studioId": STUDIO_ID,
        "principalId": MARA,
        "key": mara.access_key_id,
        "secret": mara.secret_access_key,
    }
    ran = subprocess.run(
        ["node", "--no-warnings", "script.js"],  # noqa: S607 - whichever node there is
        input=json.dumps(settings),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    assert found.pop("profiles") > 0
    assert found == {
        "missing": "ResourceNotFoundException",
        "denied": "AccessDeniedException",
        "invalid": "ValidationException",
        "unknownKey": "UnrecognizedClientException",
        "late": "InvalidSignatureException",
        "corrected": "none",
        "createdAt": True,
    }
