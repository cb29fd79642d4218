"""The state and logic of one open studio, without a screen: snapshot, polling and requests."""
