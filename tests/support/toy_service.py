"""A service with arithmetic toys for models, and the pictures they know: answers can be checked in the head."""

import base64
import io
import threading
from collections.abc import Sequence

from PIL import Image
from support.toy_encoder import ToyEncoder

from content import Content, Document, Unreadable
from reranker.protocol import Judgement
from search.library import Library
from search.service import Service
from search.settings import Settings
from search.worker import DeviceWorker

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
COLLECTION = "toys"


class ToyReranker:
    """The score of a document is the share of the query's words that it has; a picture has one word, its colour.

    One token per word. `gate`: while it is closed, every judgement waits.
    """

    name = "toy-reranker"
    fingerprint = "toy"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Event()
        self.instructions: list[str | None] = []

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        self.waiting.set()
        assert self.gate.wait(30)
        self.instructions.append(instruction)
        return [self._judge(_words(query), document) for document in documents]

    def _judge(self, wanted: set[str], document: Document) -> Judgement:
        if isinstance(document, Unreadable):
            return Judgement(0.0, error=document.reason)
        words = _words(document)
        return Judgement(len(wanted & words) / len(wanted), tokens=len(wanted) + len(words))


def _words(content: Content) -> set[str]:
    words = set((content.text or "").lower().split())
    if content.image is not None:
        pixel = content.image.getpixel((0, 0))
        words |= {name for name, value in COLOURS.items() if value == pixel}
    return words


def picture(colour: str, form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), COLOURS[colour]).save(buffer, form)
    return buffer.getvalue()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def half_a_picture() -> bytes:
    """A PNG that ends in the middle of its pixels."""
    buffer = io.BytesIO()
    Image.radial_gradient("L").save(buffer, "PNG")
    return buffer.getvalue()[: len(buffer.getvalue()) // 2]


def data_uri(colour: str) -> str:
    return f"data:image/png;base64,{base64_of(picture(colour))}"


def toy_service(settings: Settings, reranker: ToyReranker | None) -> Service:
    encoder = ToyEncoder()
    library = Library(settings.collections, encoder)
    library.create(settings.collection)
    return Service(settings, encoder, reranker, library, DeviceWorker())
