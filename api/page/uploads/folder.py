"""The folder of uploads: below it one for each owner, and in that one for each upload. Knows nothing of requests."""

import asyncio
import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

KEPT_S: Final = 3600.0  # after an upload was last used
_AWAY_S: Final = 300.0  # after its owner closed the page: long enough for a phone to come back
_PREFIX: Final = "of-"  # of the folders of owners; what Gradio makes itself is named by its digest

_receiving: ContextVar[str] = ContextVar("receiving")


class UploadFolder(os.PathLike[str]):
    """As Gradio takes it: the folder for the upload that is being received, another for each, so that nobody's file
    takes the place of another's, or goes with it. Outside of an upload it is the whole folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def __fspath__(self) -> str:
        return _receiving.get(str(self.root))

    __str__ = __fspath__


class Uploads:
    """root: a folder for this alone; its maker removes it."""

    def __init__(self, root: Path, *, kept_s: float = KEPT_S, away_s: float = _AWAY_S) -> None:
        self.root = root.resolve()
        self._kept_s = kept_s
        self._away_s = away_s
        self._open: Counter[str] = Counter()  # owner -> pages that are open

    @contextmanager
    def receiving(self, owner: str) -> Iterator[Path]:
        """The folder of an upload that is received within the block."""
        folder = self.root / owner / secrets.token_hex(16)
        folder.mkdir(parents=True, mode=0o700)
        token = _receiving.set(str(folder))
        try:
            yield folder
        finally:
            _receiving.reset(token)

    def allows(self, owner: str, path: str) -> bool:
        """Whether the path leads to a file that this owner may see: one they uploaded, or one that was made for whoever
        knows its content, by whose digest it is named. Using a file keeps it longer."""
        parts = self._parts(path)
        if len(parts) < 2 or (parts[0].startswith(_PREFIX) and parts[0] != owner):
            return False
        file = self.root.joinpath(*parts)
        if not file.is_file():
            return False
        for used in (file, self.root.joinpath(*parts[:2])):
            os.utime(used)
        return True

    def _parts(self, path: str) -> Sequence[str]:
        """Below the root; none for a path that leads elsewhere."""
        if "\0" in path:
            return ()
        resolved = os.path.realpath(path)
        return Path(resolved).relative_to(self.root).parts if Path(resolved).is_relative_to(self.root) else ()

    @contextmanager
    def opened(self, owner: str) -> Iterator[None]:
        """While a page of this owner is open. Soon after the last was closed, their uploads go."""
        self._open[owner] += 1
        try:
            yield
        finally:
            self._open[owner] -= 1
            if self._open[owner] <= 0:
                del self._open[owner]
                asyncio.get_running_loop().call_later(self._away_s, self._left, owner)

    def _left(self, owner: str) -> None:
        if owner not in self._open:
            asyncio.get_running_loop().run_in_executor(None, _remove, self.root / owner)

    async def sweep(self, every_s: float = 300.0) -> None:
        """Until it is cancelled: uploads that nobody used for long are removed."""
        while True:
            await asyncio.sleep(every_s)
            await asyncio.to_thread(self.remove_old)

    def remove_old(self) -> None:
        oldest = time.time() - self._kept_s
        for owner in self.root.glob(f"{_PREFIX}*"):
            for upload in owner.iterdir():
                if _used(upload) < oldest:
                    _remove(upload)


def _used(upload: Path) -> float:
    """When something was last written to it, or it was last asked for."""
    try:
        return max(each.stat().st_mtime for each in (upload, *upload.iterdir()))
    except OSError:
        return time.time()


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
