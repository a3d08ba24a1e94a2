"""Stage 1: query -> candidates, fused by rank from every channel of a collection."""

from typing import TYPE_CHECKING

from retriever.candidate import Candidate, ChannelRank, QuerySide

if TYPE_CHECKING:
    from retriever.retriever import QueryVectors, Retriever

__all__ = ["Candidate", "ChannelRank", "QuerySide", "QueryVectors", "Retriever"]


def __getattr__(name: str) -> object:
    if name in ("QueryVectors", "Retriever"):  # they cost faiss
        from retriever import retriever

        return getattr(retriever, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
