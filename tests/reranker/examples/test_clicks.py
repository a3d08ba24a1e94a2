"""Clicks become grades: positions are made up for, what nobody saw is left out, little evidence says little."""

import random
from collections import Counter

import pytest
from scipy.stats import kendalltau

from content.errors import InvalidInput
from reranker.examples.click_log import Page, Shown
from reranker.examples.clicks import Clicking, Graded, Tallies
from reranker.examples.example import Side

QUERY = Side("red mug")


def page(*shown: tuple[str, bool] | Shown, query: Side = QUERY, instruction: str = "") -> Page:
    rows = (
        one if isinstance(one, Shown) else Shown(Side(one[0]), place, one[1])
        for place, one in enumerate(shown, start=1)
    )
    return Page(instruction, query, tuple(rows))


def graded(*pages: Page, **options: float) -> Graded:
    tallies = Tallies(Clicking(**{"min_impressions": 1, **options}))
    for one in pages:
        tallies.add(one)
    return tallies.graded()


def grades(*pages: Page, **options: float) -> dict[str | None, float]:
    return {one.document.text: one.score for one in graded(*pages, **options).examples}


def test_the_formula_worked_out_by_hand():
    # a: 2 clicks in 4 looks; b, at position 2: 1 click in 4 / 2 looks; the mean is 3 / 6, the prior 2 looks
    pages = [page(("a", True), ("b", True)), page(("a", True), ("b", False)), *[page(("a", False), ("b", False))] * 2]
    found = graded(*pages, full=1.0)
    assert [(one.document.text, one.score) for one in found.examples] == [("a", 0.5), ("b", 0.5)]
    assert (found.mean, found.impressions, found.clicks, found.pages) == (0.5, 8, 3, 4)
    assert grades(*pages, full=1.0, eta=0.0) == {"a": 0.4583, "b": 0.2917}  # mean 3/8: (.75 + 2) / 6, (.75 + 1) / 6


def test_a_click_far_down_is_worth_more_than_one_at_the_top():
    pages = [page(*((name, name == clicked) for name in "abcdefgh")) for clicked in "ah"]
    assert grades(*pages)["h"] > grades(*pages)["a"]
    assert grades(*pages, eta=0.0)["h"] == grades(*pages, eta=0.0)["a"]


def test_the_floor_bounds_what_a_single_click_may_say():
    deep = [Shown(Side("deep"), 1000, True), Shown(Side("top"), 1, True)]
    sure = grades(page(*deep), page(("top", False)), floor=1.0)
    bold = grades(page(*deep), page(("top", False)), floor=0.001)
    assert bold["deep"] / bold["top"] > sure["deep"] / sure["top"]


def test_a_short_look_at_what_was_clicked_counts_half():
    shown = [Shown(Side("short"), 1, True, 5.0), Shown(Side("long"), 1, True, 60.0), Shown(Side("unknown"), 1, True)]
    assert grades(page(*shown), prior=0.0) == {"long": 1.0, "unknown": 1.0, "short": 0.5}
    assert grades(page(*shown), prior=0.0, short_s=2.0)["short"] == 1.0


def test_little_evidence_stays_near_the_mean_of_the_log():
    pages = [page(("often", True))] * 50 + [page(("never", False))] * 50 + [page(("once", True))]
    of = grades(*pages, full=1.0)
    assert of["often"] > 0.95
    assert 0.55 < of["once"] < 0.85
    assert of["never"] < 0.05


def test_what_was_never_clicked_is_bad_only_where_somebody_looked_at_it():
    pages = [page(("passed over", False), ("clicked", True), ("below", False))] * 3
    found = graded(*pages)
    assert {one.document.text for one in found.examples} == {"passed over", "clicked"}
    assert found.unseen == 1
    assert "below" in grades(*pages, unclicked_after=3)


def test_what_was_shown_too_seldom_is_left_out_and_counted():
    found = graded(page(("a", True), ("b", True)), page(("a", True)), min_impressions=2)
    assert [one.document.text for one in found.examples] == ["a"]
    assert (found.pairs, found.seldom) == (2, 1)


def test_one_query_however_it_is_written_is_counted_together_but_not_under_other_instructions():
    pages = [page(("a", True)), page(("A ", True), query=Side("Red  MUG!")), page(("a", True), instruction="other")]
    found = graded(*pages)
    assert [(one.instruction, one.query.text) for one in found.examples] == [("", "red mug"), ("other", "red mug")]


def test_a_log_without_clicks_is_refused():
    with pytest.raises(InvalidInput, match="nothing in the log was clicked"):
        graded(page(("a", False)))


@pytest.mark.parametrize(
    "options", [{"eta": -1}, {"eta": float("nan")}, {"floor": 0}, {"floor": 2}, {"full": 0}, {"unclicked_after": 0}]
)
def test_settings_out_of_range_are_refused(options):
    with pytest.raises(InvalidInput):
        Clicking(**options)


def simulated(seed: int) -> tuple[list[Page], dict[tuple[str, str], float]]:
    """Users who look by position and click by relevance, at rankings that put good documents low, and vary a little."""
    chance = random.Random(seed)
    relevance, pages = {}, []
    for query in (f"query {number}" for number in range(20)):
        documents = {f"document {number}": chance.random() ** 2 for number in range(10)}
        relevance |= {(query, name): value for name, value in documents.items()}
        order = sorted(documents, key=lambda name: documents[name] + chance.gauss(0, 0.4))  # worst first
        for _ in range(300):
            shuffled = sorted(order, key=lambda name: order.index(name) + chance.gauss(0, 1.0))
            shown = [(name, chance.random() < documents[name] / place) for place, name in enumerate(shuffled, start=1)]
            pages.append(page(*shown, query=Side(query)))
    return pages, relevance


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_grades_order_by_relevance_where_plain_click_rates_do_not(seed):
    pages, relevance = simulated(seed)
    found = {(one.query.text, one.document.text): one.score for one in graded(*pages).examples}
    plain = click_rates(pages)
    assert len(found) == len(plain) == 200
    agreement, plain_agreement = (kendall(relevance, one) for one in (found, plain))
    assert agreement > 0.8
    assert agreement > plain_agreement + 0.1


def click_rates(pages: list[Page]) -> dict[tuple[str, str], float]:
    clicks, times = Counter(), Counter()
    for one in pages:
        for shown in one.shown:
            pair = (one.query.text, shown.document.text)
            times[pair] += 1
            clicks[pair] += shown.clicked
    return {pair: clicks[pair] / times[pair] for pair in times}


def kendall(relevance: dict[tuple[str, str], float], grade: dict[tuple[str, str], float]) -> float:
    """Kendall's tau, mean over queries."""
    queries: dict[str, list[tuple[float, float]]] = {}
    for pair, value in grade.items():
        queries.setdefault(pair[0], []).append((relevance[pair], value))
    return sum(kendalltau(*zip(*pairs, strict=True)).statistic for pairs in queries.values()) / len(queries)


def test_grades_tell_how_well_a_document_answers():
    pages, relevance = simulated(7)
    found = {(one.query.text, one.document.text): one.score for one in graded(*pages, full=1.0).examples}
    errors = [abs(relevance[pair] - grade) for pair, grade in found.items()]
    assert sum(errors) / len(errors) < 0.06
