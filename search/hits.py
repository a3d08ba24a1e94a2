"""Hits, made of what stage 1 found and of what stage 2 thinks of it. Knows nothing of how either came about."""

from dataclasses import replace

from indexer.item import Item
from reranker.ranking import Ranked
from retriever.candidate import Candidate
from search.answer import FoundPassage, Hit, Retrieval


def recalled_hit(place: int, candidate: Candidate, item: Item) -> Hit:
    """A hit in stage 1's order, with its score. place: from 1."""
    return Hit(
        rank=place,
        id=item.id,
        score=candidate.score,
        retrieval=Retrieval(candidate.rank, candidate.score, candidate.channels),
        text=item.text,
        has_image=item.has_image,
        metadata=item.metadata,
        passage=_passage(candidate, item),
        ocr=item.ocr or None,
    )


def _passage(candidate: Candidate, item: Item) -> FoundPassage | None:
    """None also where the item was replaced since it was found, and what it has there now is nothing."""
    if candidate.passage is None or not (words := item.passage(candidate.passage)):
        return None
    found = candidate.passage
    return FoundPassage(found.source, found.start, found.start + len(words), words)


def judged_hit(entry: Ranked, candidate: Candidate, item: Item) -> Hit:
    judgement = entry.judgement
    return replace(
        recalled_hit(entry.rank, candidate, item),
        score=entry.score,
        tied=entry.tied,
        truncated=judgement.truncated,
        error=judgement.error,
        raw=judgement.raw,
        judged=True,
        logits=judgement.logits,
        tokens=judgement.tokens,
    )
