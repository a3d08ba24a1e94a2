"""What the tab `collections` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {}
