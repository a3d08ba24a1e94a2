"""Which instruction ranks a labelled set best: what is measured, tested and said."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.error_line import one_error_line
from support.one_step import ScoresInSteps

import search.assembly
from content import Content, Document, Unreadable
from reranker.examples.example import Example, Side
from reranker.examples.file import write
from reranker.protocol import Judgement
from reranker.templates import compose, template
from search.cli.main import run

GOOD, BAD, SAME = (
    "Given a number, find the same number",
    "Given a number, find another",
    "Given a number, find its like",
)


class Obedient(ScoresInSteps):
    """Where the instruction says "another", it likes other numbers than the query's; else the same."""

    name = "obedient"
    fingerprint = "obedient"

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        return [self._judged(instruction or "", query, document) for document in documents]

    def _judged(self, instruction: str, query: Content, document: Document) -> Judgement:
        if isinstance(document, Unreadable):
            return Judgement(0.0, error=document.reason)
        return Judgement(0.9 if (document.text == query.text) != ("another" in instruction) else 0.1)


@pytest.fixture(autouse=True)
def obedient(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(search.assembly, "load_reranker", lambda settings, **_: Obedient())


@pytest.fixture
def lychee(capsys):
    def lychee(*arguments: str) -> tuple[int, str, str]:
        code = run(["instructions", "compare", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return lychee


def labelled(folder: Path, queries: int) -> str:
    rows = [
        Example(BAD, Side(str(query)), Side(str(query + more)), 0.0 if more else 1.0)
        for query in range(queries)
        for more in range(4)
    ]
    path = folder / "labelled.jsonl"
    write(path, rows)
    return str(path)


def test_the_best_stands_first_with_its_lead_tested_and_corrected(lychee, tmp_path):
    code, out, err = lychee(labelled(tmp_path, 20), "-i", BAD, "-i", GOOD, "-i", SAME, "--json")
    assert code == 0, err
    told = json.loads(out)
    best, second, last = told["instructions"]
    assert [one["label"] for one in (best, second, last)] == [GOOD, SAME, BAD]
    assert (best["mean"], second["mean"], last["mean"]) == pytest.approx((1.0, 1.0, 0.4307), abs=1e-4)
    assert best["against"] is None
    assert (second["against"]["difference"], second["p_corrected"]) == (0.0, 1.0)
    assert last["against"]["difference"] == pytest.approx(-0.5693, abs=1e-4)
    assert last["p_corrected"] == pytest.approx(2 * last["against"]["p"])
    assert last["p_corrected"] < 0.001
    assert told["verdict"] == (
        f"{GOOD} ranks better than {BAD}, by more than chance. The others do not differ from {GOOD} significantly."
    )


def test_where_nothing_differs_it_says_so(lychee, tmp_path):
    _, out, _ = lychee(labelled(tmp_path, 20), "-i", GOOD, "-i", SAME)
    assert "No difference is significant: by these 20 queries nobody can say which instruction is best." in out


def test_a_large_difference_over_few_queries_is_no_proof(lychee, tmp_path):
    _, out, _ = lychee(labelled(tmp_path, 4), "-i", GOOD, "-i", BAD)
    assert "No difference is significant" in out
    assert "So few queries cannot show a difference, however large; label more." in out


def test_against_the_first_given(lychee, tmp_path):
    _, out, _ = lychee(labelled(tmp_path, 20), "-i", BAD, "-i", GOOD, "-i", SAME, "--against", "first", "--json")
    told = json.loads(out)
    assert [one["against"] is None for one in told["instructions"]] == [False, False, True]
    assert told["verdict"] == f"{GOOD} and {SAME} rank better than {BAD}, by more than chance."


def test_templates_families_and_the_files_own_are_compared_each_text_once(lychee, tmp_path):
    options = ["--own", "-t", "legal:strict", "-i", "legal", "--family", "legal"]
    told = json.loads(lychee(labelled(tmp_path, 5), *options, "--json")[1])
    by_label = {one["label"]: one["instruction"] for one in told["instructions"]}
    assert by_label["the file's own"] is None
    assert by_label["legal"] == template("legal").text
    assert by_label["legal:strict"] == compose(template("legal").parts("strict"))
    assert "legal: root" not in by_label
    assert "legal: reworded 1" in by_label
    assert told["instructions"][-1]["label"] == "the file's own"


def test_queries_that_tell_nothing_and_documents_that_fail_are_told(lychee, tmp_path):
    path = Path(labelled(tmp_path, 6))
    rows = [Example("", Side("0"), Side(None, "gone.png"), 0.0), Example("", Side("x"), Side("y"), 1.0)]
    more = tmp_path / "more.jsonl"
    write(more, rows)
    path.write_text(path.read_text().replace(f'"{BAD}"', '""') + more.read_text())
    _, _, err = lychee(str(path), "-i", GOOD, "-i", BAD)
    assert "pass over 1 of 7 queries, whose documents all have one grade" in err
    assert "1 documents could not be judged" in err


def test_measures_are_taken_by_name(lychee, tmp_path):
    told = json.loads(lychee(labelled(tmp_path, 8), "-i", GOOD, "-i", BAD, "--measure", "hit@1", "--json")[1])
    assert [(one["mean"], set(one["per_query"])) for one in told["instructions"]] == [(1.0, {1.0}), (0.0, {0.0})]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-i", GOOD], "give two instructions or more"),
        (["-i", GOOD, "-i", f"{GOOD}"], "give two instructions or more"),
        (["-i", GOOD, "-i", " "], "this one is empty"),
        (["-t", "legal", "-t", "legal:rude"], "no variant 'rude'"),
        (["-t", "legal", "-t", "nothing"], "no template 'nothing'"),
        (["-i", GOOD, "-i", BAD, "--measure", "luck"], "'luck' is no measure"),
        (["-i", GOOD, "-i", BAD, "--reranker", "none"], "the reranker is none"),
    ],
)
def test_what_makes_no_sense_is_refused(lychee, tmp_path, options, said):
    code, out, err = lychee(labelled(tmp_path, 3), *options)
    assert (code, out) == (2, "")
    assert said in one_error_line(err)
