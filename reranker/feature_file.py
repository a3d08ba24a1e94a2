"""Features of pictures on disk, shared by all processes that use the same model. Knows no model and no SQL.

Whatever is wrong with the file is logged and never raised: a cache may cost time, but no answer.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from safetensors.torch import load, save
from torch import Tensor

from reranker.blob_connection import BlobError, ForeignFile, delete, is_damage
from reranker.blob_file import BlobFile
from reranker.feature_memory import own

_USES: Final = 256  # notes of use that are written together

T = TypeVar("T")
_log = logging.getLogger(__name__)


class FileFeatures:
    """A FeatureStore in a file of at most `max_bytes`, which forgets the least recently used first.

    model: the fingerprint of the reranker, which covers its weights as loaded and so their number format. Features of
    other models are never found, and go first as nobody uses them. `put` returns when the features are written.
    A damaged file is replaced by a new one, once; one that is not ours, or that cannot be opened, is left alone, and
    nothing is kept.
    """

    def __init__(self, path: Path, model: str, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._path = path
        self._model = model
        self._used: dict[bytes, float] = {}
        self._lock = threading.RLock()
        self._warned: set[str] = set()
        self._renewed = False
        self._file: BlobFile | None = None
        self._open()

    def get(self, key: bytes) -> Tensor | None:
        data = self._attempt(lambda file: file.get(self._model, key))
        if data is None:
            return None
        self.note_use(key)
        features: Tensor = load(data)["features"]
        return features

    def put(self, key: bytes, features: Tensor) -> None:
        self.keep(key, features)

    def keep(self, key: bytes, features: Tensor, spare_since: float = math.inf) -> bool:
        """As `put`, but gives up nothing that was used since then, in seconds since 1970. Returns False where there is
        no room for the features."""
        data = save({"features": own(features)})
        used = self._uses()
        return self._attempt(lambda file: file.put(self._model, key, data, used, spare_since)) is not False

    def note_use(self, key: bytes) -> None:
        """Counts as `get` for what is forgotten first; for those who found the features elsewhere."""
        with self._lock:
            self._used[key] = time.time()
            full = len(self._used) >= _USES
        if full:
            self._write_uses()

    def __len__(self) -> int:
        """The pictures of this model."""
        return self._attempt(lambda file: file.count(self._model)) or 0

    @property
    def nbytes(self) -> int:
        """What is in use of the file, other models' features included."""
        return self._attempt(lambda file: file.nbytes) or 0

    @property
    def is_open(self) -> bool:
        """Whether it keeps anything: not after `close`, nor where the file cannot be used."""
        return self._file is not None

    def close(self) -> None:
        """Lets go of the file; afterwards nothing is found and nothing kept. Calling it twice is harmless."""
        self._write_uses()
        with self._lock:
            file, self._file = self._file, None
        if file is not None:
            file.close()

    def _write_uses(self) -> None:
        used = self._uses()
        self._attempt(lambda file: file.note_use(self._model, used))

    def _uses(self) -> dict[bytes, float]:
        with self._lock:
            used, self._used = self._used, {}
        return used

    def _attempt(self, call: Callable[[BlobFile], T]) -> T | None:
        file = self._file
        if file is None:
            return None
        try:
            return call(file)
        except BlobError as error:
            self._failed(file, error)
            return None

    def _failed(self, file: BlobFile, error: BlobError) -> None:
        with self._lock:
            if file is not self._file:  # closed, or another thread has seen to it
                return
            if not is_damage(error):
                self._warn(f"cannot be used at the moment ({error})")
                return
            self._file = None
            file.close()
            self._renew(error)

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = BlobFile(self._path, self.max_bytes)
        except ForeignFile:
            self._warn("is no picture cache; move it away, and until then no picture is kept on disk")
        except OSError as error:
            self._warn(f"cannot be opened ({error.strerror}); no picture is kept on disk")
        except BlobError as error:
            if is_damage(error):
                self._renew(error)
            else:
                self._warn(f"cannot be opened ({error}); no picture is kept on disk")

    def _renew(self, error: BlobError) -> None:
        if self._renewed:
            self._warn(f"is damaged again ({error}); no picture is kept on disk")
            return
        self._renewed = True
        self._warn(f"is damaged ({error}); a new one is begun")
        try:
            delete(self._path)
        except (ForeignFile, OSError):
            self._warn("cannot be removed; no picture is kept on disk")
        else:
            self._open()

    def _warn(self, what: str) -> None:
        """Each kind of trouble is told once."""
        if what not in self._warned:
            self._warned.add(what)
            _log.warning("the picture cache %s %s", self._path, what)
