"""The corpus of a folder as something to index. Knows no encoders."""

from collections.abc import Iterator
from functools import partial

from content.errors import InvalidInput
from evaluation.folder.folder import BeirFolder
from indexer.record import Entry, Record, Refusal, digest


class CorpusSource:
    """A `Source`: one entry for each row, in the order of the file."""

    def __init__(self, folder: BeirFolder) -> None:
        self._folder = folder

    def entries(self) -> Iterator[Entry | Refusal]:
        corpus = self._folder.corpus
        for place in corpus.places():
            yield Entry(f"{corpus.path.name}:{corpus.line(place)}", partial(self._record, place))

    def count(self) -> int:
        return len(self._folder.corpus)

    def _record(self, place: int) -> Record:
        row = self._folder.corpus.at(place)
        if row.id not in self._folder.corpus:
            raise InvalidInput("the file was changed while it was read")
        image = self._folder.picture_bytes(row)
        return Record(row.id, row.words, image, digest(row.words, image, {}))
