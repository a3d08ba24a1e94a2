"""What the tab `instructions` does while somebody writes one: templates, their parts, and where the text goes. Knows no
layout."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from html import escape
from typing import Any, Final

import gradio as gr
from gradio.blocks import Block

from api.page.complaints import Complaint
from api.page.events import Updates
from api.page.visit import Visit
from reranker.instructions import named
from reranker.templates import Answers, Parts, Scenario, compose, template, templates

SENTENCE: Final = "sentence"
ALL_PARTS: Final = "all_parts"


def names_in(scenario: Scenario) -> list[str]:
    """The templates of a scenario, in their order."""
    return [each.name for each in templates() if each.scenario == scenario]


def scenarios() -> list[Scenario]:
    return list(dict.fromkeys(each.scenario for each in templates()))


@dataclass(frozen=True, slots=True)
class Writing:
    """answers: what the server's judge answers. much: `SENTENCE` or `ALL_PARTS`. parts: role, task, standard and
    output."""

    answers: Answers
    template: gr.Radio
    variant: gr.Radio
    much: gr.Radio
    about: gr.HTML
    parts: tuple[gr.Textbox, gr.Textbox, gr.Textbox, gr.Textbox]
    composed: gr.Textbox
    length: gr.HTML

    def choose_scenario(self, visit: Visit, scenario: Scenario) -> Iterator[Updates]:
        """Its templates, and the first of them."""
        names = names_in(scenario)
        choices = [(visit.say(f"template.{name}"), name) for name in names]
        shown = self._shown(visit, names[0], "plain")
        yield {self.template: gr.update(choices=choices, value=names[0]), self.variant: "plain", **shown}

    def choose(self, visit: Visit, name: str, variant: str) -> Iterator[Updates]:
        """Its parts; how strict it is says more than its task, so then all of them are taken."""
        more: dict[Block, Any] = {self.much: ALL_PARTS} if variant in ("strict", "lenient") else {}
        yield {**more, **self._shown(visit, name, variant)}

    def take_all(self, visit: Visit) -> Iterator[Updates]:
        """Somebody wrote in a part other than the task."""
        yield {self.much: ALL_PARTS}

    def compose(self, visit: Visit, much: str, *parts: str) -> Iterator[Updates]:
        """The text of the parts, and how long it is."""
        role, task, standard, output = (part or "" for part in parts)
        text = compose(Parts(task=task) if much == SENTENCE else Parts(role, task, standard, output))
        count, name = f"{len(text):,}", named(text)
        key = "instructions.characters" if name == text else "instructions.named"
        yield {self.composed: text, self.length: escape(visit.say(key, count=count, name=name))}

    def _shown(self, visit: Visit, name: str, variant: str) -> Updates:
        parts = astuple(template(name, self.answers).parts(variant))
        about = visit.say(f"template.{name}.about")
        return {self.about: escape(about), **dict(zip(self.parts, parts, strict=True))}


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes an instruction to another input, in the tab of this name if it is not this one."""

    target: gr.Dropdown
    tabs: gr.Tabs
    tab: str | None = None

    @property
    def outputs(self) -> list[Block]:
        return [self.target, self.tabs, *self._folds()]

    def take(self, visit: Visit, text: str) -> Iterator[Updates]:
        """Goes where it is, and unfolds what it lies in: nobody is to wonder where it went."""
        if not text.strip():
            raise Complaint("instructions.empty")
        there: dict[Block, Any] = {fold: gr.update(open=True) for fold in self._folds()}
        if self.tab is not None:
            there[self.tabs] = gr.update(selected=self.tab)
        yield {self.target: named(text), **there}

    def _folds(self) -> Iterator[gr.Accordion]:
        around = self.target.parent
        while around is not None:
            if isinstance(around, gr.Accordion):
                yield around
            around = around.parent
