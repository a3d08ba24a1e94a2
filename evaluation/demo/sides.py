"""An item as a query and as a document. Knows no models.

Words alone must not give the answer away, so a query never has the wording of a document: queries are told in wordings
2 and 3, documents in 0 and 1. Which of the two is drawn by the item's id, not by its place, since originals stand at
regular places among their near-duplicates.
"""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

from content import Content
from demo.catalogue import CatalogueItem
from demo.catalogue.vocabulary import LANGUAGES, Language
from evaluation.demo.pairs import Side, Task
from indexer import Record, digest

QUERY_WORDINGS = (2, 3)
DOCUMENT_WORDINGS = (0, 1)


def query(item: CatalogueItem, task: Task) -> Content:
    """The item as a query. Where documents have pictures too, its picture is another drawing of the same scene."""
    drawn = replace(item, id=f"{item.id}-again") if task.pair.pictures_on_both_sides else item
    return Content(
        text=query_text(item, task.language) if task.language and "T" in task.pair.query else None,
        image=drawn.picture() if "I" in task.pair.query else None,
    )


def query_text(item: CatalogueItem, language: Language) -> str:
    return item.caption(language, _draw(QUERY_WORDINGS, f"query|{item.id}"))


def document_text(item: CatalogueItem, language: Language) -> str:
    return item.caption(language, _draw(DOCUMENT_WORDINGS, f"document|{item.id}"))


def record(item: CatalogueItem, side: Side, language: Language | None, record_id: str) -> Record:
    """The item as a document, to be stored under `record_id`. language: None where the side has no text."""
    text = document_text(item, language) if language and "T" in side else None
    image = _png(item) if "I" in side else None
    return Record(id=record_id, text=text, image=image, digest=digest(text, image, {}))


def fingerprint(items: Iterable[CatalogueItem]) -> str:
    """32 hexadecimal digits that change with any item's texts, as query or document, or its picture."""
    hasher = hashlib.blake2b(digest_size=16)
    for item in items:
        texts = [make(item, language) for language in LANGUAGES for make in (query_text, document_text)]
        hasher.update("\n".join((item.id, item.family, item.kind, *texts)).encode())
        hasher.update(item.picture().tobytes())
    return hasher.hexdigest()


def _draw(wordings: tuple[int, ...], seed: str) -> int:
    return random.Random(seed).choice(wordings)


def _png(item: CatalogueItem) -> bytes:
    buffer = BytesIO()
    item.picture().save(buffer, "PNG", compress_level=1)  # written once, read for every query: speed before size
    return buffer.getvalue()
