"""Hard negatives: what stage 1 recalls for a labelled query and nobody has marked as right. Knows no command line and
not which models it has."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from content import Content, Target, Unreadable
from content.errors import InvalidInput, LycheeError
from indexer.collection import Collection
from indexer.item import Item
from indexer.pictures import PictureReader
from indexer.protocols import Encoder
from reranker.examples.beside import PictureFolder
from reranker.examples.contents import Contents
from reranker.examples.example import POSITIVE, Example, Group, Side
from reranker.examples.sameness import alike
from reranker.instructions import resolve
from reranker.protocol import Reranker
from retriever.candidate import Candidate
from retriever.retriever import Retriever, check_recall
from search.false_negatives import Likenesses, Positive, is_too_close, own_scores, whole_text

Left = Literal["positive", "known", "close", "judged", "unreadable"]
"""Why a candidate was left out: it is a positive, it stands in the group already, stage 1 scores it nearly as a
positive or higher, stage 2 says yes to it, or it cannot be read."""


@dataclass(frozen=True, slots=True)
class Mining:
    """negatives: how many a group gets, at most. skip_first: how many of the hardest candidates to pass over.
    candidates: how many stage 1 recalls. share: of the best positive's own score, above which a candidate is taken for
    a positive (0.95 in NV-Retriever); None switches that off. judge_above: P(yes) above which it is, where there is a
    judge. Raises InvalidInput for values out of range."""

    negatives: int = 7
    skip_first: int = 0
    candidates: int = 100
    target: Target = "any"
    share: float | None = 0.95
    judge_above: float = 0.5

    def __post_init__(self) -> None:
        check_recall(self.target, self.candidates)
        if self.negatives < 1 or self.skip_first < 0:
            raise InvalidInput("--negatives is from 1 and --skip-first from 0", param="--negatives")
        if self.share is not None and not 0 < self.share <= 1:
            raise InvalidInput(f"the share of the positive's score is above 0, up to 1, not {self.share:g}")
        if not 0 <= self.judge_above <= 1:
            raise InvalidInput(f"P(yes) is from 0 to 1, not {self.judge_above:g}")


@dataclass(frozen=True, slots=True)
class Mined:
    """What a group got. negatives: hardest first. left: how many candidates were left out, by reason. skipped: how many
    of the hardest were passed over. refused: why nothing could be looked for at all."""

    negatives: tuple[Example, ...] = ()
    left: Mapping[Left, int] = field(default_factory=dict)
    skipped: int = 0
    refused: str | None = None


def positives(groups: Sequence[Group]) -> list[tuple[Side, ...]]:
    """The positives of each group, in their order: also those of groups with the same instruction whose query is the
    same but for how it is written."""
    keys = [(group.instruction, alike(group.query)) for group in groups]
    right: dict[tuple[str, tuple[str, str | None]], dict[Side, None]] = {key: {} for key in keys}
    for key, group in zip(keys, groups, strict=True):
        right[key] |= {example.document: None for example in group.examples if example.score >= POSITIVE}
    return [tuple(right[key]) for key in keys]


class Miner:
    """Finds negatives for groups of one file.

    contents: of that file. pictures: where pictures of items go. judge: None leaves stage 2 out.
    """

    def __init__(
        self,
        collection: Collection,
        encoder: Encoder,
        contents: Contents,
        pictures: PictureFolder,
        mining: Mining | None = None,
        judge: Reranker | None = None,
    ) -> None:
        self.mining = mining or Mining()
        self._collection, self._encoder, self._judge = collection, encoder, judge
        self._contents, self._pictures = contents, pictures
        self._retriever = Retriever(collection, encoder)
        self._reader = PictureReader()

    def mine(self, group: Group, right: Sequence[Side]) -> Mined:
        """The candidates of the group's query, hardest first, less those that the guards leave out.

        right: its positives, as `positives` finds them. A query or positives that cannot be read are refused, and so is
        a group without any: there is nothing to compare with.
        """
        if not right:
            return Mined(refused="the query has no positive to compare with")
        try:
            query = self._contents.content(group.query, "query")
            found = [Positive(self._contents.content(side), self._contents.picture_bytes(side)) for side in right]
            return self._mined(group, query, found)
        except LycheeError as error:
            return Mined(refused=error.message)

    def _mined(self, group: Group, query: Content, positives: Sequence[Positive]) -> Mined:
        left: Counter[Left] = Counter()
        found = list(self._hardest_first(group, query, positives, left))
        kept = found[self.mining.skip_first :]
        sides = []
        for item, _ in self._not_judged_right(group, query, kept, left):
            sides.append(self._side(item))
            if len(sides) == self.mining.negatives:
                break
        negatives = tuple(Example(group.instruction, group.query, side, 0.0) for side in sides)
        return Mined(negatives, dict(left), skipped=len(found) - len(kept))

    def _hardest_first(
        self, group: Group, query: Content, positives: Sequence[Positive], left: Counter[Left]
    ) -> Iterator[tuple[Item, Candidate]]:
        """The candidates that pass the guards of stage 1."""
        vectors = self._retriever.encode(query)
        recalled = self._retriever.recall(query, vectors, self.mining.target, self.mining.candidates)
        likenesses = Likenesses(positives, self._reader)
        known = self._known(group)
        new, right = [], []
        for candidate, item in zip(recalled, self._collection.get([one.id for one in recalled]), strict=True):
            if item is None:  # deleted meanwhile
                continue
            picture = self._collection.picture(item.id).data if item.has_image else None
            if likenesses.has(item, picture):
                right.append(candidate)
            elif known.has(item, picture):
                left["known"] += 1
            else:
                new.append((item, candidate))
        left["positive"] += len(right)
        share = self.mining.share
        own = {} if share is None else own_scores(vectors, positives, self._encoder, right)
        for item, candidate in new:
            if share is not None and is_too_close(candidate, own, share):
                left["close"] += 1
            else:
                yield item, candidate

    def _known(self, group: Group) -> Likenesses:
        """Of what stands in the group already; what of it cannot be read is like nothing."""
        others = [example.document for example in group.examples if example.score < POSITIVE]
        read = ((side, self._contents.document(side)) for side in others)
        return Likenesses(
            [
                Positive(content, self._contents.picture_bytes(side))
                for side, content in read
                if not isinstance(content, Unreadable)
            ],
            self._reader,
        )

    def _not_judged_right(
        self, group: Group, query: Content, found: Sequence[tuple[Item, Candidate]], left: Counter[Left]
    ) -> Iterator[tuple[Item, Candidate]]:
        """A few at a time, so that the judge reads hardly more than are needed."""
        if self._judge is None:
            yield from found
            return
        task = resolve(group.instruction, query, self.mining.target)
        for start in range(0, len(found), self.mining.negatives):
            some = found[start : start + self.mining.negatives]
            ids, passages = [item.id for item, _ in some], [candidate.passage for _, candidate in some]
            judged = self._judge.score(task, query, self._collection.documents(ids, passages))
            for pair, judgement in zip(some, judged, strict=True):
                if judgement.error is not None:
                    left["unreadable"] += 1
                elif judgement.score > self.mining.judge_above:
                    left["judged"] += 1
                else:
                    yield pair

    def _side(self, item: Item) -> Side:
        if not item.has_image:
            return Side(whole_text(item))
        picture = self._collection.picture(item.id)
        return Side(whole_text(item), self._pictures.keep(picture.data, picture.media_type))
