"""What is searched and asked when depth is measured: the demo's catalogue, or a folder in BEIR form. Knows no judge."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from content import Content, Target
from demo.catalogue import evaluation_set
from evaluation.demo.collections import Collections, stored_id
from evaluation.demo.pairs import Task
from evaluation.demo.run import VECTORS
from evaluation.demo.sides import query
from evaluation.folder.documents import StoredDocuments
from evaluation.folder.evaluation import chosen
from evaluation.folder.folder import BeirFolder
from evaluation.folder.indexed import IndexedCorpus, Recall, bring_up_to_date, folder_of_collections, open_index
from indexer.collection import Collection
from indexer.protocols import Encoder
from indexer.vectors.live import IndexPolicy
from reranker.instructions import resolve
from reranker.protocol import Reranker
from search.library import Library


@dataclass(frozen=True, slots=True)
class Asked:
    """One query. grades: document -> grade. instruction: the resolved text."""

    query: Content
    instruction: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Source:
    """queries: ids. ask: the query of an id, read when it is asked; may raise NotFound and InvalidInput."""

    title: str
    collection: Collection
    queries: Sequence[str]
    ask: Callable[[str], Asked]
    stage1: IndexedCorpus

    @property
    def documents(self) -> StoredDocuments:
        return StoredDocuments(self.collection)


@contextmanager
def of_demo(
    task: Task, items: int, queries: int, seed: int, encoder: Encoder, reranker: Reranker, candidates: int
) -> Iterator[Source]:
    """Held-out scenes of the catalogue, each of which answers one query."""
    data = evaluation_set(items=items, queries=queries, seed=seed)
    named = {data.items[at].id: data.items[at] for at in data.queries}

    def ask(id: str) -> Asked:
        content = query(named[id], task)
        return Asked(content, resolve(None, content, task.pair.target), {stored_id(id): 1})

    with Collections(data.items, encoder, reranker) as collections:
        collection = collections.engine(task).collection
        stage1 = IndexedCorpus(collection, encoder, Recall(candidates, task.pair.target, VECTORS))
        yield Source(f"demo catalogue, {task.name}", collection, list(named), ask, stage1)


@contextmanager
def of_folder(
    folder: BeirFolder, work: Path, queries: int, encoder: Encoder, policy: IndexPolicy, candidates: int, target: Target
) -> Iterator[Source]:
    """A folder's queries, evenly spread; its corpus is indexed in the work folder, as `lychee evaluate folder` does."""

    def ask(id: str) -> Asked:
        content = folder.query(id)
        return Asked(content, resolve(folder.instruction(id), content, target), folder.qrels[id])

    with closing(Library(folder_of_collections(work), encoder, policy)) as library:
        collection = open_index(library, encoder)
        bring_up_to_date(collection, encoder, folder, 64)
        stage1 = IndexedCorpus(collection, encoder, Recall(candidates, target))
        yield Source(folder.path.resolve().name, collection, chosen(list(folder.qrels), queries), ask, stage1)
