"""What a caller may ask of a search, checked before any work is done. Knows nothing of how it is answered."""

from content import Content
from content.errors import InvalidInput
from content.payload import checked_text
from reranker.display import PLAIN, Display
from reranker.documents import as_query
from reranker.ranking import check_cuts


def checked_query(query: str | Content) -> Content:
    """The query as Content. Raises InvalidInput for an empty text, or for one that is no Unicode."""
    content = as_query(query)
    if content.text is not None:
        checked_text(content.text, param="query")
    return content


def check_stage(score_threshold: float | None, top_k: int | None, display: Display, *, reranked: bool) -> None:
    """Raises InvalidInput for values out of range, and for what is done to stage 2's scores where it gives none."""
    check_cuts(score_threshold, top_k)
    if reranked:
        return
    if score_threshold is not None:
        raise _no_scores("score_threshold", "cuts by")
    if display.scale != PLAIN.scale:
        raise _no_scores("scale", "is for")
    if display.normalize is not None:
        raise _no_scores("normalize", "is for")


def _no_scores(param: str, does: str) -> InvalidInput:
    return InvalidInput(f"{param} {does} stage 2's scores, and stage 2 is switched off here", param=param)
