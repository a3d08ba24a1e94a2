"""An evaluation as a JSON file, written whole or not at all, and read back. Knows no figures."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from content.errors import InvalidInput, NotFound
from evaluation.conditions import Conditions
from evaluation.quality.result import Answered, Evaluation, Found, Models
from reranker.examples.file import write_lines

_FORMAT: Final = 1


def write(path: Path, evaluation: Evaluation) -> None:
    """Raises InvalidInput where it cannot be written."""
    write_lines(path, [json.dumps(to_json(evaluation), ensure_ascii=False)])


def to_json(evaluation: Evaluation) -> dict[str, object]:
    return {"format": _FORMAT, **asdict(evaluation)}


def read(path: Path) -> Evaluation:
    """Raises NotFound, and InvalidInput for a file that is none of ours."""
    try:
        value = json.loads(path.read_bytes())
        if value["format"] != _FORMAT:
            raise InvalidInput(f"{path} has format {value['format']!r}, and this program reads format {_FORMAT}")
        return _evaluation(value)
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidInput(f"{path} is no evaluation that `lychee evaluate folder` has written") from error


def _evaluation(value: Mapping[str, Any]) -> Evaluation:
    return Evaluation(
        title=value["title"],
        documents=value["documents"],
        models=Models(**value["models"]),
        depths=tuple(value["depths"]),
        answered=tuple(map(_answered, value["answered"])),
        conditions=Conditions(**value["conditions"]),
        warnings=tuple(value["warnings"]),
    )


def _answered(value: Mapping[str, Any]) -> Answered:
    return Answered(
        id=value["id"],
        grades=dict(value["grades"]),
        candidates=tuple(Found(**one) for one in value["candidates"]),
        recall_ms=value["recall_ms"],
        rerank_ms=value["rerank_ms"],
    )
