"""The sample studio's images, launch profiles and what happened there lately."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from nimble_tui.studio.sample.facts import PRINCIPAL_ID
from nimble_tui.studio.store.records import Document

ACCOUNT: Final = "123456789012"
MARA: Final = PRINCIPAL_ID
THEO: Final = "9267a41c58-5d2b9e07-c8a1-4f36-b0e4-17d96a3c52f8"
AIKO: Final = "9267a41c58-e61f4a93-20b7-4d8c-95f1-c3a8702e6bd4"
SAMIR: Final = "9267a41c58-08c7d5be-fa12-4693-8d4e-e25b90f137a6"
INES: Final = "9267a41c58-b4930e6f-1d78-42ca-a7b5-60f8e2d9134c"
PAT: Final = "9267a41c58-7ae52d10-936c-4b0f-8e29-d41f5c08b7e3"
NOOR: Final = "9267a41c58-1c86f0da-45b3-4e72-9a0d-7f3e2b6814c9"
CALLUM: Final = "9267a41c58-a90b37e4-6f1c-4d85-b2c7-30e95d81f6a2"
BRUNO: Final = "9267a41c58-f27d5c08-e934-4a6b-8170-c5b24e9a3d1f"
LENA: Final = "9267a41c58-36e1b89f-07da-4c52-94ae-8d60f7c2b531"
RAVI: Final = "9267a41c58-d4087a6c-2be5-4f19-a3d8-159c6e70b24f"
ZOFIA: Final = "9267a41c58-82f5e3b1-9c40-4876-bd1e-e6a70d4f92c5"
GONE: Final = "9267a41c58-5b19c7d2-f08e-43a6-9d75-0a4c8e23f6b1"
"""A member of a launch profile whom no directory knows any more."""

IMAGES: Final = {
    "lighting": (
        "Rocky 9, Maya 2026, Arnold, Katana",
        "Look development and lighting, with the show's shaders.",
        "LINUX",
    ),
    "comp": ("Windows 2022, Nuke 16, Mocha Pro", "Compositing, with the show's gizmos.", "WINDOWS"),
    "review": ("Rocky 9, RV, Hiero Player", "Dailies and review, nothing to work in.", "LINUX"),
    "animation": ("Rocky 9, Maya 2026, studio rigs", "Character animation.", "LINUX"),
    "worker": ("Rocky 9, Deadline worker", "Renders without a screen.", "LINUX"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A launch profile: its image and components by their short names, and who is a member."""

    name: str
    description: str
    image: str
    components: tuple[str, ...]
    members: tuple[str, ...]
    stream_configuration: Document
    failed: bool = False


_BIG_DISK: Final[Document] = {"size": 500, "iops": 3000, "throughput": 250}

