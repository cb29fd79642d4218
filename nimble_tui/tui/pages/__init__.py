"""The full screens that the main one opens: more about what it shows."""
