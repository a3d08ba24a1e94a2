"""What a visitor searches for, read from the values of the form. Knows no components and no engine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from api.page.code import PictureFile
from api.page.complaints import Complaint
from content import Target
from content.errors import InvalidInput
from indexer.filters import Filter, parse_filter
from search.intake import Stored

_TARGETS: Final = ("any", "image", "text")


@dataclass(frozen=True, slots=True)
class Cuts:
    """What of an answer is shown; it changes no score. threshold: None for none."""

    top_k: int
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One of `like` and the other two is empty. picture: the path of an upload. wanted: what `filter` means.

    collection, instruction: None for the default.
    """

    text: str = ""
    picture: str | None = None
    like: Stored | None = None
    target: Target = "any"
    collection: str | None = None
    candidates: int = 100
    cuts: Cuts = Cuts(10)
    filter: Mapping[str, Any] | None = None
    wanted: Filter | None = None
    instruction: str | None = None
    rerank: bool = True

    def body(self) -> dict[str, Any]:
        """What `/v1/search` takes to do the same."""
        body: dict[str, Any] = {"query": self._query(), "collection": self.collection}
        if self.target != "any":
            body["target"] = self.target
        body |= {"candidates": self.candidates, "top_k": self.cuts.top_k}
        body |= {"score_threshold": self.cuts.threshold, "instruction": self.instruction, "filter": self.filter}
        if not self.rerank:
            body["rerank"] = False
        return {name: value for name, value in body.items() if value is not None}

    def _query(self) -> object:
        if self.like is not None:
            return {"id": self.like.id, "collection": self.like.collection}
        if self.picture is None:
            return self.text
        picture = {"image": PictureFile(PurePath(self.picture).name)}
        return {"text": self.text, **picture} if self.text else picture

    def of_server(self, collection: str, *, judges: bool) -> "Wish":
        """The same with what the server makes of it. judges: it has a stage 2."""
        return replace(self, collection=collection, rerank=self.rerank and judges).with_cuts(self.cuts)

    def with_cuts(self, cuts: Cuts) -> "Wish":
        """The same with other cuts; without stage 2 there are no scores that a threshold could cut."""
        return replace(self, cuts=cuts if self.rerank else replace(cuts, threshold=None))


def read_cuts(top_k: object, threshold: object) -> Cuts:
    """From the values of the two sliders; a threshold of 0 is none."""
    return Cuts(int(_number(top_k, 10)), _number(threshold, 0) or None)


def read_wish(
    text: object,
    picture: object,
    like: object,
    target: object,
    collection: object,
    candidates: object,
    top_k: object,
    threshold: object,
    filter_: object,
    instruction: object,
    rerank: object,
) -> Wish:
    """From the form's values, as a browser sent them. A text or a picture of the visitor's own goes before `like`.

    Raises Complaint for a filter that cannot be read.
    """
    words, path = str(text or "").strip(), str(picture) if picture else None
    conditions, wanted = read_filter(str(filter_ or ""))
    cuts = read_cuts(top_k, threshold)
    return Wish(
        text=words,
        picture=path,
        like=like if isinstance(like, Stored) and not words and path is None else None,
        target=target if target in _TARGETS else "any",
        collection=str(collection) if collection else None,
        candidates=max(int(_number(candidates, 100)), cuts.top_k),
        filter=conditions,
        wanted=wanted,
        instruction=str(instruction or "").strip() or None,
        rerank=bool(rerank),
    ).with_cuts(cuts)


def read_filter(written: str) -> tuple[Mapping[str, Any] | None, Filter | None]:
    """A filter as JSON and as what it means; None and None for an empty one. Raises Complaint."""
    if not written.strip():
        return None, None
    try:
        value = json.loads(written)
    except json.JSONDecodeError as error:
        raise Complaint("search.filter_no_json", line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise Complaint("search.filter_too_much") from error
    try:
        wanted = parse_filter(value)
    except InvalidInput as error:
        place = "" if error.param in (None, "filter") or f"`{error.param}`" in error.message else f"{error.param}: "
        raise Complaint("search.filter_wrong", detail=f"{place}{error.message.rstrip('.')}") from error
    return (value or None), wanted


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
