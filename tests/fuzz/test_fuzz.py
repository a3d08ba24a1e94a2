"""A small part of `python -m fuzz.run`, and that the harness would notice what it looks for."""

import random

import pytest
from fuzz import run, targets
from fuzz.mutations import mutated
from fuzz.run import SLOWEST, fuzz, input_of
from fuzz.targets import TARGETS, outcome, routes_with_body

from api.app import create_app
from content.images import load_image
from search.settings import Settings

INPUTS = 2000
# A string that is no picture is a valid one all the same, and a body may be meant for a server that does more.
REFUSED = ("NotAnImage", "UrlRefused", "InvalidInput", "wrong for all routes")


def test_nothing_that_is_sent_does_anything_but_succeed_or_be_refused():
    report = fuzz(seed=0, numbers=range(INPUTS))

    assert report.failed == []
    assert sum(report.counts.values()) == INPUTS
    assert report.slowest[0] < SLOWEST
    for target in TARGETS:  # else nothing but the first check would have been tried
        outcomes = {result for name, result in report.counts if name == target.name}
        assert len(outcomes) >= 2, target.name


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_it_starts_from_is_valid(target):
    outcomes = [outcome(target, seed) for seed in target.seeds()]
    assert set(outcomes) <= {"a picture", "bytes", "text", "mixed", "right for a route", *REFUSED}
    if target.name in ("image", "look"):
        assert set(outcomes) == {"a picture"}
    if target.name == "body":
        assert outcomes.count("right for a route") > len(outcomes) / 2


def test_bodies_are_read_as_those_of_every_route_that_has_one():
    operations = [
        operation
        for methods in create_app(Settings()).openapi()["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    ]
    assert len(routes_with_body()) == len(operations) > 6


def test_every_format_of_the_loader_is_among_the_seeds():
    from io import BytesIO

    from PIL import Image

    from content.images import _FORMATS

    load_image(TARGETS[0].seeds()[0])  # sets Pillow up
    formats = {Image.open(BytesIO(data)).format for data in TARGETS[0].seeds()}
    assert formats >= set(_FORMATS) - {"HEIF"}
    assert formats & {"HEIF", "HEIC"}


def test_an_input_is_the_same_again_and_differs_from_others():
    assert input_of(1, 7) == input_of(1, 7)
    assert len({input_of(1, number)[1] for number in range(50)}) > 40
    assert len({mutated([b"abc" * 20], random.Random(number)) for number in range(50)}) > 25


def test_it_notices_an_error_that_is_none_of_ours(monkeypatch):
    broken = targets.Target("broken", lambda: [b"x"], lambda data: str(1 // 0))
    monkeypatch.setattr(run, "input_of", lambda seed, number: (broken, b"x"))
    assert [number for number, _ in fuzz(0, range(3)).failed] == [0, 1, 2]


def test_it_notices_an_input_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(run, "SLOWEST", -1.0)
    assert len(fuzz(0, range(3)).failed) == 3
