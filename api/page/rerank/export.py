"""A ranking as a file to take away: CSV for spreadsheets, JSON for programs. Knows no page."""

import csv
import io
import json
from typing import Final

from api.page.rerank.judged import Judged
from indexer.item import JsonValue
from reranker.ranking import Ranked, Ranking

_MARK: Final = "\ufeff"  # by which Excel knows UTF-8
# What a spreadsheet takes for the beginning of a formula, also in the full width that Chinese keyboards write.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COLUMNS: Final = (
    *("rank", "score", "place", "name", "text", "picture", "tied", "truncated", "error"),
    *("logit_yes", "logit_no", "tokens", "raw", "metadata"),
)


def as_csv(judged: Judged, ranking: Ranking) -> str:
    """One row per entry of the ranking, which may be cut; `place` counts from 1. Texts that a spreadsheet would run as
    a formula have an apostrophe before them."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_COLUMNS)
    for entry in ranking.entries:
        table.writerow([_cell(each) for each in _row(judged, entry)])
    return _MARK + written.getvalue()


def as_json(judged: Judged, ranking: Ranking) -> str:
    """What `/rerank_batch` answers and what was judged; `index` counts from 0, as there."""
    told = {
        "model": judged.model,
        "margin": ranking.margin,
        "results": [_result(judged, entry) for entry in ranking.entries],
        "warnings": list(ranking.warnings),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _row(judged: Judged, entry: Ranked) -> list[object]:
    document, judgement = judged.documents[entry.index], entry.judgement
    score = "" if judgement.error is not None else entry.score
    metadata = json.dumps(document.metadata, ensure_ascii=False) if document.metadata else ""
    return [
        *(entry.rank, score, entry.index + 1, document.name, document.text, document.has_picture),
        *(entry.tied, judgement.truncated, judgement.error, *(judgement.logits or ("", ""))),
        *(judgement.tokens, judgement.raw, metadata),
    ]


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _result(judged: Judged, entry: Ranked) -> dict[str, JsonValue]:
    document, judgement = judged.documents[entry.index], entry.judgement
    return {
        "rank": entry.rank,
        "index": entry.index,
        "score": entry.score,
        "name": document.name or None,
        "text": document.text or None,
        "picture": document.has_picture,
        "metadata": dict(document.metadata),
        "tied": entry.tied,
        "truncated": judgement.truncated,
        "error": judgement.error,
        "logits": list(judgement.logits) if judgement.logits else None,
        "tokens": judgement.tokens,
        "raw": judgement.raw,
    }
