"""An evaluation that a reader can check in the head, and contents for it, some of them hostile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from content import Content, Document, Unreadable
from content.errors import NotFound
from evaluation.conditions import Conditions
from evaluation.quality.result import Answered, Evaluation, Found, Models

CONDITIONS = Conditions(
    platform="Linux x86_64", processor="some processor", cores=2, threads=1, device="cpu", dtype="float32",
    python="3.12", versions={"torch": "2.15"}, commit=None, options={"candidates": 100}, seconds=12.0,
)  # fmt: skip


def answered(
    id: str, right: Mapping[str, int], found: Sequence[tuple[str, float | None]], rerank_ms: float = 100.0
) -> Answered:
    """found: documents in stage 1's order with their P(yes)."""
    candidates = tuple(Found(name, 1 - place / 100, score) for place, (name, score) in enumerate(found))
    return Answered(id, right, candidates, recall_ms=2.0, rerank_ms=rerank_ms)


def repaired(id: str = "repaired") -> Answered:
    """nDCG@10 0.5 in stage 1's order (place 3), 1 in stage 2's."""
    return answered(id, {"d2": 1}, [("d0", 0.1), ("d1", 0.2), ("d2", 0.9)])


def broken(id: str = "broken") -> Answered:
    """nDCG@10 1 in stage 1's order, 0.5 in stage 2's."""
    return answered(id, {"d0": 1}, [("d0", 0.1), ("d1", 0.2), ("d2", 0.9)])


def same(id: str = "same") -> Answered:
    return answered(id, {"d0": 1}, [("d0", 0.9), ("d1", 0.2)])


def evaluation(
    *queries: Answered, depths: tuple[int, ...] = (2, 3), title: str = "made up", instruction: str | None = None
) -> Evaluation:
    reranker = ("some reranker", "f2") if depths else (None, None)
    models = Models("some encoder", "f1", *reranker, instruction)
    return Evaluation(title, 3, models, depths, queries, CONDITIONS)


@dataclass
class Shelf:
    """Contents by id; what is not named is a text with its id. asked: for which documents, in order."""

    queries: Mapping[str, Content] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    def query(self, id: str) -> Content:
        if id in self.gone:
            raise NotFound(f"there is no query {id}")
        return self.queries.get(id) or Content(f"the question {id}")

    def document(self, id: str) -> Document:
        self.asked.append(id)
        if id in self.gone:
            return Unreadable(f"there is no document {id}")
        return self.documents.get(id) or Content(f"the answer {id}")


def picture(colour: str = "red", size: tuple[int, int] = (640, 480)) -> Image.Image:
    return Image.new("RGB", size, colour)
