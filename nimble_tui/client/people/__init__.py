"""The people of a studio: members by its own API, names and profiles by two AWS services."""
