"""What `lychee bench recall` says of indexes and of the collection is what they did."""

import json

import numpy as np
import pytest

from evaluation.bench.recall_exact import NONE, exact_top, recall
from evaluation.bench.recall_figures import compared
from evaluation.bench.recall_filters import Below, InStockUnder, families
from evaluation.bench.recall_pool import Columns, Pool
from evaluation.bench.recall_sides import built, lists_for, opened, sides_named
from evaluation.bench.recall_speed import Searches, by_turns
from evaluation.bench.synthetic import ClipLike
from indexer.filters import parse_filter
from search.cli.main import run as lychee

AXES = np.eye(4, dtype=np.float32)
SMALL = ["--size", "3000", "--dimension", "32", "--queries", "30", "--filters", "2", "--rounds", "1"]


def test_vectors_are_the_same_whichever_are_asked_for_and_lie_in_a_cone_in_clusters():
    source = ClipLike(32, seed=7)
    rows, queries = source.rows(0, 3000), source.queries(50)
    assert rows.dtype == np.float32
    assert (source.rows(990, 2010) == rows[990:2010]).all()
    assert source.rows(5, 5).shape == (0, 32)
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5
    cosines = np.sort(queries @ rows.T, axis=1)
    assert 0.2 < cosines.mean() < 0.5  # strangers: not 0
    assert cosines[:, -1].mean() > 0.8  # the nearest is near, but no copy
    assert cosines[:, -1].max() < 0.9999
    assert not (ClipLike(32, seed=8).rows(0, 10) == rows[:10]).any()


def test_the_spectrum_decays_and_its_directions_are_no_axes():
    rows = ClipLike(32, seed=7).rows(0, 3000)
    variances = np.linalg.eigvalsh(np.cov(rows.T))
    assert variances[-1] > 10 * variances[0]
    assert np.ptp(rows.var(axis=0)) < variances[-1] / 2


def test_the_exact_answer_is_what_sorting_all_products_gives():
    random = np.random.default_rng(3)
    vectors = random.standard_normal((20_000, 8), np.float32)  # more than are multiplied at a time
    queries = random.standard_normal((3, 8), np.float32)
    products = queries @ vectors.T
    assert (exact_top(vectors, queries, 10) == np.argsort(-products, axis=1)[:, :10]).all()
    even = np.arange(20_000) % 2 == 0
    halves = np.stack([even, ~even, np.ones(20_000, np.bool_)])
    filtered = exact_top(vectors, queries, 10, lambda start, stop: halves[:, start:stop])
    assert (filtered == np.argsort(-np.where(halves, products, -np.inf), axis=1)[:, :10]).all()


def test_where_too_few_may_be_found_the_rest_is_nothing():
    only = np.array([[True, False, True, False], [False] * 4])
    found = exact_top(AXES, AXES[:2], 3, lambda start, stop: only[:, start:stop])
    assert sorted(found[0]) == [NONE, 0, 2]
    assert found[1].tolist() == [NONE, NONE, NONE]


@pytest.mark.parametrize(
    ("found", "exact", "expected"),
    [
        ([[1, 2, 3]], [[3, 2, 1]], 1.0),  # the order says nothing
        ([[1, 2, 9]], [[3, 2, 1]], 2 / 3),
        ([[4, 5, 6], [1, 2, 3]], [[1, 2, 3], [1, 2, 3]], 0.5),
        ([[1, NONE, NONE]], [[1, 2, NONE]], 0.5),
        ([[8, 9, NONE]], [[1, NONE, NONE]], 0.0),
        ([[NONE]], [[NONE]], 1.0),
    ],
)
def test_recall_is_the_share_of_the_exact_answer_that_was_found(found, exact, expected):
    assert recall(np.array(found), np.array(exact)) == pytest.approx(expected)


def test_what_the_retriever_adds_is_the_median_of_the_differences_and_not_their_sum():
    exact = np.array([[1, 2], [3, 4], [5, 6]])
    bare = Searches((10.0, 20.0, 30.0), exact)
    whole = Searches((11.0, 22.0, 90.0), np.array([[2, 1], [3, 9], [5, 6]]))
    found = compared(bare, whole, exact, fresh=7)
    assert (found.bare_p50_ms, found.p50_ms, found.added_ms) == (20.0, 22.0, 2.0)
    assert found.added_share == pytest.approx(0.1)
    assert found.recall == pytest.approx(5 / 6)


def test_searches_take_turns_and_each_gets_every_query():
    calls = []

    def search(name, vector):
        calls.append((name, int(vector[0, 0])))
        return np.array([len(name)])

    queries = np.arange(4, dtype=np.float32)[:, np.newaxis]
    one, two = by_turns([lambda v: search("a", v), lambda v: search("bb", v)], queries, turn=2)
    counted = calls[8:]  # the first are to warm up
    assert counted == [("a", 0), ("a", 1), ("bb", 0), ("bb", 1), ("bb", 2), ("bb", 3), ("a", 2), ("a", 3)]
    assert one.rows.ravel().tolist() == [1, 1, 1, 1]
    assert two.rows.ravel().tolist() == [2, 2, 2, 2]
    assert len(one.ms) == 4


