"""Documents as `LycheeReranker.rerank` takes them, and the ranked list that it gives back. Knows no model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from PIL import Image

from content import Content, Document, Unreadable
from content.errors import InvalidInput
from reranker.display import Normalize, Scale
from reranker.ranking import Ranking


@dataclass(frozen=True, slots=True)
class RankedDocument:
    """A document in its place. rank: from 1. index: its place in the input, from 0. score: as shown. The rest as in
    `Judgement` and `Ranked`."""

    rank: int
    index: int
    document: Document
    score: float
    tied: bool
    truncated: bool
    error: str | None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class RankedDocuments(Sequence[RankedDocument]):
    """The ranked documents, best first; a sequence. model: the reranker's name. scale, normalize: how the scores are
    shown, as in `Display`. margin, warnings: as in `Ranking`."""

    results: tuple[RankedDocument, ...]
    model: str
    instruction: str
    scale: Scale = 1
    normalize: Normalize | None = None
    margin: float | None = None
    warnings: tuple[str, ...] = ()

    @overload
    def __getitem__(self, index: int) -> RankedDocument: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RankedDocument, ...]: ...
    def __getitem__(self, index: int | slice) -> RankedDocument | tuple[RankedDocument, ...]:
        return self.results[index]

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[RankedDocument]:
        return iter(self.results)


def as_query(query: str | Content) -> Content:
    """Raises InvalidInput for an empty text."""
    if isinstance(query, Content):
        return query
    if not query.strip():
        raise InvalidInput("the query is empty; give a text, a picture or both", param="query")
    return Content(text=query)


def as_documents(
    documents: Sequence[str | Document | Image.Image] | None, images: Sequence[Image.Image] | None
) -> list[Document]:
    """Whichever of the two is given, as documents; an empty text or an unreadable picture stays in its place as such.

    Raises InvalidInput when both are given or neither, or for something that is no document.
    """
    if (documents is None) == (images is None):
        raise InvalidInput("give either documents or images", param="documents")
    if documents is not None:
        return [_as_document(document, f"documents[{index}]") for index, document in enumerate(documents)]
    return [_as_document(image, f"images[{index}]") for index, image in enumerate(images or ())]


def _as_document(document: str | Document | Image.Image, param: str) -> Document:
    try:
        if isinstance(document, Content | Unreadable):
            return document
        if isinstance(document, str):
            return Content(text=document)
        if isinstance(document, Image.Image):
            return Content(image=document)
    except InvalidInput as error:
        return Unreadable(error.message)
    raise InvalidInput(f"{param} is neither a text, a picture nor a Content", param=param)


def ranked_documents(
    ranking: Ranking, documents: Sequence[Document], *, model: str, instruction: str
) -> RankedDocuments:
    results = tuple(
        RankedDocument(
            rank=entry.rank,
            index=entry.index,
            document=documents[entry.index],
            score=entry.score,
            tied=entry.tied,
            truncated=entry.judgement.truncated,
            error=entry.judgement.error,
            raw=entry.judgement.raw,
        )
        for entry in ranking.entries
    )
    return RankedDocuments(
        results=results,
        model=model,
        instruction=instruction,
        scale=ranking.display.scale,
        normalize=ranking.display.normalize,
        margin=ranking.margin,
        warnings=ranking.warnings,
    )
