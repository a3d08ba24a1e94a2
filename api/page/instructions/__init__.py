"""The tab `instructions`."""

from api.page.instructions.tab import build

__all__ = ["build"]
