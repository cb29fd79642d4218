"""The changes of resources over time, with or without a call."""
