"""The tab `collections`."""

from api.page.collections.tab import build

__all__ = ["build"]
