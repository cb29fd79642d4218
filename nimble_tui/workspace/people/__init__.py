"""The people of a studio: who is in it, changes, and reviewed plans."""
