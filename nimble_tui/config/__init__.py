"""What this computer keeps for a person: settings, keys and the last lists seen."""
