"""The backend that runs the workstations of a studio, as its settings say."""

from nimble_tui.studio.compute import Compute
from nimble_tui.studio.compute.local.check import runs_here
from nimble_tui.studio.compute.simulated import SimulatedCompute
from nimble_tui.studio.config_file import ConfigError, StudioConfig


def compute_of(config: StudioConfig, store_id: str = "") -> Compute:
    """Return the backend that the settings name; ConfigError where it can't run here.

    Its machines carry `store_id`; a backend that is only checked needs none.
    """
    if config.local is None:
        return SimulatedCompute()
    problem = runs_here()
    if problem:
        raise ConfigError(problem)
    from nimble_tui.studio.compute.local.backend import LocalCompute  # noqa: PLC0415 - of Unix alone

    return LocalCompute(config.local, store_id=store_id)
