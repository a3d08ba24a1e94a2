"""What a caller may ask of a search, checked before any work is done. Knows nothing of how it is answered."""

from content import Content
from content.errors import InvalidInput
from content.payload import checked_text
from reranker.documents import as_query
from reranker.ranking import check_cuts


def checked_query(query: str | Content) -> Content:
    """The query as Content. Raises InvalidInput for an empty text, or for one that is no Unicode."""
    content = as_query(query)
    if content.text is not None:
        checked_text(content.text, param="query")
    return content


def check_cuts_of_stage(score_threshold: float | None, top_k: int | None, *, reranked: bool) -> None:
    """Raises InvalidInput for values out of range, and for a threshold where stage 2 gives no scores to cut by."""
    check_cuts(score_threshold, top_k)
    if score_threshold is not None and not reranked:
        raise InvalidInput(
            "score_threshold cuts by stage 2's scores, and stage 2 is switched off here", param="score_threshold"
        )
