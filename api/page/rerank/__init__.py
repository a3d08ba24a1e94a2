"""The tab `rerank`."""

from api.page.rerank.tab import build

__all__ = ["build"]
