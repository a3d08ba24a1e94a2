"""What stage 2 reads of a stored item. Knows nothing of how it was found."""

from content import Content, Document, Unreadable
from content.errors import LycheeError
from content.images import load_image
from indexer.item import Passage
from indexer.store.items import StoredContent


def readable(stored: StoredContent | None, passage: Passage | None) -> Document:
    """Content, or Unreadable for None and for a picture that cannot be decoded. passage: what of it a model is to read
    that cannot read all of it. What was read off a picture stands before the user's text."""
    if stored is None:
        return Unreadable("the item is no longer in the collection")
    ocr, text = stored.ocr or "", stored.text or ""
    before = f"{ocr}\n" if ocr and text else ocr
    focus = None
    if passage is not None:
        own, shift = (text, len(before)) if passage.source == "text" else (ocr, 0)
        # The item may have been replaced since it was found.
        if own[passage.start : passage.stop].strip() and passage.stop <= len(own):
            focus = (passage.start + shift, passage.stop + shift)
    try:
        return Content(before + text, None if stored.picture is None else load_image(stored.picture), focus)
    except LycheeError as error:
        return Unreadable(error.message)
