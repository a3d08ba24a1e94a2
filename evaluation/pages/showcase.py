"""Queries that show what stage 2 does to the order, chosen by a rule and not by hand. Knows no models.

Texts stand in the Markdown beside the sheets, never in them: they may be Chinese.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from demo.catalogue import CatalogueItem
from demo.catalogue.vocabulary import Language
from evaluation.demo.outcome import Judged, Outcome
from evaluation.demo.pairs import Pair
from evaluation.demo.result import Result
from evaluation.demo.sides import document_text, query_text
from evaluation.pages.grid import Grid, markdown
from evaluation.pages.picture_sheet import Strip, Tile, draw

EACH = 3
LANGUAGES: tuple[Language, ...] = ("en", "zh")
RULE = f"The first {EACH} such queries of each row ({' and '.join(LANGUAGES)}), in the order of the seed."

Items = Mapping[str, CatalogueItem]


@dataclass(frozen=True, slots=True)
class Example:
    """A query whose first place stage 2 changed, and the language of its row."""

    outcome: Outcome
    language: Language


@dataclass(frozen=True, slots=True)
class Section:
    """title: what its queries have in common. text: Markdown that shows `pictures`, by file name."""

    title: str
    text: str
    pictures: Mapping[str, Image.Image]


def repaired(outcome: Outcome, depth: int) -> bool:
    """Stage 1 had another item first, stage 2 has the right one."""
    return outcome.rank1 != 1 and outcome.ranks2[depth] == 1


def broken(outcome: Outcome, depth: int) -> bool:
    """Stage 1 had the right item first, stage 2 has another one."""
    return outcome.rank1 == 1 and outcome.ranks2[depth] != 1


def sections(results: Sequence[Result], items: Items, depth: int) -> Iterator[Section]:
    """Text to picture and picture to text, repaired and broken, in so far as the results have such queries.

    items: every item of the run, by id.
    """
    for name, is_case in (("repaired", repaired), ("broken", broken)):
        written = examples(results, Pair("T", "I"), is_case, depth)
        if written:
            yield _written(name, written, items)
        shown = examples(results, Pair("I", "T"), is_case, depth)
        if shown:
            yield _shown(name, shown, items)


def examples(
    results: Sequence[Result], pair: Pair, is_case: Callable[[Outcome, int], bool], depth: int
) -> list[Example]:
    """The first `EACH` queries that are such a case, of the pair's row in each of `LANGUAGES`."""
    found = []
    for language in LANGUAGES:
        for result in results:
            if (result.task.pair, result.task.language) == (pair, language):
                cases = [one for one in result.outcomes if is_case(one, depth)]
                found += [Example(one, language) for one in cases[:EACH]]
    return found


def _written(name: str, found: Sequence[Example], items: Items) -> Section:
    file = f"evaluation-{name}-text-to-picture.png"
    strips = [
        Strip("Stage 1's first", tuple(_answer(n, one, one.outcome.first1, items) for n, one in enumerate(found, 1))),
        Strip("Stage 2's first", tuple(_answer(n, one, one.outcome.first2, items) for n, one in enumerate(found, 1))),
    ]
    queries = [f"{n}. {query_text(items[one.outcome.query], one.language)}" for n, one in enumerate(found, 1)]
    text = "\n".join([f"![The first picture of each stage, by query](images/{file})", "", *queries, ""])
    return Section(f"Text to picture, {name}", text, {file: draw(strips)})


def _shown(name: str, found: Sequence[Example], items: Items) -> Section:
    file = f"evaluation-{name}-picture-to-text.png"
    tiles = tuple(Tile(items[one.outcome.query].picture(), f"query {n}") for n, one in enumerate(found, 1))
    rows = tuple(
        (str(n), _told(one, one.outcome.first1, items), _told(one, one.outcome.first2, items))
        for n, one in enumerate(found, 1)
    )
    table = markdown(Grid("", "", ("query", "stage 1's first", "stage 2's first"), rows, labels=3))
    text = f"![The pictures that were asked with](images/{file})\n\n{table}"
    return Section(f"Picture to text, {name}", text, {file: draw([Strip("Queries", tiles)])})


def _answer(number: int, example: Example, first: Judged, items: Items) -> Tile:
    right = first.id == example.outcome.query
    return Tile(items[first.id].picture(), f"query {number}.   P(yes) = {first.score:.2f}", framed=right)


def _told(example: Example, first: Judged, items: Items) -> str:
    text = document_text(items[first.id], example.language)
    told = f"**{text}**" if first.id == example.outcome.query else text
    return f"{told}\nP(yes) = {first.score:.2f}"
