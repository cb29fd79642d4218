"""The journal of requests and their outcomes, in one file."""
