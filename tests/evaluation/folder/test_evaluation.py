"""Both stages on a small folder whose figures a reader can work out in the head."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.beir import CORPUS, QRELS, QUERIES, changed, write_folder
from support.toy_encoder import ToyEncoder
from support.toy_reranker import ToyReranker

from content import Content
from content.errors import InvalidInput
from evaluation.conditions import conditions
from evaluation.folder.evaluation import Plan, Watcher, chosen, depths, evaluate
from evaluation.folder.folder import BeirFolder
from evaluation.folder.indexed import Recall
from evaluation.folder.run import Task
from evaluation.quality import file
from evaluation.quality.figures import compare
from evaluation.quality.result import Evaluation
from evaluation.runs.trec import TrecRun
from reranker.protocol import Judgement

CONDITIONS = conditions("cpu", "fp32", {})


class CountingReranker(ToyReranker):
    def __init__(self, fail_at: int | None = None) -> None:
        super().__init__()
        self.texts: list[str | None] = []
        self.fail_at = fail_at

    def score(self, instruction: str | None, query: Content, documents: Sequence[Content]) -> list[Judgement]:
        if self.fail_at is not None and len(self.texts) >= self.fail_at:
            raise KeyboardInterrupt
        self.texts += [getattr(one, "text", None) for one in documents]
        return super().score(instruction, query, documents)


def run(folder: Path, judge: ToyReranker | None = None, encoder: ToyEncoder | None = None, **plan) -> Evaluation:
    with BeirFolder(folder) as opened:
        made = Plan(work=folder / ".lychee", **plan)
        stage1 = None if made.given else encoder or ToyEncoder()
        return evaluate(opened, stage1, judge or CountingReranker(), made, CONDITIONS, Watcher())[0]


def scores(evaluation: Evaluation) -> dict[str, dict[str, float | None]]:
    return {one.id: {found.id: found.score for found in one.candidates} for one in evaluation.answered}


def test_candidates_are_recalled_and_judged_and_the_figures_are_what_they_are(make):
    evaluation = run(make())
    assert (evaluation.title, evaluation.documents, evaluation.depths) == ("folder", 4, (4,))
    assert scores(evaluation)["q1"] == {"mug/red": 1.0, "mug/blue": 0.5, "square": 0.5, "both": 0.0}
    assert {one.id: dict(one.grades) for one in evaluation.answered}["q1"] == {"mug/red": 2, "square": 1}
    stage2 = compare(evaluation.systems, evaluation.qrels, ["hit@1", "MRR", "recall@4"])[1]
    assert {name: each.mean for name, each in stage2.estimates.items()} == {"hit@1": 1, "MRR": 1, "recall@4": 1}
    assert all(one.recall_ms > 0 and one.rerank_ms > 0 for one in evaluation.answered)


def test_the_result_is_in_the_work_folder_and_reads_back_as_it_was(make):
    folder = make()
    evaluation = run(folder)
    assert file.read(folder / ".lychee" / "evaluation.json") == evaluation


def test_a_run_that_is_repeated_judges_nothing_and_finds_the_same(make):
    folder, again = make(), CountingReranker()
    first = run(folder)
    second = run(folder, again)
    assert again.texts == []
    assert scores(second) == scores(first)
    kept = [one.rerank_ms for one in first.answered]
    assert [one.rerank_ms for one in second.answered] == pytest.approx(kept, rel=0.5, abs=2)


def test_a_run_that_is_interrupted_goes_on_behind_what_it_judged(make):
    folder, stopped, judge = make(), CountingReranker(fail_at=4), CountingReranker()
    with pytest.raises(KeyboardInterrupt):
        run(folder, stopped)
    evaluation = run(folder, judge)
    assert len(stopped.texts) == 4
    assert len(judge.texts) == 4
    assert scores(evaluation) == scores(run(make(), recall=Recall(100)))


@pytest.mark.parametrize(
    ("parts", "plan", "asked"),
    [
        ({"corpus": changed(CORPUS, "mug/red", text="cup")}, {}, 2),
        ({"corpus": changed(CORPUS, "square", image="pictures/green.png")}, {}, 2),
        ({"queries": changed(QUERIES, "q1", text="red cup")}, {}, 4),
        ({"queries": changed(QUERIES, "q1", instruction="Find cups")}, {}, 4),
        ({}, {"task": Task("Find cups")}, 8),
        ({}, {"task": Task("image-search", "any")}, 8),
    ],
)
def test_only_what_has_changed_is_judged_again(make, parts, plan, asked):
    judge = CountingReranker()
    run(make())
    run(make(**parts), judge, **plan)
    assert len(judge.texts) == asked


def test_an_instruction_of_the_call_goes_before_those_of_the_queries(make):
    folder, judge = make(queries=changed(QUERIES, "q1", instruction="own")), CountingReranker()
    run(folder, judge)
    assert set(judge.instructions[:1]) == {"own"}
    assert judge.instructions[-1] != "own"
    judge = CountingReranker()
    assert run(folder, judge, task=Task("for all")).models.instruction == "for all"
    assert set(judge.instructions) == {"for all"}


def test_only_what_is_new_is_indexed_and_what_is_gone_is_found_no_more(make):
    run(make())
    encoder = ToyEncoder()
    rows = [row for row in CORPUS if row["_id"] != "mug/blue"] + [{"_id": "new", "text": "red mug with a handle"}]
    evaluation = run(make(corpus=rows), encoder=encoder)
    assert encoder.texts_encoded == 1 + len(QUERIES)
    assert scores(evaluation)["q1"].keys() == {"mug/red", "square", "both", "new"}


def test_what_cannot_be_read_is_counted_and_loses_nothing_else(make):
    corpus = [*CORPUS, {"_id": "lost", "text": "red", "image": "pictures/none.png"}]
    queries = [*QUERIES, {"_id": "q3", "image": "pictures/none.png"}]
    evaluation = run(make(corpus=corpus, queries=queries, qrels=f"{QRELS}q3\tsquare\t1\n"))
    assert scores(evaluation)["q3"] == {}
    assert "lost" not in scores(evaluation)["q1"]
    indexing, asking = evaluation.warnings
    assert indexing.startswith("1 documents cannot be read and are never found: corpus.jsonl:5: ")
    assert asking.startswith("1 queries cannot be asked")
    values = compare(evaluation.systems, evaluation.qrels, ["hit@1"])[1].values["hit@1"]
    assert values.tolist() == [1, 1, 0]  # it counts, as found nothing


def test_given_candidates_are_judged_without_an_index(make):
    folder, judge = make(), CountingReranker()
    given = TrecRun("bm25", {"q1": [("square", 9.0), ("nowhere", 8.0), ("mug/red", 7.0)], "other": [("both", 1.0)]})
    evaluation = run(folder, judge, given=given)
    assert scores(evaluation) == {"q1": {"square": 0.5, "nowhere": 0.0, "mug/red": 1.0}, "q2": {}}
    assert evaluation.answered[0].order() == ["square", "nowhere", "mug/red"]
    assert evaluation.answered[0].order(3) == ["mug/red", "square", "nowhere"]
    assert evaluation.models.encoder == "bm25"
    assert any("'nowhere'" in warning for warning in evaluation.warnings)
    assert not (folder / ".lychee" / "collections").exists()
    again = CountingReranker()
    run(folder, again, given=replace(given, tag="another"), recall=Recall(1))
    assert again.texts == []


def test_stage_1_alone_has_no_depths(make):
    with BeirFolder(make()) as opened:
        plan = Plan(opened.path / "work", Recall(2))
        evaluation, _ = evaluate(opened, ToyEncoder(), None, plan, CONDITIONS, Watcher())
    assert list(evaluation.systems) == ["stage 1"]
    assert {len(one.candidates) for one in evaluation.answered} == {2}
    assert evaluation.models.reranker is None


def test_few_documents_are_in_memory_at_once(make, monkeypatch):
    """However many candidates a query has: what is read ahead is bounded, and a document is let go when judged."""
    alive, most, lock = 0, 0, threading.Lock()

    class Counted(Content):
        __slots__ = ()

        def __del__(self):
            nonlocal alive
            with lock:
                alive -= 1

    def counted(folder: BeirFolder, id: str) -> Content:
        nonlocal alive, most
        with lock:
            alive += 1
            most = max(most, alive)
        return Counted(folder.corpus.row(id).words)

    class OneByOne(CountingReranker):
        def steps(self, instruction, query, documents):
            for place, document in enumerate(documents):
                judged = {place: self.score(instruction, query, [document])[0]}
                del document
                yield lambda judged=judged: judged

    monkeypatch.setattr(BeirFolder, "document", counted)
    rows = [{"_id": f"d{number}", "text": f"red {number}"} for number in range(300)]
    given = TrecRun("given", {"q1": [(row["_id"], -float(at)) for at, row in enumerate(rows)]})
    evaluation = run(make(corpus=rows), OneByOne(), given=given, recall=Recall(300))
    assert len(evaluation.answered[0].candidates) == 300
    assert 0 < most < 40


def test_progress_is_told(make):
    told: list[object] = []
    watcher = Watcher(
        lambda now: told.append(now.done), lambda count: told.append(f"{count} queries"), lambda: told.append("q")
    )
    with BeirFolder(make()) as opened:
        evaluate(opened, ToyEncoder(), ToyReranker(), Plan(opened.path / ".lychee"), CONDITIONS, watcher)
    assert told[-4:] == [4, "2 queries", "q", "q"]


def test_queries_are_taken_evenly_and_depths_end_with_the_candidates():
    assert chosen(list("abcdefghij"), 3) == ["a", "d", "g"]
    assert chosen(["a"], 5) == chosen(["a"], None) == ["a"]
    assert depths(100) == (10, 20, 50, 100)
    assert depths(30) == (10, 20, 30)
    assert depths(0) == ()


def test_a_corpus_of_which_nothing_can_be_indexed_is_refused(make):
    with pytest.raises(InvalidInput, match="can be searched; 1 documents cannot be read"):
        run(make(corpus=[{"_id": "a", "image": "pictures/none.png"}]))


def test_a_work_folder_that_cannot_be_made_is_named(make, tmp_path):
    (tmp_path / "file").write_text("")
    with BeirFolder(make()) as opened, pytest.raises(InvalidInput, match="cannot be made"):
        evaluate(opened, ToyEncoder(), None, Plan(tmp_path / "file" / "work"), CONDITIONS, Watcher())


def test_another_encoder_has_a_collection_of_its_own(make):
    folder = make()
    run(folder)
    run(folder, encoder=ToyEncoder(fingerprint="another"))
    assert len([one for one in (folder / ".lychee" / "collections").iterdir() if one.is_dir()]) == 2


def test_two_folders_may_share_nothing_of_their_work(tmp_path):
    one, other = write_folder(tmp_path / "one"), write_folder(tmp_path / "other", corpus=CORPUS[:1])
    assert len(scores(run(one))["q1"]) == 4
    assert len(scores(run(other))["q1"]) == 1
