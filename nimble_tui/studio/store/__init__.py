"""Where the studio keeps everything: one SQLite file, or memory. The only place with SQL."""
