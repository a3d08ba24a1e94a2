"""A reranker whose scores a reader can work out in the head."""

import threading
from collections.abc import Sequence

from support.one_step import ScoresInSteps

from content import Content, Document, Unreadable
from reranker.protocol import Judgement

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


class ToyReranker(ScoresInSteps):
    """The score of a document is the share of the query's words that it has; a picture has one word, its colour.

    One token per word. `gate`: while it is closed, every judgement waits.
    """

    name = "toy-reranker"
    fingerprint = "toy"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Event()
        self.instructions: list[str | None] = []

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        self.waiting.set()
        assert self.gate.wait(30)
        self.instructions.append(instruction)
        return [self._judge(_words(query), document) for document in documents]

    def _judge(self, wanted: set[str], document: Document) -> Judgement:
        if isinstance(document, Unreadable):
            return Judgement(0.0, error=document.reason)
        words = _words(document)
        return Judgement(len(wanted & words) / max(1, len(wanted)), tokens=len(wanted) + len(words))


def _words(content: Content) -> set[str]:
    words = set((content.text or "").lower().split())
    if content.image is not None:
        pixel = content.image.getpixel((0, 0))
        words |= {name for name, value in COLOURS.items() if value == pixel}
    return words
