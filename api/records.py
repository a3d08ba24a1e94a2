"""Records to store, out of the items of a body. Knows nothing of routes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from api.contents import image_limits
from api.schemas.items import ItemBody
from content.errors import InvalidInput
from content.payload import checked_text, image_bytes
from indexer.checks import check_id, metadata_json
from indexer.record import Record, digest
from search.settings import Settings

_ID_CHARACTERS = 32


def read_records(bodies: Sequence[ItemBody], settings: Settings) -> list[Record]:
    """One per body, in order. Raises InvalidInput and its kin for the first that is wrong, with `param` naming it and
    its field (`items[3].image`)."""
    records = []
    for place, body in enumerate(bodies):
        with _within(f"items[{place}]"):
            records.append(_record(body, settings))
    return records


def _record(body: ItemBody, settings: Settings) -> Record:
    text = checked_text(body.text, param="text") if body.text and body.text.strip() else None
    image = None if body.image is None else image_bytes(body.image, param="image", limits=image_limits(settings))
    if text is None and image is None:
        raise InvalidInput("an item needs a text, an image or both, and this one has neither")
    metadata_json(body.metadata)
    content = digest(text, image, body.metadata)
    item_id = content.hex()[:_ID_CHARACTERS] if body.id is None else body.id
    check_id(item_id)
    return Record(item_id, text, image, content, body.metadata)


@contextmanager
def _within(place: str) -> Iterator[None]:
    try:
        yield
    except InvalidInput as error:
        param = place if error.param is None else f"{place}.{error.param}"
        raise type(error)(error.message, param=param) from error