def test_filters_mean_the_same_as_json_and_as_columns_and_none_comes_twice():
    columns = Columns(
        share=np.array([0.1, 0.2, 0.3]),
        price=np.array([5.0, 50.0, 4.0]),
        stock=np.array([0, 3, 3]),
        brand=np.array([1, 1, 1]),
    )
    assert Below(0.2).mask(columns, 0, 3).tolist() == [True, False, False]
    assert InStockUnder(0.5, 10.0).mask(columns, 0, 3).tolist() == [False, False, True]
    assert InStockUnder(0.5, 10.0).mask(columns, 2, 3).tolist() == [True]
    found = families(5, seed=1)
    assert sorted({family.share for family in found}) == [0.0001, 0.005, 0.05, 0.5]
    assert all(parse_filter(narrow.json) is not None for family in found for narrow in family.filters)
    assert len({narrow for family in found for narrow in family.filters}) == 5 * len(found) == 40


def test_filters_keep_about_the_share_they_are_named_after(tmp_path):
    columns = Pool(tmp_path, 100_000, 8, seed=1).columns()
    for family in families(5, seed=1):
        kept = np.mean([narrow.mask(columns, 0, 100_000).mean() for narrow in family.filters])
        assert kept == pytest.approx(family.share, rel=0.5 if family.share < 0.001 else 0.1)


@pytest.mark.parametrize("side", ["flat", "hnsw", "ivf", "lychee"])
def test_an_index_that_is_built_written_and_opened_finds_the_vectors_themselves(tmp_path, side):
    pool = Pool(tmp_path, 2500, 16, seed=1)
    pool.write()
    built(side, pool)(tmp_path / "index")
    points = opened(side, tmp_path / "index")
    for point in points:
        assert point.ask(np.asarray(pool.vectors()[:5]), 1)[:, 0].tolist() == [0, 1, 2, 3, 4], point.label
    assert len({point.label for point in points}) == len(points)


def test_lists_grow_with_the_pool_and_stay_few_enough_to_be_trained():
    assert lists_for(1_000_000) == 4096
    assert lists_for(200_000) == 2048
    assert lists_for(5000) * 39 <= 5000
    assert lists_for(1) == 1


def test_sides_are_named_in_any_way_and_two_are_always_there():
    assert sides_named(["ivf,HNSW"]) == ("lychee", "flat", "hnsw", "ivf")
    assert sides_named(["hnsw", "hnsw"]) == ("lychee", "flat", "hnsw")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "annoy"], "--against names flat, hnsw or ivf, not 'annoy'"),
        (["--keep"], "--keep needs a --folder"),
        (["--size", "50"], "--size is at least 100"),
        (["--json", "--markdown"], "choose one of --json and --markdown"),
    ],
)
def test_nonsense_is_refused_in_one_line(capsys, arguments, said):
    assert lychee(["bench", "recall", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_says_all_of_each_side_and_leaves_nothing_behind(capsys, tmp_path):
    arguments = ["bench", "recall", *SMALL, "--against", "ivf", "--folder", str(tmp_path)]
    assert lychee([*arguments, "--json"]) == 0
    said = capsys.readouterr().out
    assert str(tmp_path) not in said
    found = json.loads(said)["figures"]
    recalls = {point["label"].split(",")[0]: point["recall"] for point in found["points"]}
    assert list(recalls) == ["this project", "faiss Flat", "faiss IVF64"]
    assert recalls["faiss Flat"] >= 0.999
    assert recalls["this project"] >= 0.98
    assert [cost["name"] for cost in found["costs"]] == ["lychee", "flat", "ivf", "collection"]
    for cost in found["costs"]:
        assert cost["build_s"] > 0
        assert cost["file_bytes"] > 3000 * 32  # a byte for each dimension, at the least
        assert 0 < cost["peak"]["before"] <= cost["peak"]["most"]
        assert not cost["earlier"]
    assert found["retriever"]["recall"] >= 0.999  # a small collection is searched exactly
    assert len(found["filters"]) == 8
    assert all(one["recall"] >= 0.999 for one in found["filters"])
    assert all(0 < one["p50_ms"] <= one["worst_ms"] for one in found["filters"])
    (update,) = found["updates"]
    assert 0 < update["stored_s"] < update["here_s"]
    assert update["there_s"] > 0  # perhaps before it is acknowledged here
    assert (update["lost"], update["stale"]) == (0, 0)
    assert update["checked"] == 200
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_what_a_run_keeps_the_next_one_uses_and_finds_as_it_was(capsys, tmp_path):
    arguments = ["bench", "recall", *SMALL, "--against", "flat", "--folder", str(tmp_path), "--keep"]
    assert lychee([*arguments, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["figures"]
    assert lychee([*arguments, "--markdown"]) == 0
    shown = capsys.readouterr().out
    assert str(tmp_path) not in shown
    assert f"| this project, collection | {first['costs'][-1]['build_s']:.1f}* |" in shown
    assert f"| recall@100 of the retriever | {first['retriever']['recall']:.4f} |" in shown
    for title in ("Search", "What it takes", "The whole collection", "Filters", "Updates"):
        assert f"**{title}**" in shown
