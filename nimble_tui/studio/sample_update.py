"""Brings an older sample studio up to date: what is new is added, nothing there is changed."""

from datetime import datetime
from typing import Final

from nimble_tui.studio import sample_data, sample_facts, sample_licences
from nimble_tui.studio.operations.studio_components import with_subtype
from nimble_tui.studio.sample_components import COMPONENTS
from nimble_tui.studio.store.bad_records import log_bad_record
from nimble_tui.studio.store.records import Kind, Resource
from nimble_tui.studio.store.transaction import Transaction

SAMPLE: Final = "sample"
"""The fact that tells a sample studio from a real one; its value is the sample's edition."""
EDITION: Final = "3"

_FIRST: Final = "yes"
_NEW_SETTINGS: Final = ("sessionBackup", "sessionStorage")


def bring_up_to_date(tx: Transaction, now: datetime) -> None:
    """Add what earlier editions of the sample did not have yet."""
    edition = tx.fact(SAMPLE)
    if edition == EDITION:
        return
    if edition == _FIRST:
        _to_second(tx, now)
    _to_third(tx)
    tx.note(SAMPLE, EDITION)


def _to_second(tx: Transaction, now: datetime) -> None:
    components = tx.page(Kind.STUDIO_COMPONENT)
    for component in components:
        for about in COMPONENTS.values():
            if about["name"] == component.document.get("name"):
                component.document = about | component.document
    tx.put_all(components)
    for profile in tx.page(Kind.LAUNCH_PROFILE):
        with log_bad_record(profile.kind, profile.id):
            _add_settings(profile)
            tx.put(profile)
    sample_licences.add(tx, now, [one.id for one in components[:3]])


def _add_settings(profile: Resource) -> None:
    """Add the new settings of a launch profile of the sample that still has its name."""
    settings = profile.document["streamConfiguration"]
    for known in sample_data.PROFILES.values():
        if known.name == profile.document["name"]:
            new = known.stream_configuration
            settings |= {
                name: new[name] for name in _NEW_SETTINGS if name in new and name not in settings
            }


def _to_third(tx: Transaction) -> None:
    for studio in tx.page(Kind.STUDIO):
        studio.document.setdefault("ssoClientId", sample_facts.SSO_CLIENT_ID)
        tx.put(studio)
    for component in tx.page(Kind.STUDIO_COMPONENT):
        with log_bad_record(component.kind, component.id):
            component.document = with_subtype(component.document)
            tx.put(component)
