"""`lychee bench` as its user runs it, on a model that takes seconds."""

import json

import pytest

from evaluation.bench.cli.running import how
from evaluation.bench.encode import DEMO
from search.cli.main import run as lychee

TINY = ["--shape", "tiny", "--device", "cpu", "--threads", "1"]
RERANK = ["bench", "rerank", *TINY, "--documents", "4", "--rounds", "2", "--picture-tokens", "16", "--no-memory"]


@pytest.mark.slow
def test_all_sides_give_the_same_scores_and_are_compared_with_the_better_of_two(capsys):
    pytest.importorskip("sentence_transformers")
    assert lychee([*RERANK, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["conditions"]["versions"]["sentence-transformers"]
    assert found["conditions"]["threads"] == 1
    assert [pair["pair"] for pair in found["pairs"]] == ["T->T", "T->I", "I->T", "I->I"]
    for pair in found["pairs"]:
        sides = {side["name"]: side for side in pair["sides"]}
        assert list(sides) == ["cold", "warm", "plain", "CrossEncoder"]
        assert all(side["difference"] < 1e-5 for side in sides.values())
        assert all(len(side["seconds"]) == 2 and min(side["seconds"]) > 0 for side in sides.values())
        assert pair["baseline"] in ("plain", "CrossEncoder")
        assert set(sides["CrossEncoder"]["tried"]) == {"1", "8", "32"}
        assert str(sides["plain"]["batch_size"]) in sides["plain"]["tried"]
        for name in ("cold", "warm"):
            assert 0 < sides[name]["floor_share"]["median"] <= 1.5  # clocks of so small a thing are rough
            assert sides[name]["ratio"]["low"] <= sides[name]["ratio"]["median"] <= sides[name]["ratio"]["high"]
        with_pictures = pair["pair"].endswith("I")
        assert (pair["cold_gflop"] > pair["warm_gflop"]) is with_pictures
        assert pair["scores"][1] - pair["scores"][0] > 0.01


@pytest.mark.slow
def test_the_run_goes_on_without_the_peer_and_says_so_in_one_line(capsys, monkeypatch):
    monkeypatch.setattr("evaluation.bench.cross_encoder.installed", lambda: False)
    assert lychee([*RERANK, "--pair", "T->I", "--markdown"]) == 0
    shown = capsys.readouterr()
    assert "sentence-transformers is not installed" in shown.err
    assert "| T->I | plain, " in shown.out
    assert "CrossEncoder" not in shown.out
    assert "**The floor**" in shown.out
    assert "1 thread of" in shown.out


@pytest.mark.slow
def test_memory_is_measured_in_fresh_processes(capsys):
    arguments = [*TINY, "--documents", "3", "--documents", "12", "--cache-mb", "0"]
    assert lychee(["bench", "memory", *arguments, "--json"]) == 0
    peaks = json.loads(capsys.readouterr().out)["peaks"]
    assert list(peaks) == ["3", "12"]
    assert all(0 < peak["before"] <= peak["most"] for peak in peaks.values())


@pytest.mark.slow
def test_short_requests_are_timed_beside_a_long_one(capsys):
    load = ["--long", "40", "--requests", "3", "--clients", "2", "--each", "3", "--rounds", "1"]
    assert lychee(["bench", "concurrency", *TINY, *load]) == 0
    shown = capsys.readouterr().out
    assert "their latency, p95, in batches" in shown
    assert "throughput of 2 x 3 documents by 1 x 6" in shown


@pytest.mark.slow
def test_the_encoder_is_measured_beside_the_bare_forward(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/somewhere/lychee", "bench", "encode", "--encoder", str(DEMO)])
    assert lychee(["bench", "encode", "--images", "4", "--rounds", "1", "--threads", "1", "--encoder", str(DEMO)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["result"]["ratio"] > 0
    assert found["result"]["largest_difference"] < 1e-5
    assert found["conditions"]["options"]["encoder"] == "encoder"
    assert found["conditions"]["options"]["command"] == "lychee bench encode --encoder encoder"


@pytest.mark.parametrize("given", [["--encoder", "/home/me/my model"], ["--encoder=/home/me/my model"]])
def test_the_command_of_a_run_names_no_folder(monkeypatch, given):
    monkeypatch.setattr("sys.argv", ["/somewhere/lychee", "bench", "encode", *given, "--rounds", "3"])
    command = how({"/home/me/my model": "my model"})["command"]
    assert "/home" not in command
    assert command.startswith("lychee bench encode ")
    assert "my model" in command
    assert command.endswith(" --rounds 3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rerank", "--shape", "9b"], "--shape is one of tiny, mini, 3b, 7b, not '9b'"),
        (["rerank", "--pair", "T-"], "'T-' is no pair"),
        (["rerank", "--picture-tokens", "1296"], "--picture-tokens is a square number from 4 to 1280"),
        (["rerank", "--json", "--markdown"], "choose one of --json and --markdown"),
        (["memory", "--json", "--markdown"], "choose one of --json and --markdown"),
        (["concurrency", "--json", "--markdown"], "choose one of --json and --markdown"),
        (["rerank", *TINY, "--vocab", "7"], "--vocab is at least 1289"),
        (["encode", "nothing"], "'nothing' is none of encode, build, memory"),
        (["encode", "--picture", "320"], "--picture is WIDTHxHEIGHT"),
    ],
)
def test_nonsense_is_refused_in_one_line(capsys, arguments, said):
    assert lychee(["bench", *arguments]) == 2
    assert said in capsys.readouterr().err
