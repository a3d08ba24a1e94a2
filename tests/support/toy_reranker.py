"""A reranker whose scores a reader can work out in the head."""

from collections.abc import Sequence

from PIL import Image, ImageStat

from content import Content, Document, Unreadable
from reranker.protocol import Judgement


class ToyReranker:
    """The share of the query's words that stand in the document's text; for two pictures, how near they are in
    brightness (1 for the same, 0 for black against white); for both, the mean. A text and a picture have nothing in
    common."""

    name = "toy"
    fingerprint = "toy-1"

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        return [self._judgement(query, document) for document in documents]

    def _judgement(self, query: Content, document: Document) -> Judgement:
        if isinstance(document, Unreadable):
            return Judgement(score=0.0, error=document.reason)
        shares = []
        if query.text is not None and document.text is not None:
            wanted, there = set(query.text.lower().split()), set(document.text.lower().split())
            shares.append(len(wanted & there) / len(wanted))
        if query.image is not None and document.image is not None:
            shares.append(1 - abs(brightness(query.image) - brightness(document.image)))
        return Judgement(score=sum(shares) / len(shares) if shares else 0.0)


def brightness(image: Image.Image) -> float:
    """0 for black, 1 for white."""
    return ImageStat.Stat(image.convert("L")).mean[0] / 255
