"""Records to store, out of the items of a body. Knows nothing of routes."""

from collections.abc import Sequence

from api.schemas.items import ItemBody
from indexer.record import Record, digest
from search.intake import Intake

_ID_CHARACTERS = 32


def read_records(bodies: Sequence[ItemBody], intake: Intake) -> list[Record]:
    """One per body, in order, the pictures still undecoded. Raises InvalidInput and its kin for the first that is
    wrong, with `param` naming it and its field (`items[3].image`), as the ingest does for what only it can see."""
    return [_record(body, f"items[{place}]", intake) for place, body in enumerate(bodies)]


def _record(body: ItemBody, param: str, intake: Intake) -> Record:
    text = None if body.text is None else intake.text(body.text, param=f"{param}.text")
    image = None if body.image is None else intake.picture(body.image, param=f"{param}.image")
    content = digest(text, image, body.metadata)
    item_id = content.hex()[:_ID_CHARACTERS] if body.id is None else body.id
    return Record(item_id, text, image, content, body.metadata)
