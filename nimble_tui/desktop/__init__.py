"""What the computer in front of the artist does for the app: open addresses, tell of things."""
