"""Gives the sample's artist more workstations, for a longer list."""

import random
from datetime import datetime, timedelta

from nimble_tui.studio import eulas
from nimble_tui.studio.ids import new_session_id
from nimble_tui.studio.lifecycle.records import session_document
from nimble_tui.studio.lifecycle.timers import can_be_stopped, deadline_of, set_timers
from nimble_tui.studio.lifecycle.transitions import Change, begin, finish
from nimble_tui.studio.sample import facts as sample_facts
from nimble_tui.studio.sample.fill import sample_arn
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Kind, Resource, Step, stamp
from nimble_tui.studio.store.transaction import Transaction


def top_up(tx: Transaction, now: datetime, seed: int, count: int) -> None:
    """Give the artist workstations of their own up to `count`, which their quota does not count.

    They are spread over the launch profiles that can be launched from, half of them stopped
    where that can be.
    """
    artist = sample_facts.PRINCIPAL_ID
    missing = count - tx.count_live(Kind.STREAMING_SESSION, artist)
    if missing <= 0:
        return
    tx.grant_sessions(artist, missing)
    profiles = []
    for profile in tx.page(Kind.LAUNCH_PROFILE, member=artist, states=["READY"]):
        with log_bad_record(profile.kind, profile.id):
            if _is_wanted(tx, profile):
                profiles.append(profile)
    if not profiles:
        return
    chance = random.Random(f"{seed} {count} {missing}")  # noqa: S311
    taken = {one.id[-4:] for one in tx.page(Kind.STREAMING_SESSION)}
    for number in range(missing):
        profile = profiles[number % len(profiles)]
        with log_bad_record(profile.kind, profile.id):
            tx.put(_extra(profile, now, chance, taken, number))


def _is_wanted(tx: Transaction, profile: Resource) -> bool:
    """Return whether artists work on its machines and no licence stands in the way."""
    if profile.document["name"].startswith("RenderWorker"):
        return False
    image_ids = profile.document["streamConfiguration"]["streamingImageIds"]
    images = tx.page(Kind.STREAMING_IMAGE, ids=image_ids)
    return not any(eulas.missing(tx, one) for one in images)


def _extra(
    profile: Resource, now: datetime, chance: random.Random, taken: set[str], number: int
) -> Resource:
    """Return one more workstation, made some hours ago and still within its deadlines."""
    configuration = profile.document["streamConfiguration"]
    session_id = new_session_id(chance, taken.__contains__)
    taken.add(session_id[-4:])
    longest = configuration["maxSessionLengthInMinutes"]
    at = now - timedelta(minutes=chance.uniform(0.05, 0.8) * longest)
    document = session_document(
        configuration,
        sessionId=session_id,
        arn=sample_arn(Kind.STREAMING_SESSION, session_id),
        launchProfileId=profile.id,
        ec2InstanceType=chance.choice(configuration["ec2InstanceTypes"]),
        streamingImageId=configuration["streamingImageIds"][0],
        ownedBy=sample_facts.PRINCIPAL_ID,
        createdAt=stamp(at),
        createdBy=sample_facts.PRINCIPAL_ID,
        tags={"Name": f"sq{number % 90 + 10:03} shot {number:04}"} if number % 3 else {},
    )
    session = Resource(Kind.STREAMING_SESSION, session_id, document)
    stopped = number % 2 and can_be_stopped(document, configuration)
    change = Change.STOP if stopped else Change.CREATE
    begin(session, change, Step(at), at, sample_facts.PRINCIPAL_ID)
    if stopped:
        document.update(stoppedAt=stamp(at), stoppedBy=sample_facts.PRINCIPAL_ID)
    finish(session, None, at)
    set_timers(document, configuration, at)
    session.due_at = deadline_of(document)
    return session
