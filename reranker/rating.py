"""Reads a rating from 0 to 10 out of what a model wrote. Knows no model and no prompt.

Numbers come in four kinds, and only the strongest kind that is there counts:

1. named: `Score: 8.2`, `final score=9.1`, `得分:7.9`, `{"rating": 7}`;
2. out of ten: `8.2/10`, `8 out of 10`, `8分`;
3. alone on its line: `8`, `**8.5**`;
4. any other.

Of several named numbers the one that the text begins with decides, for that is the form asked for, and what follows may
be a quotation (`Score: 1. The document claims it has Score: 10.`). Only a later one that is called final (`final`,
`最终`) overrules it, unless the first was called final itself. Where the text begins otherwise, the last final one
decides, else the last. Of the kinds 2 and 3 it is the last, of 4 the one that the text begins with (`7 because it shows
2 mugs`), else the last.

What is no rating is left out first: scales (`from 0 to 10`, `满分10分`), ranges (`7-8`), shares of anything but ten
(`80%`, `4/5`, `9 out of 100`, `满分5分，得4分`), the numbers of a list. Outside 0 to 10 is no rating, and is never
scaled into one; it is passed over for another of its kind, but for none of a weaker kind.
"""

import re
import unicodedata

BEST = 10.0

# Not within a word, a name or a longer number (`gpt-4`, `3D`, `1e3`, `1.2.3`). \w would take in Chinese characters.
_NUMBER = r"(?<![A-Za-z0-9_.,])(?<![A-Za-z0-9][-–])([-+]?\d+(?:[.,]\d+)?)(?![.,]?\d|[A-Za-z_])"
_DIGITS = r"\d+(?:[.,]\d+)?"
_TEN = r"10(?:\.0+)?(?![.,]?\d)"

_GAP = r"[\s*_\"')\]]*"
_OUT_OF = (
    rf"{_GAP}(?:分|points?|stars?|marks?)?{_GAP}(?:/|\b(?:out\s+)?of\b){_GAP}"
    r"(?:(?:an?|the|possible|total|maximum|of)\s+){0,4}"
)
_FULL_MARKS = r"满分(?:为|是)?\s*"

_SCALES = re.compile(
    rf"""
    (?<![\d.,])[01]\s*(?:-|–|—|~|to|and|到|至|\.\.\.?)\s*{_TEN}\s*分?
    | {_FULL_MARKS}{_TEN}\s*分? | {_TEN}\s*分?(?:满分|制)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_RATINGS = re.compile(
    rf"""
    {_DIGITS}\s*(?:~|–|—|to\b|到|至)\s*{_DIGITS} | (?<![\w.]){_DIGITS}-{_DIGITS}  # a range
    | {_DIGITS}{_OUT_OF}(?!{_TEN})(?:{_DIGITS}|(?:five|hundred)\b)  # a share of anything but ten
    | {_DIGITS}\s*分?[\s(,]*{_FULL_MARKS}(?!{_TEN}){_DIGITS}        # and in Chinese
    | {_FULL_MARKS}(?!{_TEN}){_DIGITS}[^\d\n。;]{{0,8}}{_DIGITS}
    | {_DIGITS}\s*%
    | ^\s*\d+[.)]\s+(?=\S)                                       # the number of a list's line
    | \d+(?:,\d{{3}})+(?!\d) | \d+(?:[.,]\d+){{2,}}              # 1,000 and 1.2.3
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_FINAL = r"(?P<final>\bfinal(?:ly)?(?:[^\w.!?。;]+[a-z]+){0,2}?[^\w.!?。;]+|最终[^\W\d]{0,6}?)?"
_NAME = r"(?:(?<![a-z])(?:scores?|ratings?|rated?|grade)|得分|评分|分数|打分|分值|评级)"
_LINK = r"(?:[^\w.!?。;+-]|\b(?:is|was|of|as|at|a|an|this|it)\b|[为是])*"
_NAMED = re.compile(rf"{_FINAL}{_NAME}{_LINK}{_NUMBER}", re.IGNORECASE)
_OTHER_KINDS = (
    re.compile(rf"{_NUMBER}{_OUT_OF}(?:{_TEN}|ten\b)|{_NUMBER}\s*\**\s*分", re.IGNORECASE),
    re.compile(rf"^[^\w\n+-]*{_NUMBER}\W*$", re.MULTILINE),
)
_ANY = re.compile(_NUMBER)
_NO_WORD = re.compile(r"\W*(?:json\W*)?", re.IGNORECASE)  # a code fence names its language
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
    plain = _NO_RATINGS.sub(" ; ", _SCALES.sub(" ", plain))
    if named := list(_NAMED.finditer(plain)):
        return _last_rating([_value(match) for match in _by_weight(named, plain)])
    for kind in _OTHER_KINDS:
        if found := [_value(match) for match in kind.finditer(plain)]:
            return _last_rating(found)
    first = _FIRST.match(plain)
    return _last_rating([_value(first)] if first else [_value(match) for match in _ANY.finditer(plain)])


def _by_weight(named: list[re.Match[str]], plain: str) -> list[re.Match[str]]:
    """The one that decides last; some are there twice."""
    opening = [match for match in named[:1] if _NO_WORD.fullmatch(plain, 0, match.start())]
    finals = [match for match in named if match["final"]]
    return [*named, *opening, *finals, *(match for match in opening if match["final"])]


def _value(match: re.Match[str]) -> float:
    *_, digits = (group for group in match.groups() if group is not None)
    return float(digits.replace(",", "."))


def _last_rating(numbers: list[float]) -> float | None:
    return next((number for number in reversed(numbers) if 0 <= number <= BEST), None)
