"""The commands on members, roles and access."""
