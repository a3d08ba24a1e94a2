"""The keys of a running server: read again when their file changes, so that nobody waits for a restart. Knows nothing
of requests."""

import logging
from collections.abc import Mapping
from pathlib import Path

from api.guards.key_file import read_keys
from api.guards.keys import ApiKey, digest
from content.errors import NotReady, SettingsError

logger = logging.getLogger(__name__)

_Stamp = tuple[int, ...] | str


class KeyRing:
    """Meant for one thread, the event loop's: looking is one `stat`, and reading takes as long as a small file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: _Stamp | None = None
        self._keys: Mapping[str, ApiKey] | None = None
        self._said: str | None = None

    def find(self, secret: str) -> ApiKey | None:
        """The key, if it is one of these. Raises NotReady where the file cannot be read: then nobody gets in.

        Looked up by its digest. How long that takes tells of the digest at most, and who knows how a digest begins
        is no nearer to a key that has it.
        """
        return self.find_digest(digest(secret))

    def find_digest(self, sha256: str) -> ApiKey | None:
        """As `find`, for who remembers a key without knowing it."""
        keys = self._current()
        if keys is None:
            raise NotReady("this server cannot read its keys, so it lets nobody in; its log says why")
        return keys.get(sha256)

    def _current(self) -> Mapping[str, ApiKey] | None:
        stamp = self._look()  # before reading, so that what changes in between is seen the next time
        if stamp != self._stamp:
            self._stamp = stamp
            self._keys = self._read()
        return self._keys

    def _look(self) -> _Stamp:
        try:
            status = self._file.stat()
        except OSError as error:
            return str(error.strerror)
        return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size)

    def _read(self) -> Mapping[str, ApiKey] | None:
        try:
            keys = {each.sha256: each for each in read_keys(self._file)}
        except SettingsError as error:
            if isinstance(error.__context__, OSError):
                self._stamp = None  # it may pass without a change of the file, as a lack of descriptors does
            if error.message != self._said:  # not once per request
                logger.error("nobody is let in: %s", error.message)
            self._said = error.message
            return None
        self._said = None
        return keys
