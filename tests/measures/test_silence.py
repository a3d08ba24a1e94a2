"""Silence counted by hand."""

from measures.silence import silence


def test_silence_is_the_share_of_queries_without_a_hit_above_half():
    assert silence([0.1, 0.5, 0.51, 0.9]).mean == 0.5


def test_silence_on_all_of_a_few_queries_is_not_certain():
    few, many = silence([0.2] * 10), silence([0.2] * 100)
    assert (few.mean, many.mean) == (1.0, 1.0)
    assert few.low < many.low < 1.0
