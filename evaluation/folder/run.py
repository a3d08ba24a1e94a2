"""Every judged query of a folder, asked of both stages. Knows no files but the folder's, and no figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

from content import Content, Target
from content.errors import InvalidInput, NotFound
from evaluation.folder.folder import BeirFolder, counted
from evaluation.folder.judged import Judged, Stage2
from evaluation.folder.recalled import Recalled, Stage1
from evaluation.folder.rows import Problems
from evaluation.quality.result import Answered, Found
from reranker.instructions import resolve
from reranker.protocol import Judgement


@dataclass(frozen=True, slots=True)
class Task:
    """instruction: for all queries, before their own; None leaves it to them, and to the default for their kind.
    target: what is searched, on which that default depends."""

    instruction: str | None = None
    target: Target = "any"


@dataclass(slots=True)
class Tally:
    """What a run came to, beside its answers. made: pairs that were judged just now. pairs: with those kept from
    before. unread: queries that could not be asked. failed: pairs with an error."""

    made: int = 0
    pairs: int = 0
    unread: Problems = field(default_factory=Problems)
    failed: Problems = field(default_factory=Problems)

    def take(self, id: str, found: Sequence[Recalled], judged: Judged) -> None:
        """A query's judgements."""
        self.made += judged.made
        self.pairs += len(found)
        for one, judgement in zip(found, judged.judgements, strict=True):
            if judgement.error is not None:
                self.failed.add(f"{one.id[:80]!r} for query {id[:80]!r}: {judgement.error}")

    @property
    def warnings(self) -> list[str]:
        """A sentence for each kind of failure."""
        return [
            *counted(self.unread, "queries cannot be asked; they count as found nothing, or as stage 1 left them"),
            *counted(self.failed, "pairs cannot be judged; they have score 0"),
        ]


def answered(
    folder: BeirFolder,
    queries: Sequence[str],
    stage1: Stage1,
    stage2: Stage2 | None,
    task: Task,
    tally: Tally,
    on_query: Callable[[], None] = lambda: None,
) -> Iterator[Answered]:
    """One for each query, in their order. One that cannot be read has no candidates; one that is too
    long for stage 2 stays as stage 1 answers it.

    Raises what stands in the way of all: a disk that is full, a model that fails to run.
    """
    for id in queries:
        yield _answered(folder, id, stage1, stage2, task, tally)
        on_query()


def _answered(folder: BeirFolder, id: str, stage1: Stage1, stage2: Stage2 | None, task: Task, tally: Tally) -> Answered:
    grades = folder.qrels[id]
    try:
        query = folder.query(id)
        begin = perf_counter()
        found = stage1.recall(id, query)
        recall_ms = 1000 * (perf_counter() - begin)
    except (InvalidInput, NotFound) as error:
        tally.unread.add(f"{id[:80]!r}: {error.message}")
        return Answered(id, grades, (), 0.0, 0.0)
    alone = Answered(id, grades, tuple(Found(one.id, one.score) for one in found), recall_ms, 0.0)
    if stage2 is None:
        return alone
    try:
        judged = stage2.judge(_instruction(folder, id, query, task), query, found)
    except InvalidInput as error:  # the query alone is longer than the model reads
        tally.unread.add(f"{id[:80]!r}: {error.message}")
        return alone
    tally.take(id, found, judged)
    return replace(alone, candidates=tuple(map(_found, found, judged.judgements)), rerank_ms=judged.ms)


def _instruction(folder: BeirFolder, id: str, query: Content, task: Task) -> str:
    return resolve(task.instruction or folder.instruction(id), query, task.target)


def _found(recalled: Recalled, judgement: Judgement) -> Found:
    return Found(recalled.id, recalled.score, judgement.score, judgement.error)
