"""What the tab `instructions` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {}
