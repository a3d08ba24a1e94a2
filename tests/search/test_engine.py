"""Two stages over a toy collection: every order and score here can be checked in the head."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from support.table_reranker import TableReranker, add_picture, add_texts

from content import Content
from content.errors import InvalidInput, NotReady
from indexer.collection import Collection
from reranker import INSTRUCTIONS
from search.engine import SearchEngine

VECTORS = {"words": 0}
TABLE = {"red mug": 0.2, "red mug shop": 0.9, "red": 0.6, "blue": 0.1}


def ids(answer) -> list[str]:
    return [hit.id for hit in answer.hits]


def test_without_stage_2_the_order_and_the_scores_are_those_of_stage_1(make_engine):
    answer = make_engine().search("red mug", channels=VECTORS)

    assert ids(answer) == ["c", "a", "b", "d"]
    assert [hit.score for hit in answer.hits] == [1 / 61, 1 / 62, 1 / 63, 1 / 64]
    assert [hit.retrieval.rank for hit in answer.hits] == [hit.rank for hit in answer.hits] == [1, 2, 3, 4]
    assert (answer.reranked, answer.model, answer.warnings) == (False, "toy-16", ())


def test_stage_2_gives_the_order_and_the_scores(make_engine):
    answer = make_engine(TABLE).search("red mug", channels=VECTORS)

    assert ids(answer) == ["a", "b", "c", "d"]
    assert [hit.score for hit in answer.hits] == [0.9, 0.6, 0.2, 0.1]
    assert [hit.rank for hit in answer.hits] == [1, 2, 3, 4]
    assert [hit.retrieval.rank for hit in answer.hits] == [2, 3, 1, 4]
    assert [hit.retrieval.score for hit in answer.hits] == [1 / 62, 1 / 63, 1 / 61, 1 / 64]
    assert (answer.reranked, answer.model) == (True, "table")


def test_a_hit_carries_its_item_and_how_it_was_found(make_engine):
    (hit, *_) = make_engine(TABLE).search("red mug", channels=VECTORS).hits

    assert (hit.text, hit.has_image, hit.metadata) == ("red mug shop", False, {"row": 0})
    (place,) = hit.retrieval.channels
    assert (place.channel, place.query, place.rank) == ("text", "text", 2)
    assert place.score == pytest.approx((2 / 3) ** 0.5, abs=1e-6)


def test_rerank_false_leaves_stage_2_out(make_engine):
    engine = make_engine(TABLE)

    answer = engine.search("red mug", rerank=False)

    assert ids(answer) == ["c", "a", "b", "d"]
    assert (answer.reranked, answer.model) == (False, "toy-16")
    assert engine.reranker.sizes == []


def test_only_the_candidates_are_judged(make_engine):
    engine = make_engine(TABLE)

    assert ids(engine.search("red mug", candidates=2)) == ["a", "c"]
    assert engine.reranker.sizes == [2]


def test_top_k_and_threshold_cut_after_scoring(make_engine):
    engine = make_engine(TABLE)

    best = engine.search("red mug", top_k=2)
    good = engine.search("red mug", score_threshold=0.2)

    assert [(hit.id, hit.score) for hit in best.hits] == [("a", 0.9), ("b", 0.6)]
    assert [(hit.id, hit.score) for hit in good.hits] == [("a", 0.9), ("b", 0.6), ("c", 0.2)]
    assert engine.reranker.sizes == [4, 4]
    assert ids(engine.search("red mug", top_k=3, rerank=False)) == ["c", "a", "b"]


def test_a_display_changes_the_scores_that_are_shown_and_nothing_else(make_engine):
    engine = make_engine(TABLE)
    plain = engine.search("red mug", score_threshold=0.2)

    tenfold = engine.search("red mug", score_threshold=0.2, scale=10)
    stretched = engine.search("red mug", score_threshold=0.2, scale=10, normalize="minmax")

    assert [hit.score for hit in tenfold.hits] == [9.0, 6.0, 2.0]
    assert [hit.score for hit in stretched.hits] == pytest.approx([10.0, 6.25, 1.25])
    assert ids(plain) == ids(tenfold) == ids(stretched)
    assert plain.margin == tenfold.margin == stretched.margin == pytest.approx(0.3)
    assert [(each.scale, each.normalize) for each in (plain, tenfold, stretched)] == [
        (1, None), (10, None), (10, "minmax"),
    ]  # fmt: skip


def test_without_stage_2_there_is_no_margin(make_engine):
    answer = make_engine().search("red mug")
    assert (answer.scale, answer.normalize, answer.margin) == (1, None, None)


def test_neighbours_closer_than_a_tie_keep_the_order_of_stage_1(make_engine):
    answer = make_engine({"red mug": 0.700, "red mug shop": 0.704, "red": 0.3, "blue": 0.1}).search("red mug")

    assert [(hit.id, hit.tied) for hit in answer.hits] == [("c", True), ("a", True), ("b", False), ("d", False)]


def test_scores_that_are_all_alike_carry_a_warning(make_engine):
    (warning,) = make_engine({}).search("red mug").warnings

    assert warning.startswith("low_discrimination: ")
    assert "more specific instruction" in warning
    assert make_engine(TABLE).search("red mug").warnings == ()


def test_a_picture_that_cannot_be_decoded_fails_alone(make_engine, collection, encoder):
    add_picture(collection, encoder, "torn", b"\x89PNG\r\n\x1a\n torn")

    answer = make_engine(TABLE).search("red mug")

    assert ids(answer) == ["a", "b", "c", "d", "torn"]
    assert answer.hits[-1].score == 0.0
    assert answer.hits[-1].error
    assert all(hit.error is None for hit in answer.hits[:-1])


def test_an_item_that_cannot_be_judged_is_raised_where_that_is_asked_for(make_engine, collection, encoder):
    engine = make_engine(TABLE)
    assert len(engine.search("red mug", raise_on_error=True).hits) == 4
    add_picture(collection, encoder, "torn", b"\x89PNG\r\n\x1a\n torn")

    with pytest.raises(InvalidInput, match="torn was not judged: ") as refused:
        engine.search("red mug", raise_on_error=True)

    assert refused.value.param == "torn"
    assert engine.search("red mug", raise_on_error=True, rerank=False).hits


def test_pictures_reach_the_judge(make_engine, collection, encoder):
    add_picture(collection, encoder, "photo")
    engine = make_engine({"red mug": 0.1, "red mug shop": 0.1, "red": 0.1, "blue": 0.1})
    engine.reranker.picture = 0.8

    (hit, *_) = engine.search("red").hits

    assert (hit.id, hit.score, hit.has_image, hit.text) == ("photo", 0.8, True, None)


def test_target_chooses_what_is_found(make_engine, collection, encoder):
    add_picture(collection, encoder, "photo")
    engine = make_engine(TABLE)

    assert ids(engine.search("red", target="image")) == ["photo"]
    assert sorted(ids(engine.search("red", target="text"))) == ["a", "b", "c", "d"]


def test_a_picture_finds_what_has_its_colour(make_engine, collection, encoder):
    add_picture(collection, encoder, "photo")

    answer = make_engine().search(Content(image=Image.new("RGB", (4, 4), (255, 0, 0))), target="text")

    assert ids(answer) == ["b", "c", "a", "d"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, INSTRUCTIONS["web-search"]),
        ({"target": "image"}, INSTRUCTIONS["image-search"]),
        ({"instruction": "  "}, INSTRUCTIONS["web-search"]),
        ({"instruction": "product-search"}, INSTRUCTIONS["product-search"]),
        ({"instruction": "Find the mug that I lost"}, "Find the mug that I lost"),
    ],
)
def test_the_judge_gets_an_instruction_that_fits(make_engine, collection, encoder, options, expected):
    add_picture(collection, encoder, "photo")
    engine = make_engine(TABLE)

    engine.search("red mug", **options)

    assert set(engine.reranker.instructions) == {expected}


@pytest.mark.parametrize(
    ("query", "options", "param"),
    [
        ("", {}, "query"),
        (" \n", {}, "query"),
        ("red \ud800", {}, "query"),
        ("red", {"candidates": 0}, "candidates"),
        ("red", {"candidates": 1001}, "candidates"),
        ("red", {"target": "video"}, "target"),
        ("red", {"top_k": 0}, "top_k"),
        ("red", {"score_threshold": 1.5}, "score_threshold"),
        ("red", {"score_threshold": 0.5, "rerank": False}, "score_threshold"),
        ("red", {"scale": 5}, "scale"),
        ("red", {"scale": True}, "scale"),
        ("red", {"scale": 10, "rerank": False}, "scale"),
        ("red", {"normalize": "softmax"}, "normalize"),
        ("red", {"normalize": "minmax", "rerank": False}, "normalize"),
    ],
)
def test_bad_arguments_are_refused_by_name_before_any_work(make_engine, encoder, query, options, param):
    engine = make_engine(TABLE)
    encoded = encoder.texts_encoded

    with pytest.raises(InvalidInput) as refused:
        engine.search(query, **options)

    assert refused.value.param == param
    assert encoder.texts_encoded == encoded


@pytest.mark.parametrize("options", [{"score_threshold": 0.5}, {"scale": 10}, {"normalize": "minmax"}])
def test_what_is_done_to_scores_of_stage_2_needs_stage_2(make_engine, options):
    with pytest.raises(InvalidInput, match="stage 2 is switched off"):
        make_engine().search("red", **options)


def test_an_empty_collection_answers_with_nothing(tmp_path, encoder, worker):
    with Collection.create(tmp_path / "empty", encoder) as empty:
        answer = SearchEngine(empty, encoder, TableReranker({}), worker).search("red")

    assert (answer.hits, answer.warnings, answer.reranked) == ((), (), True)


def test_an_item_that_is_deleted_while_it_is_searched_for_is_left_out(make_engine, collection, monkeypatch):
    nearest = collection.nearest

    def nearest_then_gone(*arguments):
        found = nearest(*arguments)
        collection.delete(["a"])
        return found

    monkeypatch.setattr(collection, "nearest", nearest_then_gone)

    assert ids(make_engine(TABLE).search("red mug")) == ["b", "c", "d"]


def test_many_candidates_are_judged_in_chunks_and_each_gets_its_own_score(make_engine, collection, encoder):
    add_texts(collection, encoder, {f"item-{n:03}": f"green {n}" for n in range(100)})
    engine = make_engine({f"green {n}": n / 100 for n in range(100)})

    answer = engine.search("green", candidates=100, top_k=100)

    assert [hit.text for hit in answer.hits] == [f"green {n}" for n in reversed(range(100))]
    assert max(engine.reranker.sizes) <= 32
    assert sum(engine.reranker.sizes) == 100


def test_timings_add_up(make_engine):
    took = make_engine(TABLE).search("red mug").timings_ms

    assert min(took.encode, took.recall, took.rerank) >= 0
    assert took.total == pytest.approx(took.encode + took.recall + took.rerank)


def test_models_run_on_the_workers_thread_whoever_searches(make_engine):
    engine = make_engine(TABLE)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ids(engine.search("red mug")), range(40)))

    assert answers == [["a", "b", "c", "d"]] * 40
    assert len(engine.reranker.threads) == 1
    assert threading.get_ident() not in engine.reranker.threads


def test_a_judge_that_fails_fails_its_own_search_only(make_engine, monkeypatch):
    engine = make_engine(TABLE)

    def fail(*_):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as broken:
        broken.setattr(engine.reranker, "score", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            engine.search("red mug")

    assert ids(engine.search("red mug")) == ["a", "b", "c", "d"]


def test_a_closed_worker_says_so(make_engine, worker):
    engine = make_engine(TABLE)
    worker.close()

    with pytest.raises(NotReady, match="closed"):
        engine.search("red mug")
