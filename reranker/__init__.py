"""Stage 2: the prompt, the judge, its scores and their order. Names that cost torch are loaded when asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

from reranker.display import Display
from reranker.instructions import INSTRUCTIONS, default_instruction, resolve
from reranker.protocol import Judgement, Reranker, Step
from reranker.ranking import Ranked, Ranking, rank

if TYPE_CHECKING:
    from reranker.documents import RankedDocument, RankedDocuments
    from reranker.generative import GenerativeReranker
    from reranker.lychee import LycheeReranker

__all__ = [
    "INSTRUCTIONS",
    "Display",
    "GenerativeReranker",
    "Judgement",
    "LycheeReranker",
    "Ranked",
    "RankedDocument",
    "RankedDocuments",
    "Ranking",
    "Reranker",
    "Step",
    "default_instruction",
    "rank",
    "resolve",
]

_HOMES = {
    "GenerativeReranker": "reranker.generative",
    "LycheeReranker": "reranker.lychee",
    "RankedDocument": "reranker.documents",
    "RankedDocuments": "reranker.documents",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
