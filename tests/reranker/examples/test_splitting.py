"""Splitting examples: no query on two sides, balanced over instructions, the same every time."""

from collections import Counter

import pytest
from PIL import Image
from support.table_reranker import png

from content.errors import InvalidInput
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Side, grouped
from reranker.examples.sameness import normal
from reranker.examples.splitting import Sameness, clusters, split

SHARES = {"train": 0.8, "test": 0.2}


def example(query: str | Side, document: str = "d", *, instruction: str = "i", line: int = 0) -> Example:
    return Example(instruction, query if isinstance(query, Side) else Side(query), Side(document), 1.0, line)


@pytest.fixture
def sameness(tmp_path) -> Sameness:
    return Sameness(Contents(tmp_path))


def parted(examples, sameness, *, by="query", seed=0):
    return split(clusters(examples, sameness, by), SHARES, seed=seed)


@pytest.mark.parametrize(
    "other",
    ["red mug", " Red  MUG!", "ＲＥＤ ｍｕｇ", "red,mug", "red\tmug?"],
    ids=["same", "case", "width", "comma", "tab"],
)
def test_texts_alike_but_for_their_writing_are_the_same(other):
    assert normal(other) == normal("red mug")


@pytest.mark.parametrize("other", ["red mugs", "red", "redmug", "?", "红杯", "red mug++"])
def test_other_texts_are_not(other):
    assert normal(other) != normal("red mug")


@pytest.mark.parametrize(("one", "other"), [("C#", "C"), ("C++", "C"), ("50% wool", "50 wool"), ("€ 5", "$ 5")])
def test_signs_that_mean_something_tell_texts_apart(one, other):
    assert normal(one) != normal(other)


def test_vowel_signs_are_no_punctuation():
    assert normal("काम") != normal("कम")


def test_texts_of_punctuation_only_are_not_all_the_same():
    assert normal("?") != normal("!")


def test_a_query_is_in_one_part_however_it_is_written_and_under_whatever_instruction(sameness):
    examples = []
    for number in range(100):
        examples += [
            example(f"query number {number}", instruction="one"),
            example(f"Query  NUMBER {number}!", instruction="two"),
        ]
    parts = parted(examples, sameness)
    train, test = ({normal(one.query.text) for one in parts[name]} for name in ("train", "test"))
    assert (len(train), len(test), train & test) == (80, 20, set())


def test_queries_with_one_picture_stay_together_whatever_the_file_is_called(tmp_path, sameness):
    for name, colour in {"a": "red", "copy-of-a": "red", "b": "blue"}.items():
        (tmp_path / f"{name}.png").write_bytes(png(Image.new("RGB", (2, 2), colour)))
    sides = [Side("this in blue", "a.png"), Side(None, "copy-of-a.png"), Side("this in blue", "b.png")]
    found = clusters([example(side) for side in sides], sameness)
    assert [[group.query for group in cluster.groups] for cluster in found] == [sides[:2], sides[2:]]


def test_by_document_all_that_hangs_together_stays_together(sameness):
    chain = [example(f"q{number}", f"d{number // 2}") for number in (0, 1)]  # q0 and q1 share d0
    chain += [example("q1", "d5"), example("q2", "D5."), example("q3", "d6")]
    assert len(clusters(chain, sameness)) == 4
    by_document = clusters(chain, sameness, "document")
    assert [len(cluster.groups) for cluster in by_document] == [3, 1]


def test_parts_are_alike_in_their_instructions_also_in_rare_ones(sameness):
    examples = [example(f"{size} {n}", instruction=f"i{size}") for size in (50, 20, 10, 5) for n in range(size)]
    examples += [example(f"one-off {n}", instruction=f"one-off {n}") for n in range(20)]
    test = Counter(one.instruction for one in parted(examples, sameness)["test"])
    assert [test[f"i{size}"] for size in (50, 20, 10, 5)] == pytest.approx([10, 4, 2, 1], abs=1)
    assert sum(count for name, count in test.items() if "one-off" in name) == pytest.approx(4, abs=1)
    assert test.total() == 21


def test_large_and_small_sets_come_to_the_share_that_was_asked_for(sameness):
    examples = [example(f"q {size} {n}", f"d {size}") for size in (*[1] * 40, 10, 20, 30) for n in range(size)]
    parts = parted(examples, sameness, by="document")
    queries = {name: len(grouped(part)) for name, part in parts.items()}
    assert queries["test"] / sum(queries.values()) == pytest.approx(0.2, abs=0.06)


def test_a_seed_gives_the_same_parts_and_another_one_others(sameness):
    examples = [example(f"query {n}", line=n + 1) for n in range(60)]
    first, again, other = (parted(examples, sameness, seed=seed)["test"] for seed in (1, 1, 2))
    assert first == again != other
    assert [one.line for one in first] == sorted(one.line for one in first)


def test_too_few_queries_are_refused(sameness):
    with pytest.raises(InvalidInput, match=r"2 queries.*leave none for test"):
        parted([example("a"), example("b")], sameness)


def test_everything_in_one_set_is_refused(sameness):
    with pytest.raises(InvalidInput, match="30 queries, which can be parted into 1 sets"):
        parted([example(f"q{n}", "the same document") for n in range(30)], sameness, by="document")


def test_a_missing_query_picture_is_named_by_its_line(sameness):
    with pytest.raises(Exception, match=r"line 7: there is no file `gone.png`"):
        clusters([example(Side(None, "gone.png"), line=7)], sameness)
