"""What of a file's faults can be mended without a guess: forms, characters, exact duplicates. Knows no judgement: which
of two scores is right, and what an instruction should say, is left to people."""

import html
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from content.errors import InvalidInput
from reranker.examples.checks.code import speaks_of_code
from reranker.examples.checks.descriptions import with_marker
from reranker.examples.checks.finding import Fault
from reranker.examples.checks.form import FIELDS, form_faults
from reranker.examples.checks.kinds import MISSING_FIELD
from reranker.examples.checks.lines import lines
from reranker.examples.checks.normal import digest
from reranker.examples.checks.scores import number_in
from reranker.examples.checks.texts import CONTROLS, has_entity, tidied
from reranker.examples.checks.values import has_repeated, value_of
from reranker.examples.contents import is_data_uri
from reranker.examples.file import write_lines
from reranker.examples.line import LABELS, read_value

_WRITTEN_LABELS: Final = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0}
_ROUNDED: Final = 1.001
_PERCENT: Final = 10  # a score above this is on no other scale than percent


@dataclass(slots=True)
class Fixes:
    """What was done to a file. written, dropped: lines. counts: what was mended, and as what lines were dropped."""

    written: int = 0
    dropped: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def by_kind(self) -> Sequence[tuple[str, int]]:
        return self.counts.most_common()

    def drop(self, as_what: str) -> None:
        self.dropped += 1
        self.counts[f"left out: {as_what}"] += 1


def fix_file(path: Path, out: Path, *, on_bytes: Callable[[int], None] = lambda _: None) -> Fixes:
    """Writes the examples of `path` to `out`, each mended where that takes no guess; `path` is not changed.

    Raises NotFound, and InvalidInput for a file that cannot be read or written, for `out` being `path`, and where
    `out` lies in another folder though pictures are named by paths below that of `path`.
    """
    if out.exists() and path.exists() and out.samefile(path):
        raise InvalidInput(
            f"{out} is the file itself; name another, which the mended lines are written to", param="--fix"
        )
    percent = _all_percent(path)
    fixes = Fixes()
    fixes.written = write_lines(out, _mended_lines(path, out, percent, fixes, on_bytes))
    return fixes


def _mended_lines(path: Path, out: Path, percent: bool, fixes: Fixes, on_bytes: Callable[[int], None]) -> Iterator[str]:
    elsewhere = path.parent.resolve() != out.parent.resolve()
    seen: set[bytes] = set()
    for _, text, size in lines(path):
        on_bytes(size)
        value = text if isinstance(text, Fault) else value_of(text)
        if isinstance(value, Fault):
            fixes.drop(value.kind.code)
            continue
        counts: Counter[str] = Counter()
        as_it_is = has_repeated(value)  # which of two fields is meant, nobody here knows
        mended = value if as_it_is else _Line(percent, counts).mended(value)
        try:
            examples = read_value(mended)
        except InvalidInput:
            fixes.drop(next((fault.kind.code for fault, _ in form_faults(mended)), "no example"))
            continue
        if elsewhere and any(
            side.image and not is_data_uri(side.image) for one in examples for side in (one.query, one.document)
        ):
            raise InvalidInput(
                f"{path.name} names pictures by paths below its folder; let --fix write to that folder", param="--fix"
            )
        written = str(text) if as_it_is else json.dumps(mended, ensure_ascii=False)
        key = digest(written)
        if key in seen:
            fixes.drop("duplicate")
            continue
        seen.add(key)
        fixes.counts.update(+counts)
        yield written


def _all_percent(path: Path) -> bool:
    """Whether all scores are plainly percent: none between 0 and 1, nor 1 itself, and at least one above 10."""
    most = 0.0
    for _, text, _ in lines(path):
        value = text if isinstance(text, Fault) else value_of(text)
        score = value.get("score") if isinstance(value, dict) else None
        if isinstance(score, bool) or not isinstance(score, int | float):
            continue
        if not (score == 0 or 1 < score <= 100):
            return False
        most = max(most, score)
    return most > _PERCENT


class _Line:
    """Mends the value of one line. counts: told what was done, by kind."""

    def __init__(self, percent: bool, counts: Counter[str]) -> None:
        self._percent = percent
        self._counts = counts
        self._code = False

    def mended(self, value: object) -> object:
        if not isinstance(value, dict):
            return value
        self._code = any(map(speaks_of_code, _words_of(value)))
        known = {name: value[name] for name in value.keys() & FIELDS}
        complete = all(fault.kind is not MISSING_FIELD for fault, _ in form_faults(known))
        mended: dict[str, Any] = {}
        for name, part in value.items():
            if name not in FIELDS:
                if complete:
                    self._counts["unknown-field"] += 1
                else:
                    mended[name] = part
            elif name == "label" and (score := self._label(part)) is not None and "score" not in value:
                mended["score"] = score
            elif name == "score":
                mended["score"] = self._score(part)
            else:
                mended[name] = self._part(part)
        return mended

    def _label(self, label: object) -> float | None:
        known = label.strip().lower() if isinstance(label, str) else label
        try:
            score = LABELS.get(known, _WRITTEN_LABELS.get(known) if isinstance(known, str) else None)
        except TypeError:  # a list or an object
            return None
        if score is not None:
            self._counts["label as score"] += 1
        return score

    def _score(self, score: object) -> object:
        number = score
        if isinstance(score, bool):
            number = float(score)
        elif isinstance(score, str):
            read = number_in(score)
            number = score if read is None or not 0 <= read <= 1 else read
        elif isinstance(score, int | float) and score > 1:
            number = score / 100 if self._percent else 1.0 if score < _ROUNDED else score
        if number is not score:
            self._counts["score-scale" if isinstance(score, int | float) and score > 1 else "score-type"] += 1
        return number

    def _part(self, part: object) -> object:
        if isinstance(part, str):
            return self._text(part)
        if isinstance(part, list):
            return [one if isinstance(one, list) else self._part(one) for one in part]
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            return {**part, "text": self._text(part["text"])}
        return part

    def _text(self, text: str) -> str:
        for kind, mend in (
            ("html-entity", self._unescaped),
            ("control-character", _without_controls),
            ("not-normalised", _composed),
            ("image-marker", with_marker),
            ("white-space", tidied),
        ):
            before, text = text, mend(text)
            self._counts[kind] += before != text
        return text

    def _unescaped(self, text: str) -> str:
        return html.unescape(text) if not self._code and has_entity(text) else text


def _without_controls(text: str) -> str:
    return CONTROLS.sub("", text)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _words_of(value: dict[str, Any]) -> Iterator[str]:
    """The texts that say whether a line is about code."""
    for part in (value.get("instruction"), value.get("query")):
        text = part.get("text") if isinstance(part, dict) else part
        if isinstance(text, str):
            yield text
