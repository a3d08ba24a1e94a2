"""Examples split into parts that have no query in common. Knows no files but the pictures, and no model."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from content.errors import InvalidInput, NotFound
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Group, Side, grouped
from reranker.examples.sameness import normal

By = Literal["query", "document"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Groups that belong on one side, in the order of their file. instruction: of most of them."""

    groups: tuple[Group, ...]
    instruction: str


class Sameness:
    """What makes two sides the same. Reads each picture once and keeps its digest."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._digests: dict[str, bytes] = {}

    def query(self, side: Side) -> Hashable:
        """Equal for queries that must not be parted: those with one picture, and texts alike but for how they are
        written, as `lychee data check` compares them. Raises NotFound or InvalidInput for a picture that cannot be
        read."""
        return ("picture", self._digest(side)) if side.image is not None else ("text", normal(side.text or ""))

    def document(self, side: Side) -> Hashable:
        """Equal for documents with the same picture, or none, and alike texts. Raises as `query`."""
        return self._digest(side), normal(side.text or "")

    def _digest(self, side: Side) -> bytes:
        if side.image is None:
            return b""
        if side.image not in self._digests:
            self._digests[side.image] = sha256(self._contents.picture_bytes(side, "image")).digest()
        return self._digests[side.image]


def clusters(examples: Iterable[Example], sameness: Sameness, by: By = "query") -> list[Cluster]:
    """The smallest sets of groups that can be parted without leakage, in the order of their file.

    by: `query` keeps together what has the same query; `document` also what shares a document, by however many steps
    (connected components). Raises NotFound or InvalidInput, naming the line, for a picture that cannot be read.
    """
    groups = grouped(examples)
    owner: dict[Hashable, int] = {}
    parent = list(range(len(groups)))
    for place, group in enumerate(groups):
        for key in _keys(group, sameness, by):
            parent[_root(parent, place)] = _root(parent, owner.setdefault(key, place))
    members: dict[int, list[Group]] = {}
    for place, group in enumerate(groups):
        members.setdefault(_root(parent, place), []).append(group)
    return [Cluster(tuple(inside), _most_common(inside)) for inside in members.values()]


def split(found: Sequence[Cluster], shares: Mapping[str, float], *, seed: int = 0) -> dict[str, list[Example]]:
    """The examples of each part, in the order of their file. shares: of the queries, by the part's name; sum to 1.

    Clusters are shuffled, sorted by instruction and dealt out one by one, each to the part that is furthest behind its
    share: systematic sampling of a sorted list, which balances the parts over instructions, however few queries each
    has (implicit stratification; Cochran, "Sampling Techniques", 1977, chapter 8). The same seed gives the same parts.
    Raises InvalidInput where a part stays empty.
    """
    order = list(range(len(found)))
    random.Random(seed).shuffle(order)
    order.sort(key=lambda place: found[place].instruction)
    filled, part_of = dict.fromkeys(shares, 0), {}
    dealt = 0
    for place in order:
        dealt += (size := len(found[place].groups))
        behind = {name: share * dealt - filled[name] for name, share in shares.items()}
        part_of[place] = furthest = max(behind, key=lambda name: behind[name])
        filled[furthest] += size
    _check_filled(filled, len(found))
    return {name: _examples(each for place, each in enumerate(found) if part_of[place] == name) for name in shares}


def _keys(group: Group, sameness: Sameness, by: By) -> Iterator[Hashable]:
    line = group.examples[0].line
    try:
        yield "query", sameness.query(group.query)
        if by == "document":
            for example in group.examples:
                line = example.line
                yield "document", sameness.document(example.document)
    except (InvalidInput, NotFound) as error:
        raise type(error)(f"line {line}: {error.message}", param="FILE") from error


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = place = parent[parent[place]]  # halves the path for whoever comes next
    return place


def _most_common(groups: Sequence[Group]) -> str:
    return Counter(group.instruction for group in groups).most_common(1)[0][0]


def _examples(found: Iterable[Cluster]) -> list[Example]:
    examples = [example for cluster in found for group in cluster.groups for example in group.examples]
    return sorted(examples, key=lambda example: example.line)


def _check_filled(filled: Mapping[str, int], sets: int) -> None:
    empty = [name for name, queries in filled.items() if not queries]
    if empty:
        raise InvalidInput(
            f"{sum(filled.values()):,} queries, which can be parted into {sets:,} sets, leave none for "
            f"{' and '.join(empty)}; give more queries or another --share",
            param="--share",
        )
