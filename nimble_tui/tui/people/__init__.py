"""The People screen: everybody as a list or a table, plans, and the dialogs about them."""
