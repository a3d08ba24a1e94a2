"""Stage 1 over a folder's corpus: a collection in the work folder, kept up to date with it. Knows no judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content import Content, Target
from content.errors import InvalidInput
from evaluation.folder.folder import BeirFolder, counted
from evaluation.folder.recalled import Recalled
from evaluation.folder.rows import Problems
from evaluation.folder.source import CorpusSource
from indexer.build import BuildReport, Progress, build
from indexer.collection import Collection
from indexer.protocols import Encoder
from retriever.retriever import Retriever, check_recall
from search.library import Library

_PAGE: Final = 1000
_NAMED_BY: Final = 16  # hexadecimal digits of the encoder's fingerprint


@dataclass(frozen=True, slots=True)
class Recall:
    """How stage 1 is asked. candidates: 1 to 1000. target, channels: as `SearchEngine.search` takes them."""

    candidates: int = 100
    target: Target = "any"
    channels: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        """Raises InvalidInput."""
        check_recall(self.target, self.candidates, self.channels)


class IndexedCorpus:
    """A `Stage1`: the collection of a corpus, searched with the encoder that made it."""

    def __init__(self, collection: Collection, encoder: Encoder, recall: Recall) -> None:
        self._encoder = encoder
        self._retriever = Retriever(collection, encoder)
        self._recall = recall

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    def recall(self, id: str, query: Content) -> list[Recalled]:
        asked = self._recall
        vectors = self._retriever.encode(query)
        found = self._retriever.recall(query, vectors, asked.target, asked.candidates, None, asked.channels)
        return [Recalled(one.id, one.score, one.passage) for one in found]


def open_index(library: Library, encoder: Encoder) -> Collection:
    """The collection for this encoder, made where there is none yet."""
    name = encoder.fingerprint[:_NAMED_BY]
    library.create(name)
    return library.open(name)


def bring_up_to_date(
    collection: Collection,
    encoder: Encoder,
    folder: BeirFolder,
    batch_size: int,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[str]:
    """Indexes what is new or changed, goes on where an earlier run was interrupted, and removes what the corpus has no
    more. Gives warnings, a sentence each.

    Raises InvalidInput where nothing could be indexed, and what `build` raises.
    """
    source = CorpusSource(folder)
    report = build(collection, encoder, source, batch_size=batch_size, limits=folder.limits, on_progress=on_progress)
    if len(collection) > report.indexed + report.unchanged:
        _remove_strangers(collection, folder)
    warnings = _refused(report)
    if not len(collection):
        raise InvalidInput(
            f"no document of {folder.corpus.path} can be searched{''.join(f'; {one}' for one in warnings)}"
        )
    return warnings


def folder_of_collections(work: Path) -> Path:
    return work / "collections"


def _remove_strangers(collection: Collection, folder: BeirFolder) -> None:
    after: str | None = None
    while ids := collection.ids(_PAGE, after):
        after = ids[-1]
        if gone := [one for one in ids if one not in folder.corpus]:
            collection.delete(gone)


def _refused(report: BuildReport) -> list[str]:
    problems = Problems()
    for one in report.refused:
        problems.add(f"{one.origin}: {one.reason}")
    return counted(problems, "documents cannot be read and are never found")
