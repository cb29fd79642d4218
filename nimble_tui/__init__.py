"""Look after a cloud workstation from a terminal."""
