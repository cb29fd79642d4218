"""The questions and forms on top of a screen; each is closed with one answer."""
