"""The sample studio: Northwind Animation, in the middle of a show."""
