"""The tab `collections`: its components, and what they do."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from api.page.cards import card_list
from api.page.collections.browsing import Browsing, Place
from api.page.collections.files import sent_files_input
from api.page.collections.indexing import Indexing
from api.page.collections.managing import NEW, Managing
from api.page.events import Updates, notice_place, on
from api.page.shell import Shell
from api.page.visit import Visit
from api.page.words import label

_KEPT_S = 3600


@dataclass(frozen=True, slots=True)
class _Form:
    new_name: gr.Textbox
    create: gr.Button
    target: gr.Dropdown
    target_name: gr.Textbox
    files: gr.File
    ocr: gr.Checkbox
    start: gr.Button
    stop: gr.Button
    progress: gr.HTML
    report: gr.HTML


def build(shell: Shell, opened: gr.Tab) -> None:
    """Puts the tab's components into the tab that is open, and listens to them."""
    notice = notice_place("collections-notice")
    with gr.Row(elem_id="collections"):
        with gr.Column(scale=3, min_width=300, elem_id="collections-there"):
            cards = card_list("collections-list", label("collections.list"))
            new_name, create = _new()
        with gr.Column(scale=2, min_width=300, elem_id="collections-form"):
            form = _form(new_name, create)
    managing = Managing(
        shell, cards, gr.State(None, time_to_live=_KEPT_S), form.target, form.target_name, new_name, notice,
        gr.Timer(1, active=False), (form.create, form.start),
    )  # fmt: skip
    browsing = _browsing(shell, managing)
    indexing = Indexing(shell, managing, form.files, form.start, form.stop, form.progress, form.report)
    _listen(opened, form, managing, indexing, browsing)


def _new() -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="collections-new"):
        name = gr.Textbox(
            label=label("collections.new_name"),
            placeholder=label("collections.new_placeholder"),
            elem_id="collections-name",
            max_length=64,
            lines=1,
            scale=3,
        )
        create = gr.Button(label("collections.create"), elem_id="collections-create", scale=1, min_width=100)
    return name, create


def _form(new_name: gr.Textbox, create: gr.Button) -> _Form:
    # Not one dropdown that takes names of its own: Gradio's opens by itself when such a name becomes a choice.
    target = gr.Dropdown([("", NEW)], value=NEW, label=label("collections.into"), elem_id="collections-target")
    target_name = gr.Textbox(
        label=label("collections.target_name"), elem_id="collections-target-name", max_length=64, lines=1
    )
    files = sent_files_input(label("collections.files"), "collections-files")
    ocr = gr.Checkbox(label=label("collections.ocr"), elem_id="collections-ocr")
    with gr.Row():
        start = gr.Button(label("collections.index"), variant="primary", elem_id="collections-start")
        stop = gr.Button(label("page.stop"), elem_id="collections-stop", visible=False)
    progress = gr.HTML("", elem_id="collections-progress", js_on_load=None)
    report = gr.HTML("", elem_id="collections-report", js_on_load=None)
    return _Form(new_name, create, target, target_name, files, ocr, start, stop, progress, report)


def _browsing(shell: Shell, managing: Managing) -> Browsing:
    with gr.Column(visible=False, elem_id="collections-browse") as area:
        with gr.Row(elem_id="collections-pages"):
            heading = gr.HTML("", elem_id="collections-place", js_on_load=None)
            previous = gr.Button(label("collections.previous"), elem_id="collections-previous", min_width=90, size="sm")
            following = gr.Button(label("collections.next"), elem_id="collections-next", min_width=90, size="sm")
            close = gr.Button(label("collections.close"), elem_id="collections-close", min_width=90, size="sm")
        with gr.Column(elem_classes="card-grid"):
            cards = card_list("collections-items", label("collections.contents"))
    place = gr.State(None, time_to_live=_KEPT_S)
    browsing = Browsing(shell, managing, place, area, heading, cards, previous, following)
    notice, listed = managing.notice, managing.listed
    shown = [browsing.place, area, heading, cards, previous, following]
    on([previous.click], browsing.back, [browsing.place], shown, notice)
    on([following.click], browsing.forward, [browsing.place], shown, notice)
    on([close.click], browsing.close, [], shown, notice)
    on([cards.act], browsing.act, [managing.target, browsing.place], [*shown, *listed], notice, act=True)
    return browsing


def _listen(opened: gr.Tab, form: _Form, managing: Managing, indexing: Indexing, browsing: Browsing) -> None:
    notice = managing.notice
    listed = managing.listed
    shown = [
        *(browsing.place, browsing.area, browsing.heading),
        *(browsing.cards, browsing.previous, browsing.next),
    ]
    on(
        [opened.select, managing.waiting.tick],
        managing.refresh,
        [managing.target],
        [*listed, managing.waiting, *managing.writes],
        notice,
    )
    on([form.target.input], managing.chosen, [form.target], [form.target_name], notice)
    created = [form.create.click, form.new_name.submit]
    on(created, managing.create, [form.new_name, managing.target], [*listed, form.new_name], notice)

    def acted(
        visit: Visit, act: str, name: str, asked: str | None, target: str, place: Place | None
    ) -> Iterator[Updates]:
        yield from managing.act(visit, act, name, asked, target)
        yield from browsing.browse(visit, act, name, place)

    on(
        [managing.cards.act],
        acted,
        [managing.asked, managing.target, browsing.place],
        [*listed, *shown],
        notice,
        act=True,
    )
    on(
        [form.start.click],
        indexing.index,
        [form.target, form.target_name, form.files, form.ocr],
        [*listed, form.files, form.start, form.stop, form.progress, form.report],
        notice,
        at_end=indexing.ended,
    )
    on([form.stop.click], indexing.halt, [], [form.stop], notice)
