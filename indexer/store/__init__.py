"""The one truth of a collection: a SQLite file, and what is read from it and written into it."""
