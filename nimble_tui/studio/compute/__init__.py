"""The machines behind the workstations, as far as the studio has to know about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nimble_tui.studio.store.records import Step


@dataclass(frozen=True, slots=True)
class Machine:
    """Which machine: that of one streaming session, and what it is to be made of."""

    session_id: str
    ec2_instance_type: str
    streaming_image_id: str
    tags: Mapping[str, str]


class Compute(Protocol):
    """Somewhere that machines run.

    The first four begin a step at a time and return at once; the studio keeps the Step, so that
    any process can see it through.
    """

    def launch(self, machine: Machine, at: datetime) -> Step:
        """Make the machine and run it."""
        ...

    def stop(self, machine: Machine, at: datetime) -> Step:
        """Stop it; its disk is kept."""
        ...

    def start(self, machine: Machine, at: datetime) -> Step:
        """Run it again."""
        ...

    def terminate(self, machine: Machine, at: datetime) -> Step:
        """Remove it and its disk."""
        ...

    def state(self, machine: Machine, step: Step, at: datetime) -> Step | None:
        """Return what is left of a step: None when it is done.

        Else the step with its failure, or with the later time at which to look again.
        """
        ...
