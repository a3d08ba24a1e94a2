"""The tab `about`."""

from api.page.about.tab import build

__all__ = ["build"]
