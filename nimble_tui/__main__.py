"""`python -m nimble_tui` is `nimble-tui`."""

import sys

from nimble_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
