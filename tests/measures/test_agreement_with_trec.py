"""Measures of random runs against pytrec_eval's own, asked directly, and the significance test against scipy's."""

import numpy as np
import pytest
import pytrec_eval
from scipy.stats import permutation_test

from content.errors import InvalidInput
from measures.metrics import graded, measure, per_query
from measures.significance import RESAMPLES, paired

# Our name -> pytrec_eval's, and the cut-off of what it is shown where it has no cut-off of its own.
SAME = {
    "nDCG": ("ndcg", None),
    "nDCG@10": ("ndcg_cut_10", None),
    "nDCG@3": ("ndcg_cut_3", None),
    "MRR": ("recip_rank", None),
    "MRR@5": ("recip_rank", 5),
    "MAP": ("map", None),
    "MAP@20": ("map_cut_20", None),
    "recall@10": ("recall_10", None),
    "hit@10": ("success_10", None),
}


def drawn(seed: int, queries: int = 60, documents: int = 150):
    """A random run and graded judgements: some queries without anything relevant, some documents never judged, some
    relevant ones never recalled."""
    random = np.random.default_rng(seed)
    names = [f"d{n}" for n in range(documents)]
    run = {f"q{q}": list(random.permutation(names)[: random.integers(1, documents)]) for q in range(queries)}
    qrels = {
        query: {str(name): int(random.choice([0, 0, 0, 1, 2, 3])) for name in random.permutation(names)[:40]}
        for query in run
    }
    qrels["q0"] = dict.fromkeys(qrels["q0"], 0)
    return {query: [str(name) for name in found] for query, found in run.items()}, qrels


@pytest.mark.parametrize("relevant", [1, 2])
@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_pytrec_eval(seed: int, relevant: int):
    run, qrels = drawn(seed)
    ours = per_query(run, qrels, list(SAME), relevant=relevant)
    for name, (theirs, cutoff) in SAME.items():
        shown = {query: {d: -float(place) for place, d in enumerate(found[:cutoff])} for query, found in run.items()}
        evaluator = pytrec_eval.RelevanceEvaluator(
            qrels, {theirs.rpartition("_")[0] + "." + theirs.rpartition("_")[2] if theirs[-1].isdigit() else theirs},
            relevance_level=relevant,
        )  # fmt: skip
        values = evaluator.evaluate(shown)
        expected = [values[query][theirs] for query in qrels]
        np.testing.assert_allclose(ours[name], expected, rtol=0, atol=1e-9, err_msg=name)


def test_ndcg_is_the_same_for_scores_and_for_their_grades():
    run, qrels = drawn(7)
    as_scores = {query: {name: graded(grade / 3) for name, grade in found.items()} for query, found in qrels.items()}
    exact = {query: {name: grade * 33 for name, grade in found.items()} for query, found in qrels.items()}
    difference = per_query(run, as_scores, ["nDCG@10"])["nDCG@10"] - per_query(run, exact, ["nDCG@10"])["nDCG@10"]
    assert np.abs(difference).max() < 0.005  # thirds are cut to hundredths
    times_33, plain = (per_query(run, one, ["nDCG@10"])["nDCG@10"] for one in (exact, qrels))
    np.testing.assert_allclose(times_33, plain, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "name", ["ndcg@10", "nDCG@0", "nDCG@", "recall", "hit", "recall@-1", "P@10", "", "MRR@1e3", "nDCG@10 "]
)
def test_a_name_that_is_no_measure_is_refused_with_those_that_are(name: str):
    with pytest.raises(InvalidInput, match="nDCG@k, MRR"):
        measure(name)


@pytest.mark.parametrize("seed", range(3))
def test_the_paired_test_agrees_with_scipys_of_all_sign_flips(seed: int):
    """With twelve queries scipy goes through every one of the 4,096 flips: the p that ours draws a sample of."""
    random = np.random.default_rng(seed)
    one, other = random.random(12), random.random(12) + 0.15
    exact = permutation_test(
        (other - one,), np.mean, permutation_type="samples", n_resamples=np.inf, vectorized=True
    ).pvalue
    ours = paired(one, other).p
    assert ours == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / RESAMPLES) + 1e-12)
