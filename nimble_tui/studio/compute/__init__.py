"""The machines behind the workstations, as far as the studio has to know about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from nimble_tui.studio.store.records import Step


@dataclass(frozen=True, slots=True)
class Machine:
    """Which machine: that of one streaming session, and what it is to be made of.

    `state` is its session's, as it was before the step that is asked for.
    """

    session_id: str
    ec2_instance_type: str
    streaming_image_id: str
    tags: Mapping[str, str]
    state: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """A way to a machine's screen: whoever knows the `token` may look."""

    stream_id: str
    token: str = field(repr=False)


class Compute(Protocol):
    """Somewhere that machines run.

    The first five begin a step at a time and return at once; the studio keeps the Step, so that
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

    def open_stream(self, machine: Machine, at: datetime) -> Step:
        """Make its screen ready to be shown; a failure is one that a stream can have."""
        ...

    def stream_url(self, machine: Machine, stream: Stream, own_url: str) -> str:
        """Return where its screen is shown: https, dcv, or the studio's own page below `own_url`.

        `own_url` is the studio's address as the caller knows it, such as `http://127.0.0.1:8080`.
        """
        ...

    def state(self, machine: Machine, step: Step, at: datetime) -> Step | None:
        """Return what is left of a step: None when it is done.

        Else the step with its failure, or with the later time at which to look again.
        """
        ...
