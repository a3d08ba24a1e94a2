"""The embedded default judged on scenes it has never seen: stage 1 beside stage 2, in both directions and languages.

Every figure comes from `SearchEngine.search`, the path that a user's query takes.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from content import Content, Target
from demo.catalogue import CatalogueItem, EvaluationSet
from evaluation.metrics import MEASURES, Estimate, Qrels, Run, estimate, per_query
from indexer import Collection, Encoder, Ingest, Record, digest
from reranker import Reranker
from search import DeviceWorker, SearchEngine

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
BATCH = 64

OnQuery = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One direction in one language: queries by id, the right item of each, and where to look for it."""

    name: str
    language: Language
    target: Target
    queries: Mapping[str, Content]
    qrels: Qrels
    records: Callable[[], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class TaskResult:
    """Measure -> estimate, for the order of stage 1 and for the order of stage 2's scores alone."""

    name: str
    language: Language
    queries: int
    stage1: Mapping[str, Estimate]
    stage2: Mapping[str, Estimate]


def tasks(data: EvaluationSet) -> list[Task]:
    """text -> image and image -> text, each in English and in Chinese."""
    return [make(data, language) for make in (_text_to_image, _image_to_text) for language in LANGUAGES]


def run(task: Task, encoder: Encoder, reranker: Reranker, *, candidates: int, on_query: OnQuery) -> TaskResult:
    """Indexes the task's items into a temporary collection and answers its queries with both stages."""
    with (
        TemporaryDirectory() as folder,
        Collection.create(Path(folder) / "collection", encoder) as collection,
        closing(DeviceWorker()) as worker,
    ):
        _fill(collection, encoder, task.records())
        engine = SearchEngine(collection, encoder, reranker, worker)
        stage1, stage2 = _runs(task, engine, candidates, on_query)
    return TaskResult(
        name=task.name,
        language=task.language,
        queries=len(task.queries),
        stage1=_estimates(stage1, task.qrels),
        stage2=_estimates(stage2, task.qrels),
    )


def _runs(task: Task, engine: SearchEngine, candidates: int, on_query: OnQuery) -> tuple[Run, Run]:
    stage1: dict[str, list[str]] = {}
    stage2: dict[str, list[str]] = {}
    for query_id, query in task.queries.items():
        hits = engine.search(query, target=task.target, candidates=candidates, top_k=candidates).hits
        stage1[query_id] = [hit.id for hit in sorted(hits, key=lambda hit: hit.retrieval.rank)]
        # By score alone: the engine lets stage 1 order ties, which would lend stage 2 a help that is not its own.
        stage2[query_id] = [hit.id for hit in sorted(hits, key=lambda hit: (-hit.score, hit.id))]
        on_query()
    return stage1, stage2


def _estimates(ranking: Run, qrels: Qrels) -> dict[str, Estimate]:
    values = per_query(ranking, qrels)
    return {name: estimate(values[name]) for name in MEASURES}


def _fill(collection: Collection, encoder: Encoder, records: Iterator[Record]) -> None:
    ingest = Ingest(collection, encoder)
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            ingest.upsert(batch)
            batch = []
    ingest.upsert(batch)


def _text_to_image(data: EvaluationSet, language: Language) -> Task:
    right = [data.items[index] for index in data.queries]
    return Task(
        name="text -> image",
        language=language,
        target="image",
        queries={item.id: Content(text=item.caption(language, wording=0)) for item in right},
        qrels={item.id: item.id for item in right},
        records=lambda: (_picture_record(item) for item in data.items),
    )


def _image_to_text(data: EvaluationSet, language: Language) -> Task:
    right = [data.items[index] for index in data.queries]
    return Task(
        name="image -> text",
        language=language,
        target="text",
        queries={item.id: Content(image=item.picture()) for item in right},
        qrels={item.id: item.id for item in right},
        records=lambda: (_caption_record(item, language) for item in data.items),
    )


def _picture_record(item: CatalogueItem) -> Record:
    buffer = BytesIO()
    item.picture().save(buffer, "PNG")
    data = buffer.getvalue()
    return Record(id=item.id, text=None, image=data, digest=digest(None, data, {}))


def _caption_record(item: CatalogueItem, language: Language) -> Record:
    text = item.caption(language, wording=0)
    return Record(id=item.id, text=text, image=None, digest=digest(text, None, {}))