PROFILES: Final = {
    "lighting": Profile(
        "Lighting",
        "Lighting and look development for the show.",
        "lighting",
        ("domain", "projects", "licenses", "farm"),
        (MARA, AIKO),
        {
            "ec2InstanceTypes": ["g5.2xlarge", "g5.xlarge", "g5.4xlarge"],
            "maxSessionLengthInMinutes": 690,
            "sessionPersistenceMode": "ACTIVATED",
            "automaticTerminationMode": "ACTIVATED",
            "maxStoppedSessionLengthInMinutes": 5760,
            "volumeConfiguration": _BIG_DISK,
            "sessionStorage": {"mode": ["UPLOAD"], "root": {"linux": "$HOME/incoming"}},
        },
    ),
    "comp": Profile(
        "Comp",
        "Compositing on Windows. Your workstation is yours until you delete it.",
        "comp",
        ("domain", "projects", "licenses"),
        (MARA, SAMIR),
        {
            "ec2InstanceTypes": ["g4dn.4xlarge", "g4dn.2xlarge", "g5.4xlarge"],
            "maxSessionLengthInMinutes": 600,
            "sessionPersistenceMode": "ACTIVATED",
            "automaticTerminationMode": "DEACTIVATED",
            "volumeConfiguration": _BIG_DISK,
            "sessionBackup": {"mode": "AUTOMATIC", "maxBackupsToRetain": 3},
            "sessionStorage": {"mode": ["UPLOAD"], "root": {"windows": "%HOMEPATH%\\incoming"}},
        },
    ),
    "review": Profile(
        "Review",
        "Dailies. Keep nothing on it: it cannot be stopped, only deleted.",
        "review",
        ("domain", "projects"),
        (MARA, THEO, AIKO, SAMIR),
        {
            "ec2InstanceTypes": ["g4dn.xlarge", "g4dn.2xlarge"],
            "maxSessionLengthInMinutes": 480,
            "clipboardMode": "DISABLED",
        },
    ),
    "animation": Profile(
        "Animation",
        "Character animation.",
        "animation",
        ("domain", "projects", "licenses"),
        (THEO,),
        {
            "ec2InstanceTypes": ["g4dn.2xlarge", "g5.xlarge"],
            "maxSessionLengthInMinutes": 690,
            "sessionPersistenceMode": "ACTIVATED",
            "automaticTerminationMode": "ACTIVATED",
            "maxStoppedSessionLengthInMinutes": 2880,
            "sessionBackup": {"mode": "AUTOMATIC", "maxBackupsToRetain": 1},
        },
    ),
    "worker": Profile(
        "RenderWorker-Default",
        "Render machines of the farm, not for people.",
        "worker",
        ("domain", "projects", "farm"),
        (MARA,),
        {"ec2InstanceTypes": ["g4dn.xlarge"], "maxSessionLengthInMinutes": 690},
    ),
    "fx": Profile(
        "FX",
        "Simulation, being set up.",
        "lighting",
        ("domain", "projects", "licenses", "farm"),
        (MARA,),
        {
            "ec2InstanceTypes": ["g5.8xlarge", "g5.16xlarge"],
            "maxSessionLengthInMinutes": 690,
            "sessionPersistenceMode": "ACTIVATED",
            "automaticTerminationMode": "ACTIVATED",
            "maxStoppedSessionLengthInMinutes": 1440,
        },
        failed=True,
    ),
}


@dataclass(frozen=True, slots=True)
class History:
    """A workstation's life so far: what was done to it, and how long ago.

    `instance_type` is its place in the launch profile's list. `earlier` is when it was stopped and
    started again before the last time. `starting` leaves the last start under way for that long
    from now; `failing` lets it fail.
    """

    owner: str
    profile: str
    made: timedelta
    name: str = ""
    instance_type: int = 0
    stopped: timedelta | None = None
    started: timedelta | None = None
    starting: timedelta | None = None
    failing: bool = False
    earlier: tuple[tuple[timedelta, timedelta], ...] = ()


def _ago(days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


HISTORIES: Final = (
    History(MARA, "lighting", _ago(hours=3, minutes=12), "sq042 lighting"),
    History(
        MARA,
        "comp",
        _ago(hours=23),
        stopped=_ago(hours=15, minutes=4),
        started=_ago(seconds=6),
        starting=_ago(seconds=25),
    ),
    History(MARA, "review", _ago(hours=5, minutes=21)),
    History(
        MARA,
        "lighting",
        _ago(days=4, hours=7, minutes=40),
        instance_type=1,
        # Four days but for 52 minutes, so that it is gone within the hour.
        stopped=_ago(days=3, hours=23, minutes=8),
    ),
    History(
        MARA,
        "comp",
        _ago(days=11, hours=2),
        "sq018 roto",
        instance_type=2,
        stopped=_ago(days=10, hours=20),
        started=_ago(minutes=22),
        failing=True,
    ),
    History(
        MARA,
        "comp",
        _ago(days=22),
        "sq007 plates",
        instance_type=1,
        stopped=_ago(days=19, hours=16, minutes=30),
        earlier=(
            (_ago(days=21, hours=15), _ago(days=20, hours=23, minutes=40)),
            (_ago(days=20, hours=15, minutes=10), _ago(days=19, hours=23, minutes=50)),
        ),
    ),
    History(THEO, "animation", _ago(hours=6, minutes=2), "nw_otter walk cycles"),
    History(AIKO, "lighting", _ago(days=2, hours=1), stopped=_ago(days=1, hours=17)),
    History(SAMIR, "review", _ago(hours=1, minutes=35)),
    History(SAMIR, "comp", _ago(hours=2, minutes=48), "sq018 comp"),
    History(INES, "animation", _ago(days=1, hours=3), stopped=_ago(hours=20)),
    History(NOOR, "lighting", _ago(hours=4, minutes=26), "sq051 key lights"),
    History(RAVI, "comp", _ago(days=16), "sq018 cleanup", stopped=_ago(days=15, hours=14)),
)
