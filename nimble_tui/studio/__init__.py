"""The studio: a service that speaks the Nimble Studio API."""
