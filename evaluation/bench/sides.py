"""Who is compared: this pass with an empty and with a full picture cache, the plain pass, and the peer. Knows no
clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from content import Content
from evaluation.bench import cross_encoder
from evaluation.bench.checkpoint import Checkpoint, spread
from evaluation.bench.corpus import PAIRS, Corpus
from evaluation.bench.cross_encoder import Peer
from evaluation.bench.setup import INSTRUCTION
from reranker import LycheeReranker
from reranker.feature_memory import MemoryFeatures

COLD: Final = "cold"
WARM: Final = "warm"
PLAIN: Final = "plain"
PEER: Final = "CrossEncoder"
OURS: Final = (COLD, WARM)
NAMES: Final = (COLD, WARM, PLAIN, PEER)
PLAIN_BATCHES: Final = (1, 8)
PEER_BATCHES: Final = (1, 8, 32)  # 32 is its default
_CACHE_BYTES: Final = 64 * 2**30  # more than any run fills
_SAMPLE: Final = 6

Judge = Callable[[Content, Sequence[Content]], list[float]]


@dataclass(frozen=True, slots=True)
class Side:
    """batch_size: prompts per forward, where that is how batches are made. ready: what is not timed; gives the
    scores of some documents, in order."""

    name: str
    batch_size: int | None
    ready: Callable[[], Judge]


def sides(checkpoint: Checkpoint, names: Sequence[str] = NAMES) -> list[Side]:
    """Those of the names, in every batch size that is tried; without the peer where it is not installed."""
    makers: Mapping[str, Callable[[Checkpoint], list[Side]]] = {COLD: cold, WARM: warm, PLAIN: plain, PEER: peer}
    return [side for name in names for side in makers[name](checkpoint)]


def cold(checkpoint: Checkpoint) -> list[Side]:
    """A judge that has seen nothing yet, each time."""

    def ready() -> Judge:
        return _judge(LycheeReranker(checkpoint.model, checkpoint.processor, features=MemoryFeatures(_CACHE_BYTES)))

    return [Side(COLD, None, ready)]


def warm(checkpoint: Checkpoint) -> list[Side]:
    """One judge that stays, and keeps what its tower saw of the documents' pictures."""
    judge = _judge(LycheeReranker(checkpoint.model, checkpoint.processor, features=MemoryFeatures(_CACHE_BYTES)))
    return [Side(WARM, None, lambda: judge)]


def plain(checkpoint: Checkpoint) -> list[Side]:
    return [_plain(checkpoint, size) for size in PLAIN_BATCHES]


def peer(checkpoint: Checkpoint) -> list[Side]:
    if not cross_encoder.installed():
        return []
    encoder = Peer(checkpoint)
    return [_peer(encoder, size) for size in PEER_BATCHES]


def spread_scores(checkpoint: Checkpoint, corpus: Corpus) -> None:
    """Makes the random model's scores differ, as `checkpoint.spread` says, by a sample of every pair."""
    states: list[Tensor] = []
    norm = checkpoint.model.model.language_model.norm
    judge = _plain(checkpoint, 1).ready()
    samples = []
    for pair in PAIRS:
        task = corpus.task(pair, _SAMPLE, rounds=1)
        hook = norm.register_forward_hook(lambda _module, _inputs, out: states.append(out[0, -1].detach().cpu()))
        judge(task.queries[0], task.documents)
        hook.remove()
        samples.append(torch.stack(states))
        states.clear()
    spread(checkpoint, samples)


def _plain(checkpoint: Checkpoint, size: int) -> Side:
    reranker = LycheeReranker(checkpoint.model, checkpoint.processor, passes="plain", batch_size=size)
    return Side(PLAIN, size, lambda: _judge(reranker))


def _peer(encoder: Peer, size: int) -> Side:
    return Side(PEER, size, lambda: lambda query, documents: encoder.score(INSTRUCTION, query, documents, size))


def _judge(reranker: LycheeReranker) -> Judge:
    def judge(query: Content, documents: Sequence[Content]) -> list[float]:
        judgements = reranker.score(INSTRUCTION, query, documents)
        for judgement in judgements:
            assert judgement.error is None, judgement.error
        return [judgement.score for judgement in judgements]

    return judge
