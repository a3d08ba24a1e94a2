"""Labels are what OCR will read: endless and all different, drawn the same every time, and readable."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from demo.catalogue.label import labels
from demo.catalogue.sheet import KINDS, Sheet, lay_out
from demo.catalogue.vocabulary import COLOURS, COUNTS, SHAPES

SMALLEST = 20  # pixels; capitals of this size are 14 pixels high


@pytest.fixture(scope="module")
def many():
    return list(labels(3000, seed=1))


def sheet_of(label) -> Sheet:
    return lay_out(label.kind, label.lines, label.id)


def test_the_same_arguments_give_the_same_labels_and_pictures(many):
    again = list(labels(40, seed=1))
    assert again == many[:40]
    for one, other in zip(many[:6], again[:6], strict=True):
        assert one.picture().tobytes() == other.picture().tobytes()
    assert {label.printed for label in labels(40, seed=2)}.isdisjoint(label.printed for label in again)


def test_a_known_label_keeps_its_text_and_picture_across_processes():
    label = next(labels(1, seed=1))
    assert label.printed == KNOWN_TEXT
    assert np.asarray(label.picture()).mean() == pytest.approx(KNOWN_MEAN, abs=0.5)


KNOWN_TEXT = "70% OFF\nTANUKI\nCODE BY-3392\nuntil 2024-04-11"
KNOWN_MEAN = 112.6


def test_no_text_comes_twice_and_every_kind_comes(many):
    assert len({label.printed for label in many}) == len({label.id for label in many}) == 3000
    assert set(Counter(label.kind for label in many)) == set(KINDS)
    pictures = {label.picture().tobytes() for label in many[:60]}
    assert len(pictures) == 60


def test_texts_are_what_the_font_can_print_and_never_tell_a_scene(many):
    names = "|".join(noun.en for noun in SHAPES.values())
    numbers = "|".join(word.en for word in COUNTS.values())
    shown = Counter()
    for label in many:
        assert label.printed.isascii()
        assert 2 <= len(label.lines) <= 6
        for line in label.lines:
            assert not re.search(rf"\b(\d+|{numbers}) (\w+ )*({names})s?\b", line.lower())
        assert len(re.findall(rf"\b({names})s?\b", label.printed.lower())) <= 1
        shown += Counter(colour for colour in COLOURS if re.search(rf"\b{colour}\b", label.printed.lower()))
    assert set(shown) == set(COLOURS)


def test_every_line_lies_inside_the_picture_in_letters_large_enough_to_read(many):
    for label in many:
        sheet = sheet_of(label)
        assert " ".join(line.text for line in sheet.lines) == " ".join(label.lines)
        for line in sheet.lines:
            assert line.size >= SMALLEST
            assert line.x >= 8
            assert line.x + line.width <= sheet.width - 8
            assert all(4 <= at <= 220 for corner in sheet.corners(line) for at in corner)


def test_lines_stand_one_below_the_other(many):
    for label in many[:300]:
        lines = sheet_of(label).lines
        for one, other in pairwise(lines):
            if one.y != other.y:
                assert other.y - 0.75 * other.size > one.y + 0.22 * one.size


def test_ink_stands_out_from_the_paper_in_every_line(many):
    for label in many[:120]:
        light = np.asarray(label.picture().convert("L")).astype(int)
        sheet = sheet_of(label)
        for line in sheet.lines:
            xs, ys = zip(*sheet.corners(line), strict=True)
            box = light[round(min(ys)) : round(max(ys)), round(min(xs)) : round(max(xs))]
            dark, bright = np.percentile(box, (4, 96))
            assert bright - dark > 70, (label, line)


def test_another_text_is_another_picture_of_the_same_sheet(many):
    label = many[0]
    other = replace(label, lines=(*label.lines[:-1], label.lines[-1][::-1]))
    difference = np.abs(np.asarray(label.picture()).astype(int) - np.asarray(other.picture())).max(axis=2)
    inked = np.argwhere(difference > 60)
    ys = [y for _, y in sheet_of(label).corners(sheet_of(label).lines[-1])]
    assert len(inked) > 100
    assert min(ys) - 2 <= inked[:, 0].min() <= inked[:, 0].max() <= max(ys) + 2


def test_pictures_are_rgb_of_the_scenes_size(many):
    picture = many[0].picture()
    assert (picture.mode, picture.size) == ("RGB", (224, 224))


def test_metadata_names_what_is_printed(many):
    for label in many:
        facts = label.metadata
        assert facts["category"] == "label"
        assert facts["kind"] == label.kind
        if "brand" in facts:
            assert str(facts["brand"]).lower() in label.printed.lower()
        if "price" in facts and label.kind != "product label":
            assert f"{facts['price']:.2f}" in label.printed
        if "stock" in facts:
            assert 0 <= int(facts["stock"]) < 60
    assert {"brand", "price", "stock"} <= {name for label in many for name in label.metadata}
