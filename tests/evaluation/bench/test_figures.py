"""What the rounds come to: ratios, floors and differences, on figures that a reader can check."""

import time

import numpy as np
import pytest

from content import Content
from evaluation.bench.concurrency import Latency, Load, Sharing, _latency, _sharing
from evaluation.bench.corpus import Task
from evaluation.bench.floor import Lengths, Needed, floor_seconds, mean_rate
from evaluation.bench.operations import Operations
from evaluation.bench.peak import Peak
from evaluation.bench.rerank import Spread, figures
from evaluation.bench.shape import Linear
from evaluation.bench.sides import COLD, PEER, PLAIN, WARM, Side
from evaluation.bench.timing import Rounds, Run

SMALL, LARGE = Linear(1, 5), Linear(10, 10)  # 10 and 200 operations a row
COLD_NEEDS = Operations({SMALL: 10, LARGE: 20}, attention=820)  # 100 + 4,000
WARM_NEEDS = Operations({LARGE: 10}, attention=400)  # 2,000
SLOW = {SMALL: 100.0, LARGE: 1000.0}  # a second and four for cold: 820 a second on average
FAST = {SMALL: 200.0, LARGE: 2000.0}
TASK = Task("T->T", tuple(Content(text=f"query {number}") for number in range(4)), (Content(text="document"),) * 10)


def rounds(name: str, seconds: list[float], score: float) -> Rounds:
    runs = tuple(Run(spent, processor=spent * spent, scores=(0.5, score)) for spent in seconds)
    return Rounds(Side(name, None, lambda: pytest.fail("nothing runs")), runs, {None: 9.0})


def figures_of(*, plain: list[float], peer: list[float] | None):
    sides = {
        COLD: rounds(COLD, [5.0, 20.0, 10.0], 0.6),
        WARM: rounds(WARM, [4.0, 4.0, 4.0], 0.9),
        PLAIN: rounds(PLAIN, plain, 0.7),
    }
    if peer is not None:
        sides[PEER] = rounds(PEER, peer, 0.7)
    found = figures(TASK, Lengths(100, (20,) * 10), Needed(COLD_NEEDS, WARM_NEEDS), sides, [SLOW, FAST, FAST])
    return found, {side.name: side for side in found.sides}


def test_ratios_are_the_time_of_the_quicker_baseline_by_that_of_this_pass_in_the_same_round():
    found, sides = figures_of(plain=[20.0, 20.0, 20.0], peer=[40.0, 40.0, 40.0])
    assert found.baseline == PLAIN
    assert sides[COLD].ratio == Spread(2.0, 1.0, 4.0)
    assert sides[COLD].processor_ratio == Spread(4.0, 1.0, 16.0)
    assert sides[WARM].ratio == Spread(5.0, 5.0, 5.0)
    assert sides[PLAIN].ratio is sides[PEER].ratio is None


def test_the_peer_is_the_baseline_where_it_is_the_quicker_and_the_plain_pass_where_there_is_no_peer():
    found, sides = figures_of(plain=[40.0, 40.0, 40.0], peer=[20.0, 20.0, 20.0])
    assert (found.baseline, sides[COLD].ratio) == (PEER, Spread(2.0, 1.0, 4.0))
    found, sides = figures_of(plain=[40.0, 40.0, 40.0], peer=None)
    assert (found.baseline, sides[COLD].ratio) == (PLAIN, Spread(4.0, 2.0, 8.0))


def test_differences_are_those_to_the_plain_pass_whoever_is_the_baseline():
    _, sides = figures_of(plain=[40.0, 40.0, 40.0], peer=[20.0, 20.0, 20.0])
    differences = {name: side.difference for name, side in sides.items()}
    assert differences == pytest.approx({COLD: 0.1, WARM: 0.2, PLAIN: 0.0, PEER: 0.0})


def test_the_rates_are_documents_and_tokens_of_whole_prompts_by_the_median():
    found, sides = figures_of(plain=[20.0, 20.0, 20.0], peer=None)
    assert (found.prefix_tokens, found.own_tokens) == (100, 200)
    assert sides[COLD].documents_per_s == pytest.approx(1.0)
    assert sides[COLD].prompt_tokens_per_s == pytest.approx(120.0)  # 10 x 100 + 200 in 10 s


def test_each_side_has_the_floor_of_what_it_must_compute_by_the_rates_of_the_round():
    _, sides = figures_of(plain=[20.0, 20.0, 20.0], peer=None)
    assert sides[COLD].floor == pytest.approx(3.0)  # of 6, 3 and 3
    assert sides[WARM].floor == pytest.approx(1.2)  # of 2.4, 1.2 and 1.2
    share = sides[COLD].floor_share
    assert (share.median, share.low, share.high) == pytest.approx((0.3, 0.15, 1.2))
    assert sides[PLAIN].floor is None


def test_attention_is_part_of_the_floor_at_the_mean_rate_of_the_matrices():
    assert mean_rate(COLD_NEEDS, SLOW) == pytest.approx(820)
    assert floor_seconds(COLD_NEEDS, SLOW) == pytest.approx(1 + 4 + 1)


def test_what_work_adds_is_its_peak_without_what_was_there_before():
    assert Peak(before=700, most=1000).added == 300


def test_sharing_is_the_throughput_of_many_by_that_of_one():
    assert Sharing(clients=(2.0, 4.0, 8.0), alone=(1.0, 1.0, 1.0)).ratio == 0.25


def test_waits_are_counted_in_batches_of_the_long_request():
    assert Latency(batch=0.5, waits=(1.0,) * 9 + (11.0,)).p95_in_batches == pytest.approx(13.0)  # between 1 and 11 s


class Answers:
    """A server that answers at once, and keeps who asked."""

    def __init__(self, until: int = 0) -> None:
        """until: the long request takes as long as so many short ones."""
        self.asked: list[tuple[str, int]] = []
        self._until = until

    def answer(self, query, documents):
        self.asked.append((query.text, len(documents)))
        return 0.0

    def answer_by_steps(self, query, documents):
        while len(self.asked) < self._until:
            time.sleep(0.001)
        return [1.0]


def test_clients_and_the_one_request_begin_by_turns_and_ask_the_same(corpus):
    server = Answers()
    found = _sharing(server, corpus, Load("T->T", 1, 2, clients=2, each=3, rounds=2), lambda _said: None)
    assert [documents for _, documents in server.asked] == [3, 3, 6, 6, 3, 3, 3, 3, 6]
    assert len({query for query, _ in server.asked}) == 9
    assert len(found.clients) == len(found.alone) == 2


def test_a_long_request_may_outlast_any_number_of_short_ones_and_no_query_is_made_before_it_is_sent(
    corpus, monkeypatch
):
    made = 0
    text = corpus.text

    def counted(tokens, random):
        nonlocal made
        made += 1
        return text(tokens, random)

    monkeypatch.setattr(corpus, "text", counted)
    server = Answers(until=300)
    load = Load("T->T", 5, requests=2, clients=1, each=1, rounds=1)
    found = _latency(server, corpus, load, np.random.default_rng(0), lambda _said: None)
    assert len(found.waits) == len(server.asked) >= 300
    assert made == 5 + 1 + len(server.asked)  # the long one's documents and query
