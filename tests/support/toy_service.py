"""A service with arithmetic toys for models, and the pictures they know: answers can be checked in the head."""

import base64
import io

from PIL import Image
from support.toy_encoder import ToyEncoder
from support.toy_reranker import COLOURS, ToyReranker

from search.assembly import index_policy
from search.library import Library
from search.rerankers import Stage2
from search.service import Service
from search.settings import Settings
from search.worker import DeviceWorker

COLLECTION = "toys"


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
    library = Library(settings.collections, encoder, index_policy(settings))
    library.create(settings.collection)
    worker = DeviceWorker(settings.max_requests)
    return Service(settings, encoder, reranker, library, worker, load_stage2=lambda name: Stage2(ToyReranker()))
