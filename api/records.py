"""Records to store, out of the items of a body. Knows nothing of routes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from api.schemas.items import ItemBody
from content.errors import TooLarge
from indexer.record import Record, digest
from search.intake import Intake
from search.patience import Patience

_ID_CHARACTERS = 32
_AT_ONCE = 8  # items, whose pictures may have to be fetched


def read_records(bodies: Sequence[ItemBody], intake: Intake, most_bytes: int, patience: Patience) -> list[Record]:
    """One per body, in order, the pictures still undecoded. most_bytes: of all pictures together, since those that come
    by URL are no part of a body that was measured.

    Raises InvalidInput and its kin for the first that is wrong, with `param` naming it and its field
    (`items[3].image`), as the ingest does for what only it can see; and as `Patience.check` does.
    """
    records: list[Record] = []
    held = 0
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="items") as threads:
        for start in range(0, len(bodies), _AT_ONCE):
            patience.check()
            places = range(start, min(start + _AT_ONCE, len(bodies)))
            for place, record in zip(places, threads.map(lambda i: _record(bodies[i], i, intake), places), strict=True):
                held += len(record.image) if isinstance(record.image, bytes) else 0
                if held > most_bytes:
                    message = f"the pictures of one request have at most {most_bytes:,} bytes together; send fewer"
                    raise TooLarge(message, param=f"items[{place}].image")
                records.append(record)
    return records


def _record(body: ItemBody, place: int, intake: Intake) -> Record:
    param = f"items[{place}]"
    text = None if body.text is None else intake.text(body.text, param=f"{param}.text")
    image = None if body.image is None else intake.picture(body.image, param=f"{param}.image")
    content = digest(text, image, body.metadata)
    item_id = content.hex()[:_ID_CHARACTERS] if body.id is None else body.id
    return Record(item_id, text, image, content, body.metadata)
