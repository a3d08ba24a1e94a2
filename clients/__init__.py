"""Lychee Search from other programs: an HTTP client, and what frameworks need on top of it. Knows no model."""

from clients.content import Content, Item, Picture
from clients.errors import Busy, LycheeError, Unreachable
from clients.lychee import AsyncLycheeClient, LycheeClient
from clients.results import Hit, RerankResult, SearchResult

__all__ = [
    "AsyncLycheeClient",
    "Busy",
    "Content",
    "Hit",
    "Item",
    "LycheeClient",
    "LycheeError",
    "Picture",
    "RerankResult",
    "SearchResult",
    "Unreachable",
]
