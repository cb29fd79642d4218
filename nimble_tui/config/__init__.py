"""A person's data on this computer: settings, keys and cached lists."""
