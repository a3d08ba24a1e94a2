"""Dates and times written as ISO 8601, as points on one line. Knows nothing of where they are kept."""

import re
from datetime import datetime, timedelta
from typing import Final

_WRITTEN: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<clock>[0-9]{2}:[0-9]{2})(?::(?P<seconds>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})?)?)?"
)
_EPOCH: Final = datetime(1970, 1, 1)
_MICROSECOND: Final = timedelta(microseconds=1)


def looks_like_moment(text: str) -> bool:
    """Whether it is written as a date or a time is, be there such a day (2024-02-30) or not."""
    return _WRITTEN.fullmatch(text) is not None


def moment(text: str) -> int | float | None:
    """Seconds since 1970 in UTC, to the microsecond; None for what is no `YYYY-MM-DD`, with or without `THH:MM`,
    seconds, fraction and zone. A day begins at midnight; a time without a zone is one in UTC."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    try:
        written = datetime.fromisoformat(f"{found['day']}T{found['clock'] or '00:00'}:{found['seconds'] or '00'}")
    except ValueError:  # the 30th of February
        return None
    zone = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if zone >= timedelta(days=1) or int(found["minutes"] or 0) > 59:
        return None
    # Counted as whole numbers: a moment near the year 1 or 9999, moved by its zone, is no `datetime` any more.
    ahead = -(zone // _MICROSECOND) if found["sign"] == "-" else zone // _MICROSECOND
    count = (written - _EPOCH) // _MICROSECOND - ahead + int((found["fraction"] or "")[:6].ljust(6, "0"))
    return count // 1_000_000 if count % 1_000_000 == 0 else count / 1_000_000
