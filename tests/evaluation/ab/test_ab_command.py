"""`lychee ab` as its user runs it, with judges whose orders are known; once with the demo's own."""

import json

import pytest
from support.two_judges import mugs

from search.cli.main import run as lychee


@pytest.mark.parametrize("word", [[], ["run"]])
def test_the_better_judge_is_named_whether_or_not_the_word_run_is_written(word, judges, write, capsys):
    new, old = str(write("new.jsonl", mugs())), str(write("old.jsonl", mugs(3)))
    assert lychee(["ab", *word, "backwards", "toy", "--data", new, "--guard", old, "--gate"]) == 0
    shown = capsys.readouterr().out
    assert "toy is better on new.jsonl: nDCG@10" in shown
    assert "on old.jsonl it loses nothing" in shown
    assert "for the better 8, for the worse 0. It is right for 0 with BASE, for 8 with TUNED." in shown


def test_options_may_come_first(judges, write, capsys):
    new = str(write("new.jsonl", mugs()))
    assert lychee(["ab", "--data", new, "--gate", "backwards", "toy"]) == 0


def test_the_gate_is_shut_for_the_worse_and_open_where_none_was_asked_for(judges, write, capsys):
    new = str(write("new.jsonl", mugs()))
    assert lychee(["ab", "toy", "backwards", "--data", new, "--gate"]) == 1
    assert lychee(["ab", "toy", "backwards", "--data", new]) == 0


def test_json_has_the_figures_and_the_verdict(judges, write, capsys):
    new = str(write("new.jsonl", mugs()))
    assert lychee(["ab", "backwards", "toy", "--data", new, "--measure", "MRR", "--measure", "hit@1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["base"]["name"], answer["tuned"]["name"], answer["better"]) == ("backwards", "toy", True)
    [section] = answer["sections"]
    assert [figure["name"] for figure in section["figures"]] == ["MRR", "hit@1"]
    assert section["figures"][0]["change"]["difference"] == pytest.approx(1 - 1 / 3)
    assert section["top"]["relative"] is None
    assert (section["queries"], section["candidates"], section["standing"]) == (8, 24, "better")


def test_an_instruction_takes_the_place_of_the_files_own(judges, write, capsys):
    asked = []
    for name in ("toy", "backwards"):
        asked.append(judges[name]())
        judges[name] = lambda one=asked[-1]: one
    path = str(write("new.jsonl", mugs(2)))
    assert lychee(["ab", "backwards", "toy", "--data", path, "--instruction", "Find it"]) == 0
    assert [one.instructions for one in asked] == [["Find it"] * 2] * 2


def test_one_model_twice_is_told(judges, write, capsys):
    assert lychee(["ab", "toy", "toy", "--data", str(write("new.jsonl", mugs()))]) == 0
    assert "are the same model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["backwards"], "Missing argument 'TUNED'"),
        (["backwards", "toy"], "name a file of examples with --data"),
        (["backwards", "toy", "--data", "nowhere.jsonl"], "there is no file nowhere.jsonl"),
        (["none", "toy", "--data", "DATA"], "BASE is none; name two rerankers"),
        (["backwards", "./nowhere", "--data", "DATA"], "TUNED: there is no folder ./nowhere"),
        (["backwards", "toy", "--data", "DATA", "--measure", "bleu"], "'bleu' is no measure"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(arguments, said, judges, write, capsys):
    data = str(write("new.jsonl", mugs(1)))
    assert lychee(["ab", *(data if one == "DATA" else one for one in arguments)]) == 2
    assert said in capsys.readouterr().err


def test_a_model_may_be_called_as_a_command_is(judges, write, capsys):
    judges["sheet"] = judges["toy"]
    assert lychee(["ab", "run", "sheet", "backwards", "--data", str(write("new.jsonl", mugs()))]) == 0


def test_a_name_that_steers_a_terminal_is_shown_harmless(judges, write, capsys):
    path = write("new\x1b[31m.jsonl", mugs())
    assert lychee(["ab", "backwards", "toy", "--data", str(path)]) == 0
    assert "\x1b[31m" not in capsys.readouterr().out


@pytest.mark.slow
def test_the_demo_judge_orders_pictures_better_than_one_with_its_weights_shaken(shaken_judge, catalogue_file, capsys):
    assert lychee(["ab", str(shaken_judge), "demo", "--data", str(catalogue_file), "--gate", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sections"][0]["figures"][0]["change"]["p"] < 0.05
    assert answer["tuned"]["name"] == "demo"
