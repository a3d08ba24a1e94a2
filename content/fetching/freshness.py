"""How long an answer may be kept, by its `Cache-Control`. Knows nothing of what is kept."""

import re
from typing import Final

USUALLY_S: Final = 300.0
AT_MOST_S: Final = 3600.0
_NEVER: Final = re.compile(r"(?:^|[\s,])(?:no-store|no-cache|private)(?=$|[\s,=])")
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age=\"?([0-9]{1,10})")
_SHARED_MAX_AGE: Final = re.compile(r"(?:^|[\s,])s-maxage=\"?([0-9]{1,10})")


def seconds_to_keep(cache_control: str) -> float:
    """0 for what is not to be kept. cache_control: the header, empty where there is none (RFC 9111, section 5.2.2)."""
    directives = cache_control.lower()
    if _NEVER.search(directives):
        return 0.0
    age = _SHARED_MAX_AGE.search(directives) or _MAX_AGE.search(directives)
    return min(float(age[1]), AT_MOST_S) if age else USUALLY_S
