"""Which judge the settings choose, and what a person sees of its loading and of its words."""

import io
import json
import time

import pytest
from rich.console import Console
from support.rating_checkpoint import write_rating_checkpoint
from support.table_reranker import add_texts
from support.toy_encoder import ToyEncoder

from content import Content
from indexer import Collection
from reranker import GenerativeReranker, LycheeReranker, rank
from reranker.documents import ranked_documents
from search import DeviceWorker, SearchEngine
from search.assembly import load_reranker
from search.cli import output
from search.cli.main import run
from search.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_rating_checkpoint(tmp_path_factory.mktemp("judges") / "rating")


def settings(folder, **more):
    return Settings(reranker=str(folder), device="cpu", dtype="fp32", **more)


def test_the_settings_choose_judge_and_quantisation(folder):
    judges = {
        (judge, quantization): load_reranker(settings(folder, judge=judge, quantization=quantization))
        for judge in ("yes-no", "rating")
        for quantization in ("none", "int8")
    }
    assert {type(judge) for (asked, _), judge in judges.items() if asked == "rating"} == {GenerativeReranker}
    assert {type(judge) for (asked, _), judge in judges.items() if asked == "yes-no"} == {LycheeReranker}
    assert len({judge.fingerprint for judge in judges.values()}) == 4
    assert {judge.name for judge in judges.values()} == {str(folder)}


def test_the_command_line_shows_what_was_written(folder, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    arguments = ["rerank", "red mug", "a red mug", "a bag", "--reranker", str(folder), "--judge", "rating", "--json"]

    code = run([*arguments, "--device", "cpu", "--dtype", "fp32", "--quantization", "int8"])

    out, err = capsys.readouterr()
    assert (code, [line for line in err.splitlines() if not line.startswith("low_discrimination")]) == (0, [])
    assert all(each["raw"].isdigit() and each["score"] == int(each["raw"]) / 10 for each in json.loads(out)["results"])


def test_a_search_shows_what_was_written(folder, tmp_path):
    encoder, worker = ToyEncoder(), DeviceWorker()
    with Collection.create(tmp_path / "toys", encoder) as collection:
        add_texts(collection, encoder, {"one": "red mug", "two": "blue bag"})
        judge = GenerativeReranker.from_pretrained(folder, device="cpu", dtype="fp32")
        hits = SearchEngine(collection, encoder, judge, worker).search("red").hits
    worker.close()
    assert len(hits) == 2
    assert all(hit.score == int(hit.raw) / 10 for hit in hits)


def test_a_ranked_document_keeps_what_was_written(folder):
    documents = [Content(text="a red mug"), Content(text="a bag")]
    judgements = GenerativeReranker.from_pretrained(folder, device="cpu", dtype="fp32").score(
        None, Content(text="red mug"), documents
    )
    ranked = ranked_documents(rank(judgements), documents, model="m", instruction="i")
    assert [one.raw for one in ranked] == [judgements[one.index].raw for one in ranked]


@pytest.fixture
def screen(monkeypatch):
    """What a terminal would show."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, highlight=False)
    monkeypatch.setattr(output, "stderr", lambda: console)
    return screen


def test_a_terminal_shows_how_far_the_loading_is(screen):
    deadline = time.monotonic() + 10
    with output.loading("the model") as progress:
        progress("quantising to int8 on cpu", 0.25)
        while "quantising to int8 on cpu" not in screen.getvalue() or "25%" not in screen.getvalue():
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_terminal_shows_what_the_model_takes(folder, screen):
    with output.loading("the model") as progress:
        load_reranker(settings(folder, quantization="int8"), progress=progress)

    last = screen.getvalue().splitlines()[-1]
    assert "the model takes" in last
    assert "MB on cpu" in last


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(output, "stderr", lambda: Console(file=screen))
    with output.loading("the model") as progress:
        progress("reading the weights", 0.5)
    assert screen.getvalue() == ""


@pytest.mark.parametrize(
    ("chosen", "steps"),
    [({}, 1), ({"reranker_batch_tokens": 64}, 7), ({"reranker_pass": "plain", "reranker_batch_size": 10}, 5)],
    ids=str,
)
def test_settings_choose_the_pass_and_bound_its_batches(chosen, steps):
    made = load_reranker(Settings(device="cpu", dtype="fp32", **chosen))
    documents = [Content(text=f"a mug {number:02}") for number in range(40)]
    assert len(list(made.steps(None, Content(text="a red mug"), documents))) == steps
