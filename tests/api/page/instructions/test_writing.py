"""Writing an instruction: scenario, template, variant and parts, and where the text goes."""

import html

import gradio as gr
import pytest

from api.page.complaints import Complaint
from api.page.instruction import instruction_input
from api.page.instructions.writing import ALL_PARTS, SENTENCE, Taking, Writing, names_in, scenarios
from api.page.instructions.writing_form import writing_form
from api.page.visit import Visit
from api.page.words import say
from reranker.instructions import INSTRUCTIONS
from reranker.templates import template

ENGLISH = Visit("en", "session", "http://127.0.0.1")
CHINESE = Visit("zh", "session", "http://127.0.0.1")


@pytest.fixture
def writing(drawn) -> Writing:
    return drawn(
        lambda: Writing(
            "yes-no",
            gr.Radio(),
            gr.Radio(),
            gr.Radio(),
            gr.HTML(),
            (gr.Textbox(), gr.Textbox(), gr.Textbox(), gr.Textbox()),
            gr.Textbox(),
            gr.HTML(),
        )
    )


def only(updates) -> dict:
    (update,) = updates
    return dict(update)


def test_a_scenario_gives_its_templates_in_the_visitors_language(writing):
    update = only(writing.choose_scenario(CHINESE, "image"))
    assert update[writing.template]["choices"] == [
        ("以文搜图", "image-search"),
        ("以图搜文", "image-description"),
        ("相似图片", "image-similarity"),
        ("以图搜图文", "image-match"),
    ]
    assert update[writing.template]["value"] == "image-search"
    assert update[writing.variant] == "plain"
    assert update[writing.parts[1]] == INSTRUCTIONS["image-search"]


def test_every_template_can_be_reached_by_a_scenario():
    assert sorted(name for each in scenarios() for name in names_in(each)) == sorted(INSTRUCTIONS)


def test_a_variant_fills_the_four_parts(writing):
    for name in INSTRUCTIONS:
        for variant in ("plain", "strict", "lenient", "chinese"):
            update = only(writing.choose(ENGLISH, name, variant))
            parts = template(name).parts(variant)
            assert [update[box] for box in writing.parts] == [parts.role, parts.task, parts.standard, parts.output]
            assert html.unescape(update[writing.about]) == say("en", f"template.{name}.about")


def test_how_strict_it_is_takes_more_than_the_task(writing):
    assert only(writing.choose(ENGLISH, "legal", "strict"))[writing.much] == ALL_PARTS
    assert writing.much not in only(writing.choose(ENGLISH, "legal", "plain"))


def test_the_task_alone_is_known_by_its_name_and_all_parts_are_counted(writing):
    parts = ("You are a cook.", INSTRUCTIONS["web-search"], "It fits.", "")
    alone = only(writing.compose(ENGLISH, SENTENCE, *parts))
    assert alone[writing.composed] == INSTRUCTIONS["web-search"]
    assert alone[writing.length] == f"{len(INSTRUCTIONS['web-search'])} characters, known as web-search"
    whole = only(writing.compose(ENGLISH, ALL_PARTS, *parts))
    assert whole[writing.composed] == f"You are a cook. {INSTRUCTIONS['web-search']}. It fits."
    assert whole[writing.length] == f"{len(whole[writing.composed])} characters"


def test_an_instruction_is_taken_to_its_tab_and_what_hides_it_is_opened(drawn):
    def make():
        with gr.Tabs() as tabs, gr.Tab("Search", id="search"), gr.Accordion("Options", open=False) as options:
            return tabs, options, gr.Dropdown()

    tabs, options, there = drawn(make)
    search = Taking(there, tabs, "search")
    update = only(search.take(ENGLISH, INSTRUCTIONS["legal"]))
    assert set(update) <= set(search.outputs)
    assert update[there] == "legal"
    assert (update[tabs]["selected"], update[options]["open"]) == ("search", True)


def test_words_of_ones_own_are_taken_as_they_are_and_no_tab_is_left_for_one_that_is_open(drawn):
    here, tabs = drawn(lambda: (gr.Dropdown(), gr.Tabs()))
    assert only(Taking(here, tabs).take(ENGLISH, "Find saucers")) == {here: "Find saucers"}


def test_nothing_is_not_taken_anywhere(drawn):
    taking = drawn(lambda: Taking(gr.Dropdown(), gr.Tabs()))
    with pytest.raises(Complaint, match=r"instructions\.empty"):
        next(taking.take(ENGLISH, " \n"))


def test_the_form_begins_with_the_first_template_and_the_output_of_this_servers_judge(drawn):
    composed, buttons = drawn(lambda: writing_form("rating", gr.HTML()))
    boxes = {each.elem_id: each for each in composed.parent.children}
    assert composed.value == boxes["instructions-task"].value == INSTRUCTIONS["question-answering"]
    assert boxes["instructions-output"].value == template("question-answering", "rating").parts().output
    assert len(buttons) == 4


def test_the_choice_of_an_instruction_offers_every_name_and_takes_any_text(drawn):
    choice = drawn(lambda: instruction_input("choice"))
    assert [value for _, value in choice.choices] == ["", *(n for each in scenarios() for n in names_in(each))]
    assert choice.preprocess("Find saucers") == "Find saucers"
    assert choice.preprocess("legal") == "legal"
    assert choice.value == ""
