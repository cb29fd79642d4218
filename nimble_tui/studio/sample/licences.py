"""The part of the sample studio that needs licences: an image of Amazon's and who works with it.

Its ids are fixed, as Amazon's own were: the same in every studio.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from nimble_tui.studio.eulas import acceptance_of
from nimble_tui.studio.ids import arn
from nimble_tui.studio.lifecycle.catalogue import checks
from nimble_tui.studio.sample import data as sample_data
from nimble_tui.studio.sample import facts as sample_facts
from nimble_tui.studio.store.records import Document, Kind, Resource, stamp
from nimble_tui.studio.store.transaction import Transaction

PROFILE_NAME: Final = "Previs"
"""The launch profile that cannot be launched from until a licence is accepted."""

_SINCE: Final = timedelta(days=61)
_ACCEPTED: Final = "rT2mX0cQSVuE7aLzK9wYBg"
_OPEN: Final = "h5Jd8NfWQ1yOcG3tPvRkMA"
_IMAGE: Final = "x7BqLw4ZR2iTnC9eUoDsFg"
_PROFILE: Final = "n3VtG6yKQ8mWpE1aJzXcHw"

# Made up, like the studio: nobody's real terms. The words themselves, since an address that leads
# nowhere would leave nothing to read.
_EULAS: Final = {
    _ACCEPTED: {
        "name": "Windows on rented machines",
        "content": "You may use the operating system on workstations of this studio while they "
        "run. You may not copy it to machines of your own, and you leave its notices in place. It "
        "comes as it is; whoever rents out the machine keeps it up to date.",
    },
    _OPEN: {
        "name": "Realtime engine, production use",
        "content": "You may use the engine on workstations of this studio to make pictures, "
        "previews and films, which belong to the studio alone. You may not pass the engine on, "
        "nor its source. The studio names the engine in the credits of a film made with it, and "
        "asks the maker before it sells a game. Whoever accepts this does so for everybody in "
        "the studio.",
    },
}


def add(tx: Transaction, now: datetime, studio_component_ids: Sequence[str]) -> None:
    """Add licences, of which one is accepted, and the image and launch profile that need them."""
    since = now - _SINCE
    times = {"createdAt": stamp(since), "updatedAt": stamp(since)}
    for eula_id, words in _EULAS.items():
        tx.put(Resource(Kind.EULA, eula_id, {"eulaId": eula_id, **words, **times}))
    tx.put(
        acceptance_of(
            _ACCEPTED,
            "c0KfZ5uHQbSxNq2rDyTjLw",
            studio_id=sample_facts.STUDIO_ID,
            by=sample_data.INES,
            at=since + timedelta(days=2),
        )
    )
    tx.put(Resource(Kind.STREAMING_IMAGE, _IMAGE, _image()))
    tx.put(Resource(Kind.LAUNCH_PROFILE, _PROFILE, _profile(since, studio_component_ids)))
    for principal_id in (sample_data.MARA, sample_data.THEO):
        tx.add_member(_PROFILE, principal_id)


def _image() -> Document:
    return {
        "streamingImageId": _IMAGE,
        "arn": _arn(Kind.STREAMING_IMAGE, _IMAGE),
        "name": "Windows 2022, realtime engine",
        "description": "Amazon's own image for previs and layout.",
        "platform": "WINDOWS",
        "owner": "amazon",
        "ec2ImageId": "ami-0c7e41f9b2d8365a7",
        "eulaIds": list(_EULAS),
        "state": "READY",
        "statusCode": "STREAMING_IMAGE_READY",
        "statusMessage": "It is ready.",
        "tags": {},
    }


def _profile(since: datetime, studio_component_ids: Sequence[str]) -> Document:
    return {
        "launchProfileId": _PROFILE,
        "arn": _arn(Kind.LAUNCH_PROFILE, _PROFILE),
        "name": PROFILE_NAME,
        "description": "Previs and layout in the realtime engine.",
        "ec2SubnetIds": ["subnet-05b1d8e36fa7c2940"],
        "launchProfileProtocolVersions": ["2021-03-31"],
        "studioComponentIds": list(studio_component_ids),
        "streamConfiguration": {
            "clipboardMode": "DISABLED",
            "ec2InstanceTypes": ["g5.4xlarge", "g5.8xlarge"],
            "streamingImageIds": [_IMAGE],
            "maxSessionLengthInMinutes": 690,
            "sessionPersistenceMode": "ACTIVATED",
            "automaticTerminationMode": "ACTIVATED",
            "maxStoppedSessionLengthInMinutes": 1440,
            "sessionStorage": {"mode": ["UPLOAD"], "root": {"windows": "P:\\layout\\incoming"}},
        },
        "state": "READY",
        "statusCode": "LAUNCH_PROFILE_CREATED",
        "statusMessage": "It is ready.",
        "validationResults": checks("VALIDATION_SUCCESS", "Fine."),
        "createdAt": stamp(since),
        "createdBy": sample_data.PAT,
        "updatedAt": stamp(since),
        "updatedBy": sample_data.PAT,
        "tags": {},
    }


def _arn(kind: Kind, resource_id: str) -> str:
    return arn(sample_facts.REGION, sample_data.ACCOUNT, kind, resource_id)
