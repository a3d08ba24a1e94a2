"""Scores of pairs as vLLM answers them, with one call of the engine for all pairs of a query."""

import time
from collections.abc import Sequence

from api.contents import source
from api.dialects.desk import Desk
from api.schemas.score import PairScore, ScoreAnswer, ScoreBody, Side
from api.schemas.usage import UsageBody
from content.errors import InvalidInput
from reranker.protocol import Judgement
from reranker.ranking import raise_first_error
from search.intake import Source


def answer(body: ScoreBody, desk: Desk) -> ScoreAnswer:
    queries, documents = body.root.sides
    judgements = _judge_pairs(queries, documents, body.root.instruction, desk)
    if body.root.raise_on_error:
        raise_first_error(judgements, documents.at)
    tokens = sum(judgement.tokens for judgement in judgements)
    return ScoreAnswer(
        id=desk.request_id,
        object="list",
        created=int(time.time()),
        model=desk.model,
        data=[_pair_score(place, judgement) for place, judgement in enumerate(judgements)],
        usage=UsageBody(prompt_tokens=tokens, total_tokens=tokens),
    )


def _judge_pairs(queries: Side, documents: Side, instruction: str | None, desk: Desk) -> list[Judgement]:
    """One judgement per document. Pairs with an equal query are judged together: it is read once."""
    desk.check_count(len(queries.contents), queries.name)
    desk.check_count(len(documents.contents), documents.name)
    places: dict[Source, list[int]] = {}
    for place, query in enumerate(_one_each(queries, documents)):
        places.setdefault(query, []).append(place)
    firsts = [group[0] if len(queries.contents) > 1 else 0 for group in places.values()]
    judged = desk.judge(
        [
            (queries.contents[first], [documents.contents[place] for place in group])
            for first, group in zip(firsts, places.values(), strict=True)
        ],
        query_names=[queries.at(first) for first in firsts],
        instruction=instruction,
    )
    by_place = {
        place: judgement
        for group, judgements in zip(places.values(), judged, strict=True)
        for place, judgement in zip(group, judgements, strict=True)
    }
    return [by_place[place] for place in range(len(documents.contents))]


def _one_each(queries: Side, documents: Side) -> Sequence[Source]:
    """The query of each document. Raises InvalidInput where they do not go together."""
    # Read before it is repeated: the texts of content parts are joined, which for a thousand documents takes long.
    asked, count = [source(query) for query in queries.contents], len(documents.contents)
    if len(asked) == 1:
        return asked * count
    if len(asked) != count:
        raise InvalidInput(
            f"`{queries.name}` has {len(asked):,} entries and `{documents.name}` {count:,}: send as many of one as of "
            f"the other, or one of `{queries.name}` for all",
            param=documents.name,
        )
    return asked


def _pair_score(place: int, judgement: Judgement) -> PairScore:
    pair = PairScore(index=place, object="score", score=judgement.score)
    return pair if judgement.error is None else pair.model_copy(update={"error": judgement.error})
