"""What the tab `about` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {}
