"""The tab `search`: what is asked for, and what comes of it."""

from dataclasses import dataclass

import gradio as gr

from api.page.cards import card_list
from api.page.events import notice_place, on
from api.page.instruction import instruction_input
from api.page.pictures import picture_input
from api.page.search.choosing import Choosing
from api.page.search.run import Parts, Searching
from api.page.shell import Shell
from api.page.words import label
from search.settings import Settings

_KEPT_S = 3600  # what was found, for cuts of it


@dataclass(frozen=True, slots=True)
class SearchParts:
    """What other tabs set in this one."""

    instruction: gr.Dropdown
    collection: gr.Dropdown


@dataclass(frozen=True, slots=True)
class _Query:
    text: gr.Textbox
    picture: gr.Image
    chip: gr.HTML
    collection: gr.Dropdown
    start: gr.Button
    stop: gr.Button


@dataclass(frozen=True, slots=True)
class _Options:
    target: gr.Radio
    rerank: gr.Checkbox
    instruction: gr.Dropdown
    filter: gr.Textbox
    candidates: gr.Slider
    top_k: gr.Slider
    threshold: gr.Slider


def build(shell: Shell, opened: gr.Tab) -> SearchParts:
    """Puts the tab's components into the tab that is open, and listens to them."""
    query = _query()
    options = _options(shell.settings)
    examples = card_list("search-examples", label("search.examples"))
    notice = notice_place("search-notice")
    parts = Parts(
        text=query.text,
        picture=query.picture,
        like=gr.State(None, time_to_live=_KEPT_S),
        chip=query.chip,
        stop=query.stop,
        state=gr.HTML("", elem_id="search-state", js_on_load=None),
        hits=card_list("search-hits", label("search.hits")),
        code=gr.HTML("", elem_id="search-code", js_on_load=None),
        found=gr.State(None, time_to_live=_KEPT_S),
    )
    _listen(Searching(shell, parts), query, options, examples, notice)
    waiting = gr.Timer(1, active=False)
    choosing = Choosing(shell, query.collection, examples, options.filter, notice, waiting)
    shown = [query.collection, examples, options.filter, waiting]
    for triggers in ([], [opened.select, waiting.tick]):
        on(triggers, choosing.refresh, [query.collection], shown, notice)
    on([query.collection.input], choosing.chosen, [query.collection], [examples, options.filter], notice)
    return SearchParts(options.instruction, query.collection)


def _query() -> _Query:
    with gr.Column(elem_id="search-form"):
        text = gr.Textbox(
            label=label("search.text"),
            placeholder=label("search.placeholder"),
            elem_id="search-text",
            lines=1,
            max_lines=4,
            autofocus=True,
        )
        picture = picture_input(label("search.picture"), "search-picture")
        chip = card_list("search-like", label("search.liked_list"))
        with gr.Row(elem_id="search-actions"):
            start = gr.Button(label("search.start"), variant="primary", elem_id="search-start")
            stop = gr.Button(label("page.stop"), elem_id="search-stop", interactive=False)
            collection = gr.Dropdown(
                label=label("search.collection"), elem_id="search-collection", visible=False, allow_custom_value=True
            )
    return _Query(text, picture, chip, collection, start, stop)


def _options(settings: Settings) -> _Options:
    with gr.Accordion(label("search.options"), open=False, elem_id="search-options"):
        with gr.Row():
            targets = [(label(f"search.target_{each}"), each) for each in ("any", "image", "text")]
            target = gr.Radio(targets, value="any", label=label("search.target"), elem_id="search-target")
            rerank = gr.Checkbox(
                True, label=label("search.rerank"), info=label("search.rerank_hint"), elem_id="search-rerank"
            )
        with gr.Row():
            top_k = _slider("top_k", 1, 100, 10, 1)
            threshold = _slider("threshold", 0, 1, 0, 0.01)
            candidates = _slider("candidates", 1, 1000, settings.candidates, 1)
        with gr.Row():
            instruction = instruction_input("search-instruction")
            filter_ = gr.Textbox(
                label=label("search.filter"),
                info=label("search.filter_hint"),
                placeholder='{"price": {"$lt": 500}}',
                elem_id="search-filter",
                lines=2,
            )
    return _Options(target, rerank, instruction, filter_, candidates, top_k, threshold)


def _slider(name: str, least: float, most: float, value: float, step: float) -> gr.Slider:
    return gr.Slider(
        least,
        most,
        value,
        step=step,
        label=label(f"search.{name}"),
        info=label(f"search.{name}_hint"),
        elem_id=f"search-{name.replace('_', '-')}",
    )


def _listen(searching: Searching, query: _Query, options: _Options, examples: gr.HTML, notice: gr.HTML) -> None:
    parts = searching.parts
    form = [
        query.text, query.picture, parts.like, options.target, query.collection, options.candidates, options.top_k,
        options.threshold, options.filter, options.instruction, options.rerank,
    ]  # fmt: skip
    changed = parts.all
    on([query.text.submit, query.start.click], searching.search, form, changed, notice, again="multiple")
    on([examples.act], searching.ask, form, changed, notice, act=True, again="multiple")
    on([parts.hits.act], searching.more, [parts.found, *form], changed, notice, act=True, again="multiple")
    on([parts.chip.act], searching.unlike, [], [parts.like, parts.chip], notice, act=True)
    on([parts.stop.click], searching.stop, [], [], notice)
    cuts = [options.top_k, options.threshold, parts.found]
    shown = [parts.hits, parts.state, parts.code, parts.found, parts.stop]
    on([options.top_k.change, options.threshold.change], searching.cut, cuts, shown, notice)
