"""Where drafts are stored: a SQLite file or a Redis server, with the same methods."""
