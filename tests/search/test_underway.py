"""A search on its way: who watches sees stage 1 first, then stage 2's order grow, and may keep what there is."""

import pytest
from support.stepping_reranker import SteppingReranker
from support.table_reranker import add_texts

from content.errors import Cancelled, InvalidInput
from search.engine import SearchEngine
from search.patience import Patience

SCORES = {"w": "0.2", "x": "0.9", "y": "0.6", "z": "0.4"}


@pytest.fixture
def engine(collection, encoder, worker) -> SearchEngine:
    """Its judge reads one candidate a step, and scores it by the number that its text is."""
    collection.delete(["a", "b", "c", "d"])
    add_texts(collection, encoder, SCORES)
    return SearchEngine(collection, encoder, SteppingReranker(), worker)


def watched(engine, **options):
    seen = []
    answer = engine.search("red", watch=seen.append, **options)
    return seen, answer


def places(hits):
    return [(hit.rank, hit.id, hit.judged) for hit in hits]


def test_the_first_that_is_told_is_stage_1_alone(engine):
    seen, _ = watched(engine)
    plain = engine.search("red", rerank=False)

    assert not seen[0].judgements
    assert seen[0].total == 4
    assert seen[0].remaining_s is None
    assert seen[0].hits() == plain.hits


def test_each_step_adds_to_stage_2s_order_before_what_is_unread(engine):
    seen, _ = watched(engine)

    for news in seen:
        hits = news.hits()
        read = [hit for hit in hits if hit.judged]
        assert [hit.rank for hit in hits] == [1, 2, 3, 4]
        assert hits[: len(read)] == tuple(read)
        assert [hit.score for hit in read] == sorted((hit.score for hit in read), reverse=True)
        unread = [hit.retrieval.rank for hit in hits if not hit.judged]
        assert unread == sorted(unread)
    assert [len(news.judgements) for news in seen] == [0, 1, 2, 3, 4]


def test_the_last_that_is_told_is_the_answer(engine):
    seen, answer = watched(engine)

    assert seen[-1].hits() == answer.hits
    assert seen[-1].remaining_s == 0
    kept = seen[-1].answer(answer.model)
    assert (kept.hits, kept.margin, kept.warnings) == (answer.hits, answer.margin, answer.warnings)


def test_what_was_told_stays_as_it_was(engine):
    seen, _ = watched(engine)

    assert [hit.judged for hit in seen[1].hits()] == [True, False, False, False]


def test_what_remains_is_reckoned_from_what_was_read(engine):
    seen, _ = watched(engine)
    half = seen[2]

    assert half.remaining_s == pytest.approx(half.rerank_ms / 1000)


def test_without_stage_2_there_is_nothing_to_wait_for(engine):
    seen, answer = watched(engine, rerank=False)

    (only,) = seen
    assert (only.total, only.remaining_s) == (0, None)
    assert only.hits() == answer.hits


def test_a_threshold_leaves_out_what_was_read_and_keeps_what_was_not(engine):
    seen, _ = watched(engine)
    unread = {hit.id for hit in seen[1].hits() if not hit.judged}

    assert {hit.id for hit in seen[1].hits(1.0)} == unread
    assert [hit.id for hit in seen[-1].hits(0.5)] == ["x", "y"]
    with pytest.raises(InvalidInput, match="score_threshold"):
        seen[0].hits(2)


def test_who_calls_a_search_off_has_what_was_read(engine):
    patience, seen = Patience(), []

    def stop_at_two(news):
        seen.append(news)
        if len(news.judgements) == 2:
            patience.cancel()

    with pytest.raises(Cancelled):
        engine.search("red", patience=patience, watch=stop_at_two)

    kept = seen[-1].answer("stepping")
    assert [hit.judged for hit in kept.hits] == [True, True, False, False]
    assert kept.margin == pytest.approx(kept.hits[0].score - kept.hits[1].score)
    assert kept.timings_ms.total == kept.timings_ms.encode + kept.timings_ms.recall + kept.timings_ms.rerank
    assert all(hit.judged for hit in kept.cut(score_threshold=0).hits)


def test_nothing_found_is_told_as_nothing(engine, collection):
    collection.delete(list(SCORES))
    seen, answer = watched(engine)

    assert [news.hits() for news in seen] == [()]
    assert (seen[0].answer("stepping").hits, answer.hits) == ((), ())
