"""The folder that holds all collections: names are checked, open collections are kept. Knows nothing of searching."""

import shutil
import threading
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from content.errors import CollectionError, InvalidInput, LycheeError, NotFound
from indexer.collection import Collection
from indexer.locks import ProcessLock
from indexer.manifest import Manifest
from indexer.names import WRITER_LOCK
from indexer.opening import holds_collection
from indexer.protocols import Encoder
from indexer.store.backup import Backup, Reached, back_up, restore
from indexer.vectors.live import IndexPolicy

_MAX_CHARACTERS = 64
_MAX_BYTES = 200  # file systems allow 255, and a name needs room for a suffix
_DROPPED = ".dropped-"  # hidden, and no name begins with a dot


@dataclass(frozen=True, slots=True)
class Listed:
    """One collection in a listing. manifest: None where it cannot be read, and then `error` says why."""

    name: str
    manifest: Manifest | None
    error: str | None = None


def check_name(name: str) -> str:
    """The name in Unicode's composed form (NFC), so that what looks the same is the same. Raises InvalidInput."""
    name = unicodedata.normalize("NFC", name)
    good = 1 <= len(name) <= _MAX_CHARACTERS and len(name.encode("utf-8", "replace")) <= _MAX_BYTES
    if not good or name.startswith(".") or not all(map(_allowed, name)):
        raise InvalidInput(
            f"{name[:80]!r} is no name for a collection; take 1 to {_MAX_CHARACTERS} letters, digits, '.', '_' or '-', "
            "with no dot in front",
            param="collection",
        )
    return name


class Library:
    """All collections under `root`, made and searched with `encoder`; safe to use from several threads.

    encoder: None to look after collections without making or searching any. policy: when their indexes are exact, and
    what recall they are to have where they are not.
    """

    def __init__(self, root: Path, encoder: Encoder | None, policy: IndexPolicy | None = None) -> None:
        self._root = root
        self._encoder = encoder
        self._policy = policy
        self._opened: dict[str, Collection] = {}
        self._lock = threading.RLock()

    def folder(self, name: str) -> Path:
        """Where the collection is or would be. Raises InvalidInput for a bad name."""
        return self._root / check_name(name)

    def list(self) -> Sequence[Listed]:
        """Every collection, by name; one that cannot be read is listed with the reason."""
        if not self._root.is_dir():
            return []
        names = sorted(path.name for path in self._root.iterdir() if path.is_dir() and _is_name(path.name))
        return [listed for listed in map(self._listed, names) if listed is not None]

    def info(self, name: str) -> Manifest:
        """What the collection is, whatever encoder it was made with. Raises InvalidInput, NotFound, CollectionError."""
        with self.looked_at(name) as collection:
            return collection.manifest

    @contextmanager
    def looked_at(self, name: str) -> Iterator[Collection]:
        """The collection for a moment, whatever encoder it was made with: the one that is open, if one is."""
        name = check_name(name)
        with self._lock:
            kept = self._kept(name)
        if kept is not None:
            yield kept
            return
        with self._collection(name) as collection:
            yield collection

    def open(self, name: str) -> Collection:
        """The collection, opened once and kept until another process removes or replaces it.

        Raises InvalidInput, NotFound, EncoderMismatch, CollectionError.
        """
        name = check_name(name)
        opened = self._opened.get(name)
        # Without the lock: another collection may be opening, which takes as long as it is large.
        if opened is not None and opened.is_current():
            return opened
        with self._lock:
            kept = self._kept(name)
            if kept is None:
                kept = self._opened[name] = self._collection(name, self._encoder)
            return kept

    def is_at_home(self, manifest: Manifest) -> bool:
        """Whether the collection can be searched and filled here: its vectors are of this library's encoder."""
        return self._encoder is not None and manifest.fingerprint == self._encoder.fingerprint

    def at_home(self) -> Sequence[tuple[str, Manifest]]:
        """Name and manifest of every such collection, by name."""
        listed = ((each.name, each.manifest) for each in self.list())
        return [(name, manifest) for name, manifest in listed if manifest is not None and self.is_at_home(manifest)]

    @property
    def opened(self) -> Mapping[str, Collection]:
        """Those that are open just now, by name, for who opens none himself; one of them may be closed meanwhile."""
        return self._opened.copy()

    def create(self, name: str) -> bool:
        """Makes an empty collection; False when there is one already, which is left as it is. Raises as `open` does."""
        with self._lock:
            try:
                self.open(name)
            except NotFound:
                if self._encoder is None:
                    raise
                self._opened[check_name(name)] = Collection.create(self.folder(name), self._encoder, self._policy)
                return True
            return False

    def back_up(self, name: str, file: Path, *, replace: bool = False, reached: Reached = lambda share: None) -> Backup:
        """Writes the collection into one file, as `indexer.store.backup.back_up` does."""
        with self._named(name):
            return back_up(self.folder(name), file, replace=replace, reached=reached)

    def restore(self, file: Path, name: str, *, reached: Reached = lambda share: None) -> Backup:
        """Makes a new collection out of such a file, as `indexer.store.backup.restore` does."""
        return restore(file, self.folder(name), reached=reached)

    def drop(self, name: str) -> None:
        """Closes the collection and removes it: its folder is renamed first, so that nobody sees half of it.

        Raises InvalidInput, NotFound, CollectionBusy while another process writes to it, CollectionError.
        """
        with self._lock:
            folder = self.folder(name)
            if not holds_collection(folder):
                raise NotFound(f"there is no collection {name}", param="collection")
            with ProcessLock(folder / WRITER_LOCK).held():
                opened = self._opened.pop(folder.name, None)
                if opened is not None:
                    opened.close()
                try:
                    folder.rename(self._root / f"{_DROPPED}{uuid.uuid4().hex}")
                except OSError as error:
                    raise CollectionError(f"cannot remove the collection {name}: {error.strerror}") from error
        for remains in self._root.glob(f"{_DROPPED}*"):  # also those of a drop that was interrupted
            shutil.rmtree(remains, ignore_errors=True)

    def close(self) -> None:
        """Closes every open collection."""
        with self._lock:
            while self._opened:
                self._opened.popitem()[1].close()

    def _kept(self, name: str) -> Collection | None:
        """The one that is open, unless another process has removed or replaced it: that is closed."""
        opened = self._opened.get(name)
        if opened is not None and not opened.is_current():
            self._opened.pop(name).close()
            return None
        return opened

    def _collection(self, name: str, encoder: Encoder | None = None) -> Collection:
        """Opened anew. Who asks by name is answered by name: where the folder lies is no affair of a client's."""
        with self._named(name):
            return Collection.open(self.folder(name), encoder, self._policy)

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        try:
            yield
        except NotFound as error:
            raise NotFound(f"there is no collection {name}", param="collection") from error

    def _listed(self, name: str) -> Listed | None:
        try:
            return Listed(name, self.info(name))
        except NotFound:  # another folder that happens to lie here
            return None
        except LycheeError as error:
            return Listed(name, None, error.message)


def _is_name(name: str) -> bool:
    try:
        return check_name(name) == name
    except InvalidInput:
        return False


def _allowed(character: str) -> bool:
    """Letters, the marks that belong to them, digits, and three signs."""
    return character in "._-" or unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Nd"
