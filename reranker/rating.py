"""Reads a rating from 0 to 10 out of what a model wrote. Knows no model and no prompt.

Numbers come in four kinds, and of the strongest kind that is there the last number counts:

1. named: `Score: 8.2`, `final score=9.1`, `得分:7.9`, `{"rating": 7}`;
2. out of ten: `8.2/10`, `8 out of 10`, `8分`;
3. alone on its line: `8`, `**8.5**`;
4. any other; of these the one that the text begins with comes before the last (`7 because it shows 2 mugs`).

What is no rating is left out first: scales (`from 0 to 10`, `满分10分`), ranges (`7-8`), shares (`80%`, `4/5`,
`85/100`), the numbers of a list. Outside 0 to 10 is no rating, and is never scaled into one; where all numbers of the
strongest kind lie outside, the weaker kinds are not asked.
"""

import re
import unicodedata

BEST = 10.0

# Not within a word, a name or a longer number (`gpt-4`, `3D`, `1e3`, `1.2.3`). \w would take in Chinese characters.
_NUMBER = r"(?<![A-Za-z0-9_.,])(?<![A-Za-z0-9][-–])([-+]?\d+(?:[.,]\d+)?)(?![.,]?\d|[A-Za-z_])"
_TEN = r"10(?:\.0+)?(?![.,]?\d)"

_NO_RATINGS = re.compile(
    rf"""
    (?<![\d.,])[01]\s*(?:-|–|—|~|to|and|到|至|\.\.\.?)\s*{_TEN}\s*分?        # the scale
    | 满分(?:为|是)?\s*{_TEN}\s*分? | {_TEN}\s*分?(?:满分|制)       # the scale in Chinese
    | \d+(?:[.,]\d+)?\s*(?:~|–|—|to\b|到|至)\s*\d+(?:[.,]\d+)? | (?<![\w.])\d+(?:[.,]\d+)?-\d+(?:[.,]\d+)?  # a range
    | \d+(?:[.,]\d+)?\s*分?\s*/\s*(?!{_TEN})\d+(?:[.,]\d+)?         # a share of anything but ten
    | \d+(?:[.,]\d+)?\s*%
    | ^\s*\d+[.)]\s+(?=\S)                                          # the number of a list's line
    | \d+(?:,\d{{3}})+(?!\d) | \d+(?:[.,]\d+){{2,}}                 # 1,000 and 1.2.3
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_NAME = r"(?:(?<![a-z])(?:scores?|ratings?|rated?|grade)|得分|评分|分数|打分|分值|评级)"
_LINK = r"(?:[^\w.!?。;+-]|\b(?:is|was|of|as|at|a|an|this|it)\b|[为是])*"
_KINDS = (
    re.compile(rf"{_NAME}{_LINK}{_NUMBER}", re.IGNORECASE),
    re.compile(
        rf"{_NUMBER}\W*(?:/|\b(?:out\s+)?of\b)\s*{_TEN}|{_NUMBER}\s*\**\s*分(?:/\s*{_TEN}\s*分?)?", re.IGNORECASE
    ),
    re.compile(rf"^[^\w\n+-]*{_NUMBER}\W*$", re.MULTILINE),
)
_ANY = re.compile(_NUMBER)
_FIRST = re.compile(rf"[^\w+-]*{_NUMBER}")
_CUT_NUMBER = re.compile(r"[\d.,]+\s*$")


def read_rating(text: str, *, complete: bool = True) -> float | None:
    """The rating, from 0 to 10; None where there is none.

    complete: whether the model ended the text itself. Where it was cut off, a number at its very end may lack digits
    (`1` of `10`) and is not read.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    if not complete:
        plain = _CUT_NUMBER.sub("", plain)
    plain = _NO_RATINGS.sub(" ; ", plain)
    for kind in _KINDS:
        if found := [_value(match) for match in kind.finditer(plain)]:
            return _last_rating(found)
    first = _FIRST.match(plain)
    return _last_rating([_value(first)] if first else [_value(match) for match in _ANY.finditer(plain)])


def _value(match: re.Match[str]) -> float:
    digits = next(group for group in match.groups() if group is not None)
    return float(digits.replace(",", "."))


def _last_rating(numbers: list[float]) -> float | None:
    return next((number for number in reversed(numbers) if 0 <= number <= BEST), None)
