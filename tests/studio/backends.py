"""The backends that tests of a studio run on, and where the local one can."""

import pytest

from nimble_tui.studio.compute.local.check import runs_here

SIMULATED = "simulated"
LOCAL = "local"
WHY_NOT = runs_here()
needs_sandboxes = pytest.mark.skipif(bool(WHY_NOT), reason=f"no local workstations: {WHY_NOT}")
BOTH = [pytest.param(SIMULATED), pytest.param(LOCAL, marks=needs_sandboxes)]
