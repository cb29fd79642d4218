"""The People screen: a list and a matrix, plans, and their dialogs."""
