"""The tab `search`."""

from api.page.search.tab import build

__all__ = ["build"]
