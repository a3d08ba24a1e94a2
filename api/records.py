"""Records to store, out of the items of a body. Knows nothing of routes."""

from collections.abc import Sequence

from api.schemas.items import ItemBody
from content.payload import checked_text, image_bytes
from indexer.record import Record, digest
from search.settings import Settings

_ID_CHARACTERS = 32


def read_records(bodies: Sequence[ItemBody], settings: Settings) -> list[Record]:
    """One per body, in order, the pictures still undecoded. Raises InvalidInput and its kin for the first that is
    wrong, with `param` naming it and its field (`items[3].image`), as the ingest does for what only it can see."""
    return [_record(body, f"items[{place}]", settings) for place, body in enumerate(bodies)]


def _record(body: ItemBody, param: str, settings: Settings) -> Record:
    text = None if body.text is None else checked_text(body.text, param=f"{param}.text")
    image = None if body.image is None else _image(body.image, f"{param}.image", settings)
    content = digest(text, image, body.metadata)
    item_id = content.hex()[:_ID_CHARACTERS] if body.id is None else body.id
    return Record(item_id, text, image, content, body.metadata)


def _image(image: str, param: str, settings: Settings) -> bytes:
    return image_bytes(image, param=param, limits=settings.image_limits)
