"""Presentation without Textual: labels, times, rows and sentences for the screens and commands."""
