"""Templates: every name has one, their parts become one text by one rule, and the task alone is the sentence that
checkpoints know."""

import doctest
import re
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from content import Content
from content.errors import NotFound
from reranker.instructions import INSTRUCTIONS, resolve
from reranker.templates import VARIANTS, Parts, compose, template, templates

GUIDE = Path(__file__).parents[2] / "docs" / "instructions.md"


def test_the_guide_has_every_template_by_scenario_and_its_python_runs():
    rows = re.findall(r"^\| [a-z ]+ \| (`.*`) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    named = [re.findall("`(.*?)`", row) for row in rows]
    scenarios = list(dict.fromkeys(each.scenario for each in templates()))
    assert named == [[each.name for each in templates() if each.scenario == scenario] for scenario in scenarios]
    assert doctest.testfile(str(GUIDE), module_relative=False) == (0, 7)


def test_the_guide_shows_the_parts_of_a_template_as_they_are():
    examples = re.findall(r"^\| (?:role|task|standard|output) \|.*\| (.*) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert tuple(examples) == astuple(template("product-search").parts())


def test_every_named_instruction_has_a_template_in_one_scenario():
    assert sorted(each.name for each in templates()) == sorted(INSTRUCTIONS)


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
def test_the_task_alone_is_the_sentence_that_the_name_stands_for(each):
    task = Parts(task=each.parts().task)
    assert compose(task) == each.text == resolve(each.name, Content("a mug"))


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
@pytest.mark.parametrize("answers", ["yes-no", "rating"])
def test_every_variant_has_four_parts_and_is_a_text_of_its_own(each, answers):
    told = template(each.name, answers)
    assert tuple(variant.name for variant in told.variants) == VARIANTS
    assert all(part.strip() for variant in told.variants for part in astuple(variant.parts))
    assert len({compose(variant.parts) for variant in told.variants}) == len(VARIANTS)
    assert len({variant.parts.standard for variant in told.variants}) == len(VARIANTS)


def test_the_output_is_for_the_judge_that_is_asked():
    strict = [template("legal", answers).parts("strict") for answers in ("yes-no", "rating")]
    assert '"yes"' in strict[0].output
    assert '"yes"' not in strict[1].output
    assert replace(strict[0], output="") == replace(strict[1], output="")


def test_parts_become_sentences_in_one_line_in_their_order():
    parts = Parts("You sell mugs", "Given a photo,\n  find its saucer", "It matches if the  colours agree.", 'Say "no"')
    assert compose(parts) == (
        'You sell mugs. Given a photo, find its saucer. It matches if the colours agree. Say "no".'
    )


def test_a_part_that_is_empty_is_left_out_and_one_alone_is_taken_as_it_is():
    assert compose(Parts(role="  ", task=" Find saucers ")) == "Find saucers"
    assert compose(Parts(task="Find saucers", output="Answer yes or no?")) == "Find saucers. Answer yes or no?"
    assert compose(Parts()) == ""


def test_chinese_sentences_end_in_a_chinese_stop_without_a_space():
    parts = Parts("你是店员", "检索杯子。", "颜色一致即为匹配", "匹配时回答“yes”")
    assert compose(parts) == "你是店员。检索杯子。颜色一致即为匹配。匹配时回答“yes”。"
    assert compose(Parts("你是店员", "Find mugs")) == "你是店员。Find mugs."


def test_what_there_is_not_is_named():
    with pytest.raises(NotFound, match="no template 'mugs'"):
        template("mugs")
    with pytest.raises(NotFound, match="no variant 'loud'"):
        template("legal").parts("loud")
