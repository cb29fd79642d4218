"""Rows, details and sentences about people."""
