"""Services of the desktop for the app: open addresses, copy, notify."""
