"""The people of an open studio: snapshots, changes and plans."""
