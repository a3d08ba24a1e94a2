"""No pair is judged twice, and none is given what was said of another."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from support.toy_reranker import ToyReranker

from content import Content, Unreadable
from content.errors import LycheeError
from evaluation.scores.cached import CachedReranker
from evaluation.scores.file import Kept, ScoreFile
from evaluation.scores.keys import content_key
from reranker.protocol import Judgement

QUERY = Content("red mug")
RED = Content(image=Image.new("RGB", (4, 4), (255, 0, 0)))
DOCUMENTS = [Content("a red mug"), Content("a bag"), RED]


class CountingReranker(ToyReranker):
    def __init__(self, fingerprint: str = "toy") -> None:
        super().__init__()
        self.fingerprint = fingerprint
        self.judged = 0

    def _judge(self, wanted, document):
        self.judged += 1
        return super()._judge(wanted, document)


@pytest.fixture
def scores(tmp_path):
    with ScoreFile(tmp_path / "work" / "scores.sqlite") as file:
        yield file


def asked_again(scores: ScoreFile, query=QUERY, documents=DOCUMENTS, instruction="find it", fingerprint="toy") -> int:
    """How many documents the model has to read again, once it has read all of them under "find it"."""
    CachedReranker(ToyReranker(), scores).score("find it", QUERY, DOCUMENTS)
    inner = CountingReranker(fingerprint)
    again = CachedReranker(inner, scores).score(instruction, query, documents)
    assert again == inner.score(instruction, query, documents)
    return inner.judged - len(documents)


def test_what_was_judged_once_is_not_judged_again(scores):
    assert asked_again(scores) == 0


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"instruction": "find something else"}, 3),
        ({"fingerprint": "another model"}, 3),
        ({"query": Content("blue mug")}, 3),
        ({"query": Content("red mug", Image.new("RGB", (4, 4)))}, 3),
        ({"documents": [Content("a red mug!"), *DOCUMENTS[1:]]}, 1),
        ({"documents": [*DOCUMENTS[:2], Content(image=Image.new("RGB", (4, 4), (254, 0, 0)))]}, 1),
        ({"documents": [*DOCUMENTS[:2], Content(image=Image.new("RGB", (8, 2), (255, 0, 0)))]}, 1),
        ({"documents": [replace(DOCUMENTS[0], focus=(0, 3)), *DOCUMENTS[1:]]}, 1),
        ({"documents": DOCUMENTS[::-1]}, 0),
    ],
)
def test_what_decides_a_score_is_a_part_of_the_key(scores, changed, asked):
    assert asked_again(scores, **changed) == asked


def test_a_name_of_an_instruction_and_its_text_are_one(scores):
    CachedReranker(ToyReranker(), scores).score("image-search", QUERY, DOCUMENTS)
    inner = CountingReranker()
    CachedReranker(inner, scores).score(
        "Given a text query, retrieve images that match the description", QUERY, DOCUMENTS
    )
    assert inner.judged == 0


def test_a_judgement_comes_back_as_it_was_made(scores):
    made = Judgement(0.1 + 0.2, (1.5, -2.25), 17, truncated=True, raw="8\0 of 10")
    scores.keep(b"r", {b"d": Kept(made, 1.25), b"e": Kept(Judgement(0.0, error="no memory"), 1.0)})
    assert scores.of(b"r") == {b"d": Kept(made, 1.25)}  # what failed is tried again
    assert scores.of(b"d") == {}


class OneByOne(CountingReranker):
    """A step for each document."""

    def steps(self, instruction, query, documents):
        for place, document in enumerate(documents):
            for step in super().steps(instruction, query, [document]):
                yield lambda step=step, place=place: {place: step()[0]}


def test_a_call_is_written_down_when_all_of_it_is_there_so_that_a_killed_one_is_begun_anew(scores):
    steps = list(CachedReranker(OneByOne(), scores).steps("find it", QUERY, DOCUMENTS))
    assert steps[2]().keys() == {2}
    assert steps[0]().keys() == {0}
    assert len(scores) == 0
    steps[1]()
    with ScoreFile(scores.path) as another:  # as another process would
        assert len(another) == 3


def test_steps_that_run_while_the_next_is_prepared_are_written_down_too(scores):
    judged = CachedReranker(OneByOne(), scores).score("find it", QUERY, DOCUMENTS)
    assert judged == ToyReranker().score("find it", QUERY, DOCUMENTS)
    assert len(scores) == 3


def test_the_unreadable_is_not_kept(scores):
    judge = CachedReranker(ToyReranker(), scores)
    (judged,) = judge.score(None, QUERY, [Unreadable("not a picture")])
    assert (judged.error, len(scores)) == ("not a picture", 0)


def test_parts_do_not_run_into_each_other():
    assert content_key(Content("ab")) != content_key(Content("a"))
    assert content_key(Content("x", RED.image)) != content_key(RED)


@pytest.mark.parametrize("foreign", [b"not a database, but long enough to look at " * 50, None])
def test_a_file_of_somebody_else_is_named_and_left_alone(tmp_path: Path, foreign):
    path = tmp_path / "scores.sqlite"
    if foreign is None:
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE theirs (a)")
        database.close()
    else:
        path.write_bytes(foreign)
    before = path.read_bytes()
    with pytest.raises(LycheeError, match=r"scores\.sqlite cannot be used"):
        ScoreFile(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "edit",
    [
        "score = 'high'",
        "score = 9e999",
        "score = -0.1",
        "score = 1.5",
        "score = x'00'",
        "yes = 9e999",
        "yes = 'no'",
        "no = NULL, yes = 1.0",
        "tokens = 'many'",
        "tokens = -1",
        "truncated = 'perhaps'",
        "raw = x'ff'",
        "ms = 'quick'",
        "ms = 9e999",
    ],
)
def test_rows_that_somebody_broke_are_judged_again(scores, edit):
    CachedReranker(ToyReranker(), scores).score("find it", QUERY, DOCUMENTS)
    with closing(sqlite3.connect(scores.path)) as other, other:
        other.execute(f"UPDATE judgements SET {edit}")
    assert asked_again(scores) == 0  # the first call there makes all of them anew


def test_text_that_is_none_is_told(scores):
    CachedReranker(ToyReranker(), scores).score("find it", QUERY, DOCUMENTS)
    with closing(sqlite3.connect(scores.path)) as other, other:
        other.execute("UPDATE judgements SET raw = CAST(x'ff' AS TEXT)")
    with pytest.raises(LycheeError, match=r"scores\.sqlite cannot be used"):
        asked_again(scores)


def test_a_file_that_another_process_writes_is_not_to_be_removed(scores, monkeypatch):
    monkeypatch.setattr("evaluation.scores.file._PATIENCE_S", 0.05)
    with closing(sqlite3.connect(scores.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ScoreFile(scores.path) as waiting, pytest.raises(LycheeError, match="another process") as told:
            waiting.keep(b"request", {b"document": Kept(Judgement(0.5), 1.0)})
    assert "remove" not in told.value.message
