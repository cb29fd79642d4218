"""The store of the studio: one SQLite file, or memory. The only place with SQL."""
