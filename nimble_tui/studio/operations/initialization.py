"""GetLaunchProfileInitialization: what a machine must know to become one of a launch profile.

Source: the AWS API reference, GetLaunchProfileInitialization, LaunchProfileInitialization.
"""

import re
from collections.abc import Iterable
from typing import Final

from nimble_tui.studio.http.errors import ApiError, validation
from nimble_tui.studio.lifecycle.initialization import security_groups, usable_components
from nimble_tui.studio.operations.launch_profiles import find_usable
from nimble_tui.studio.operations.request import Request
from nimble_tui.studio.store.records import Document

VERSION: Final = "2021-03-31"
_PLATFORMS: Final = ("LINUX", "WINDOWS")
_PURPOSE: Final = re.compile(r"[A-Z0-9_]{1,64}")
_OF_SCRIPT: Final = ("runtimeRoleArn", "secureInitializationRoleArn")


def get_launch_profile_initialization(request: Request) -> Document:
    """Return a launch profile's directory, security groups and scripts for one platform."""
    params = request.params
    platform, purpose = params["platform"], params["launchPurpose"]
    if VERSION not in params["launchProfileProtocolVersions"]:
        raise _wrong("launchProfileProtocolVersions", f"must hold {VERSION}")
    if platform not in _PLATFORMS:
        raise _wrong("platform", f"must be one of {', '.join(_PLATFORMS)}")
    if not _PURPOSE.fullmatch(purpose):
        raise _wrong("launchPurpose", "must be 1 to 64 of A to Z, 0 to 9 and _")
    profile = find_usable(request)
    if profile.state == "DELETED":
        raise validation("The launch profile is deleted.", "INVALID_STATE", {"state": "DELETED"})
    components = usable_components(request.tx, profile.document["studioComponentIds"])
    directory = next((one for one in components if one["type"] == "ACTIVE_DIRECTORY"), None)
    return {
        "launchProfileInitialization": {
            "launchProfileId": profile.id,
            "launchProfileProtocolVersion": VERSION,
            "launchPurpose": purpose,
            "name": profile.document["name"],
            "platform": platform,
            "activeDirectory": _directory(directory) if directory else None,
            # The API knows no empty list of them.
            "ec2SecurityGroupIds": security_groups(components) or None,
            "systemInitializationScripts": _scripts(components, platform, "SYSTEM_INITIALIZATION"),
            "userInitializationScripts": _scripts(components, platform, "USER_INITIALIZATION"),
        }
    }


def _directory(component: Document) -> Document:
    configuration: Document = component.get("configuration", {}).get(
        "activeDirectoryConfiguration", {}
    )
    return {
        **configuration,
        # The directory itself is out of reach here; its component bears its name.
        "directoryName": component["name"],
        "studioComponentId": component["studioComponentId"],
        "studioComponentName": component["name"],
    }


def _scripts(components: Iterable[Document], platform: str, context: str) -> list[Document]:
    """Return the scripts of a run context, those included that are for any platform."""
    return [
        {
            "script": script["script"],
            "studioComponentId": component["studioComponentId"],
            "studioComponentName": component["name"],
            **{name: component[name] for name in _OF_SCRIPT if name in component},
        }
        for component in components
        for script in component.get("initializationScripts", ())
        if "script" in script
        and script.get("runContext") == context
        and script.get("platform", platform) == platform
    ]


def _wrong(name: str, problem: str) -> ApiError:
    return validation(f"{name} {problem}.", context={name: problem})
