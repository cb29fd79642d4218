"""What the sample studio's launch profiles are made of, by the API's member names."""

from typing import Final

from nimble_tui.studio.store.records import Document

_MOUNT: Final = """#!/bin/sh
set -eu
mkdir -p /mnt/projects
mount -t lustre fs-projects.northwind.internal@tcp:/projects /mnt/projects
"""
_MOUNT_ON_WINDOWS: Final = "net use P: \\\\fs-projects.northwind.internal\\projects /persistent:yes"
_LICENSES: Final = """#!/bin/sh
echo 'export foundry_LICENSE=4101@licenses.northwind.internal' >> "$HOME/.profile"
"""

COMPONENTS: Final[dict[str, Document]] = {
    "domain": {
        "name": "northwind.internal",
        "type": "ACTIVE_DIRECTORY",
        "subtype": "AWS_MANAGED_MICROSOFT_AD",
        "description": "Who may sign in to the workstations.",
        "ec2SecurityGroupIds": ["sg-0d4f7a21c96e3b580"],
        "configuration": {
            "activeDirectoryConfiguration": {
                "directoryId": "d-92670a3f51",
                "organizationalUnitDistinguishedName": "OU=Workstations,DC=northwind,DC=internal",
                "computerAttributes": [{"name": "department", "value": "Production"}],
            }
        },
    },
    "projects": {
        "name": "Projects",
        "type": "SHARED_FILE_SYSTEM",
        "subtype": "AMAZON_FSX_FOR_LUSTRE",
        "description": "Shots, assets and caches of the show.",
        "ec2SecurityGroupIds": ["sg-0d4f7a21c96e3b580", "sg-0b815e3c07fa942d6"],
        "configuration": {
            "sharedFileSystemConfiguration": {
                "endpoint": "fs-projects.northwind.internal",
                "fileSystemId": "fs-0a6c29d18e7f53b40",
                "shareName": "projects",
                "linuxMountPoint": "/mnt/projects",
                "windowsMountDrive": "P",
            }
        },
        "initializationScripts": [
            {
                "launchProfileProtocolVersion": "2021-03-31",
                "platform": "LINUX",
                "runContext": "SYSTEM_INITIALIZATION",
                "script": _MOUNT,
            },
            {
                "launchProfileProtocolVersion": "2021-03-31",
                "platform": "WINDOWS",
                "runContext": "USER_INITIALIZATION",
                "script": _MOUNT_ON_WINDOWS,
            },
        ],
    },
    "licenses": {
        "name": "License server",
        "type": "LICENSE_SERVICE",
        "subtype": "CUSTOM",
        "description": "Floating licenses of the applications.",
        "ec2SecurityGroupIds": ["sg-06e92c4d1b7385fa0"],
        "configuration": {
            "licenseServiceConfiguration": {"endpoint": "4101@licenses.northwind.internal"}
        },
        "initializationScripts": [
            {
                "launchProfileProtocolVersion": "2021-03-31",
                "platform": "LINUX",
                "runContext": "USER_INITIALIZATION",
                "script": _LICENSES,
            }
        ],
        "scriptParameters": [{"key": "LICENSE_PORT", "value": "4101"}],
    },
    "farm": {
        "name": "Deadline farm",
        "type": "COMPUTE_FARM",
        "subtype": "CUSTOM",
        "description": "Where renders are sent to.",
        "ec2SecurityGroupIds": ["sg-0f38b7d25a1c6e904"],
        "configuration": {
            "computeFarmConfiguration": {
                "endpoint": "https://deadline.northwind.internal:4433",
                "activeDirectoryUser": "render",
            }
        },
    },
}
