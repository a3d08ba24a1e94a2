"""Which ids a table has had so far, and in which row. Knows nothing of rows."""

import sqlite3


class SeenIds:
    """Keeps ids in a temporary file that SQLite makes, caches and deletes: a table may have more ids than memory."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, origin TEXT) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def first(self, item_id: str, origin: str) -> str | None:
        """The origin at which the id was seen before; None when it is new, and noted."""
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (item_id, origin))
        if added.rowcount:
            return None
        (first,) = self._database.execute("SELECT origin FROM seen WHERE id = ?", (item_id,)).fetchone()
        return str(first)

    def close(self) -> None:
        self._database.close()
