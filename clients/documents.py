"""What the adapters share: a hit as a framework's document tells of it. Knows none of the frameworks."""

from typing import Any, Final

from clients.content import Picture
from clients.errors import LycheeError
from clients.lychee import LycheeClient
from clients.results import Hit

ADDED: Final = (
    "retrieval_rank",
    "passage",
    "passage_source",
    "passage_start",
    "passage_stop",
    "image_url",
    "error",
)  # the keys that `metadata_of` adds


def metadata_of(hit: Hit, client: LycheeClient) -> dict[str, Any]:
    """The item's own metadata, and beside it, flat, what the search says of it; that wins where both have a key."""
    passage = hit.passage
    added = {
        "retrieval_rank": hit.retrieval.rank,
        "passage": passage and passage.text,
        "passage_source": passage and passage.source,
        "passage_start": passage and passage.start,
        "passage_stop": passage and passage.stop,
        "image_url": None if hit.image_url is None else client.url + hit.image_url,
        "error": hit.error,
    }
    return {**hit.metadata, **{name: value for name, value in added.items() if value is not None}}


def text_of(hit: Hit) -> str:
    """The item's text, or what was read off its picture."""
    return hit.text or hit.ocr or ""


def picture_of(hit: Hit, client: LycheeClient) -> Picture | None:
    """None for a hit without one, and for an item that was deleted since it was found."""
    if hit.image_url is None:
        return None
    try:
        return client.picture(hit)
    except LycheeError as error:
        if error.status == 404:
            return None
        raise
