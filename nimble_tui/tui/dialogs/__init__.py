"""Dialogs: questions and forms on top of a screen, each with one result."""
