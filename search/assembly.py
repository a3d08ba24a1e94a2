"""The only place that chooses implementations: which encoder, which reranker, and how the parts become a service."""

from indexer.protocols import Encoder
from reranker.protocol import Reranker
from search.service import Service
from search.settings import Settings


def load_encoder(settings: Settings) -> Encoder:
    """Raises ModelError when the model is missing, broken or out of reach."""


def load_reranker(settings: Settings) -> Reranker | None:
    """None for the setting `none`. Raises ModelError when the model is missing, broken or out of reach."""


def load_service(settings: Settings) -> Service:
    """Models, worker and library, ready for use; the default collection need not be there yet."""
