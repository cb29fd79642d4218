"""Workstations on this machine: a sandbox with a desktop for each."""
