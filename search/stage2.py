"""Stage 2 over many documents with few of them in memory at once. Knows nothing of collections or of cut-offs."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from time import perf_counter
from typing import Final, TypeVar

from content import Content, Document
from reranker.protocol import Judgement, Reranker, Step
from search.observer import NobodyWatches, Observer
from search.reading import read_ahead
from search.worker import Lane

STEPS_AT_DEVICE: Final = 2  # one runs and one waits, while the next is prepared: the device need not wait

Key = TypeVar("Key")


def judge(
    lane: Lane,
    reranker: Reranker,
    instruction: str,
    query: Content,
    keys: Sequence[Key],
    read: Callable[[Sequence[Key]], Sequence[Document]],
    observer: Observer | None = None,
    may_have_picture: Callable[[Key], bool] = lambda key: True,
    watch: Callable[[Mapping[int, Judgement]], None] | None = None,
) -> list[Judgement]:
    """One judgement per key, in order.

    read: the documents of some keys; called for a few at a time, on several threads, ahead of the model.
    may_have_picture: False for a key whose document `read` decodes no picture for; it then waits for no room.
    watch: called on this thread after each step, with all judgements so far by their place; must not keep or change it.
    Raises what `read` and the reranker raise, and as `Lane.submit` does; what is left of the work is then not done.
    """
    judgements: dict[int, Judgement] = {}
    observer = observer or NobodyWatches()
    with (
        observer.stage("rerank"),
        lane.pictures.guest(lane.patience) as guest,
        closing(read_ahead(keys, read, guest, may_have_picture)) as documents,
    ):
        # not a generator, which would hold a step, and so its documents, until the next one is asked for
        steps = map(partial(_observed, observer), reranker.steps(instruction, query, documents))
        for judged in _done_in_turn(lane, steps):
            judgements.update(judged)
            guest.let_go(judged)
            if watch is not None:
                watch(judgements)
    return [judgements[place] for place in range(len(keys))]


def _done_in_turn(lane: Lane, steps: Iterator[Step]) -> Iterator[Mapping[int, Judgement]]:
    """What each step comes to, in order."""
    at_device: deque[Future[Mapping[int, Judgement]]] = deque()
    for step in steps:
        if len(at_device) == STEPS_AT_DEVICE:
            yield lane.patience.wait(at_device.popleft())
        at_device.append(lane.submit(step))
        del step  # or its documents would still be held while the next step is prepared
    while at_device:
        yield lane.patience.wait(at_device.popleft())


def _observed(observer: Observer, step: Step) -> Step:
    def observed() -> Mapping[int, Judgement]:
        begin = perf_counter()
        judged = step()
        tokens = sum(judgement.tokens for judgement in judged.values())
        observer.step(documents=len(judged), tokens=tokens, seconds=perf_counter() - begin)
        return judged

    return observed
