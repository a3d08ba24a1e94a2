"""A folder evaluated from end to end: the corpus indexed, the queries asked. Shows nothing and knows no options."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Final

from content.errors import InvalidInput
from evaluation.conditions import Conditions, shown_name
from evaluation.folder.documents import Documents, FolderDocuments, StoredDocuments
from evaluation.folder.folder import BeirFolder
from evaluation.folder.indexed import IndexedCorpus, Recall, bring_up_to_date, folder_of_collections, open_index
from evaluation.folder.judged import Stage2
from evaluation.folder.recalled import GivenCandidates, Stage1
from evaluation.folder.run import Tally, Task, answered
from evaluation.quality.file import write
from evaluation.quality.result import DEPTHS, Evaluation, Models
from evaluation.runs.trec import TrecRun
from evaluation.scores.file import ScoreFile
from indexer.build import Progress
from indexer.protocols import Encoder
from indexer.vectors.live import IndexPolicy
from reranker.protocol import Reranker
from search.library import Library
from search.worker import DeviceWorker

SCORES: Final = "scores.sqlite"
RESULT: Final = "evaluation.json"


@dataclass(frozen=True, slots=True)
class Watcher:
    """Told of documents as they are indexed, of how many queries there are, and of each that is done."""

    on_indexing: Callable[[Progress], None] = lambda progress: None
    on_queries: Callable[[int], None] = lambda count: None
    on_query: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Plan:
    """work: the folder of what is kept between runs. queries: at most so many, evenly spread; None asks all.
    given: candidates that somebody else found, in place of stage 1's."""

    work: Path
    recall: Recall = field(default_factory=Recall)
    task: Task = field(default_factory=Task)
    queries: int | None = None
    given: TrecRun | None = None
    batch_size: int = 64
    policy: IndexPolicy = field(default_factory=IndexPolicy)


def evaluate(
    folder: BeirFolder,
    encoder: Encoder | None,
    reranker: Reranker | None,
    plan: Plan,
    made_under: Conditions,
    watcher: Watcher,
) -> tuple[Evaluation, Tally]:
    """Writes the evaluation into the work folder too.

    encoder: None where candidates are given. reranker: None for stage 1 alone. made_under: without its seconds.
    A run that is interrupted, however brutally, goes on where it was when it is started again.
    Raises InvalidInput, CollectionError and ModelError for what stands in the way of all queries.
    """
    began = perf_counter()
    queries = chosen(list(folder.qrels), plan.queries)
    _make(plan.work)
    with ExitStack() as exits:
        stage1, documents, warnings = _stage1(folder, encoder, plan, exits, watcher)
        stage2 = None
        if reranker is not None:
            scores = exits.enter_context(ScoreFile(plan.work / SCORES))
            stage2 = Stage2(reranker, documents, scores, exits.enter_context(closing(DeviceWorker())))
        watcher.on_queries(len(queries))
        tally = Tally()
        found = tuple(answered(folder, queries, stage1, stage2, plan.task, tally, watcher.on_query))
    evaluation = Evaluation(
        title=folder.path.resolve().name,
        documents=len(folder.corpus),
        models=_models(stage1, reranker, plan.task),
        depths=() if reranker is None else depths(max((len(one.candidates) for one in found), default=0)),
        answered=found,
        conditions=replace(made_under, seconds=round(perf_counter() - began, 1)),
        warnings=(*folder.warnings, *warnings, *tally.warnings),
    )
    write(plan.work / RESULT, evaluation)
    return evaluation, tally


def chosen(queries: Sequence[str], most: int | None) -> list[str]:
    """At most `most` of the queries, evenly spread over their order."""
    if most is None or most >= len(queries):
        return list(queries)
    return [queries[at * len(queries) // most] for at in range(most)]


def depths(candidates: int) -> tuple[int, ...]:
    """Those that are reported for so many candidates."""
    return tuple(sorted({depth for depth in DEPTHS if depth < candidates} | ({candidates} - {0})))


def _stage1(
    folder: BeirFolder, encoder: Encoder | None, plan: Plan, exits: ExitStack, watcher: Watcher
) -> tuple[Stage1, Documents, list[str]]:
    if plan.given is not None:
        given = GivenCandidates(plan.given.tag, plan.given.found, plan.recall.candidates)
        return given, FolderDocuments(folder), []
    assert encoder is not None
    library = exits.enter_context(closing(Library(folder_of_collections(plan.work), encoder, plan.policy)))
    collection = open_index(library, encoder)
    warnings = bring_up_to_date(collection, encoder, folder, plan.batch_size, watcher.on_indexing)
    return IndexedCorpus(collection, encoder, plan.recall), StoredDocuments(collection), warnings


def _models(stage1: Stage1, reranker: Reranker | None, task: Task) -> Models:
    return Models(
        encoder=shown_name(stage1.name),
        encoder_fingerprint=stage1.fingerprint,
        reranker=None if reranker is None else shown_name(reranker.name),
        reranker_fingerprint=None if reranker is None else reranker.fingerprint,
        instruction=task.instruction,
    )


def _make(work: Path) -> None:
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"the folder {work}, for what is kept between runs, cannot be made: {error.strerror}; name another",
            param="--work",
        ) from error
