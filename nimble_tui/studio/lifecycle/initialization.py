"""The studio components that a machine of a launch profile is initialized with.

Source: the AWS API reference, StudioComponent and LaunchProfileInitialization.
"""

from collections.abc import Iterable

from nimble_tui.studio.store.records import Document, Kind
from nimble_tui.studio.store.transaction import Transaction

_FOR_MACHINES = (
    "studioComponentId",
    "name",
    "type",
    "subtype",
    "configuration",
    "scriptParameters",
    "initializationScripts",
    "runtimeRoleArn",
    "secureInitializationRoleArn",
)


def usable_components(tx: Transaction, component_ids: list[str]) -> list[Document]:
    """Return the components that can be used, in the launch profile's order."""
    found = tx.page(Kind.STUDIO_COMPONENT, ids=component_ids)
    usable = {one.id: one.document for one in found if one.state != "DELETED"}
    return [usable[one] for one in component_ids if one in usable]


def security_groups(components: Iterable[Document]) -> list[str]:
    """Return the security groups of components, each once."""
    groups = [group for one in components for group in one.get("ec2SecurityGroupIds", ())]
    return list(dict.fromkeys(groups))


def for_machine(components: Iterable[Document], platform: str) -> list[Document]:
    """Return what of components matters to a machine of a platform."""
    found = []
    for component in components:
        members = {name: component[name] for name in _FOR_MACHINES if name in component}
        scripts = component.get("initializationScripts", ())
        if scripts:
            members["initializationScripts"] = [
                one for one in scripts if one.get("platform", platform) == platform
            ]
        found.append(members)
    return found
