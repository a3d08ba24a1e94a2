"""The tab `collections`: its components, and what they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
_LOOK = Path(__file__).parents[1] / "look"


@dataclass(frozen=True, slots=True)
class CollectionsTab:
    """What the tab can do, with the components that it is done by."""

    managing: Managing
    indexing: Indexing
    browsing: Browsing
    create: gr.Button
    ocr: gr.Checkbox
    close: gr.Button


def build(shell: Shell, opened: gr.Tab) -> None:
    """Puts the tab's components into the tab that is open, and listens to them."""
    tab = layout(shell)
    _listen_to_collections(tab, opened)
    _listen_to_files(tab)
    _listen_to_items(tab)


def layout(shell: Shell) -> CollectionsTab:
    """The components, which nobody listens to yet."""
    notice = notice_place("collections-notice")
    with gr.Row(elem_id="collections"):
        with gr.Column(scale=3, min_width=300, elem_id="collections-there"):
            cards = card_list("collections-list", label("collections.list"))
            new_name, create = _new()
        with gr.Column(scale=2, min_width=300, elem_id="collections-form"):
            form = _come_to("collections-form-place")
            # Not one dropdown that takes names of its own: Gradio's opens by itself when such a name becomes a choice.
            target = gr.Dropdown([("", NEW)], value=NEW, label=label("collections.into"), elem_id="collections-target")
            target_name = _name("collections-target-name", "collections.target_name")
            files = sent_files_input(label("collections.files"), "collections-files")
            ocr = gr.Checkbox(label=label("collections.ocr"), elem_id="collections-ocr")
            with gr.Row():
                start = gr.Button(label("collections.index"), variant="primary", elem_id="collections-start")
                stop = gr.Button(label("page.stop"), elem_id="collections-stop", visible=False)
            refused = notice_place("collections-form-notice")
            progress = gr.HTML("", elem_id="collections-progress", js_on_load=None)
            report = gr.HTML("", elem_id="collections-report", js_on_load=None)
    asked, reported = (gr.State(None, time_to_live=_KEPT_S) for _ in range(2))
    waiting, writes = gr.Timer(1, active=False), (create, start)
    managing = Managing(
        shell, cards, asked, target, target_name, form, new_name, notice, waiting, report, reported, writes
    )
    indexing = Indexing(shell, managing, refused, files, start, stop, progress)
    browsing, close = _browsing(shell, managing)
    return CollectionsTab(managing, indexing, browsing, create, ocr, close)


def _come_to(elem_id: str) -> gr.HTML:
    """What comes into view when it holds another `data-place`."""
    return gr.HTML("", elem_id=elem_id, js_on_load=(_LOOK / "to_place.js").read_text("utf-8"))


def _new() -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="collections-new"):
        name = _name("collections-name", "collections.new_name")
        create = gr.Button(label("collections.create"), elem_id="collections-create", scale=1, min_width=100)
    return name, create


def _name(elem_id: str, key: str) -> gr.Textbox:
    return gr.Textbox(label=label(key), elem_id=elem_id, max_length=64, lines=1, scale=3)


def _browsing(shell: Shell, managing: Managing) -> tuple[Browsing, gr.Button]:
    with gr.Column(visible=False, elem_id="collections-browse") as area:
        with gr.Row(elem_id="collections-pages"):
            heading = _come_to("collections-place")
            previous, following, close = (
                gr.Button(label(f"collections.{name}"), elem_id=f"collections-{name}", min_width=90, size="sm")
                for name in ("previous", "next", "close")
            )
        notice = notice_place("collections-items-notice")
        with gr.Column(elem_classes="card-grid"):
            cards = card_list("collections-items", label("collections.contents"))
    place = gr.State(None, time_to_live=_KEPT_S)
    return Browsing(shell, managing, notice, place, area, heading, cards, previous, following), close


def _listen_to_collections(tab: CollectionsTab, opened: gr.Tab) -> None:
    managing, browsing = tab.managing, tab.browsing
    notice, listed, target = managing.notice, managing.listed, managing.target
    refreshed = [*listed, managing.waiting, *managing.writes]
    on([opened.select, managing.waiting.tick], managing.refresh, [target], refreshed, notice)
    on([target.input], managing.chosen, [target], [managing.target_name], notice)
    created = [tab.create.click, managing.new_name.submit]
    on(created, managing.create, [managing.new_name, target], [*listed, managing.new_name], notice)

    def acted(
        visit: Visit,
        act: str,
        name: str,
        asked: str | None,
        target: str | None,
        reported: str | None,
        place: Place | None,
    ) -> Iterator[Updates]:
        yield from managing.act(visit, act, name, asked, target, reported)
        yield from browsing.browse(visit, act, name, place)

    known = [managing.asked, target, managing.reported, browsing.place]
    changed = [*listed, managing.form, managing.report, managing.reported, *browsing.shown]
    on([managing.cards.act], acted, known, changed, notice, act=True)


def _listen_to_files(tab: CollectionsTab) -> None:
    managing, indexing = tab.managing, tab.indexing
    given = [managing.target, managing.target_name, indexing.files, tab.ocr]
    shown = [*managing.listed, *indexing.shown]
    on([indexing.start.click], indexing.index, given, shown, indexing.notice, at_end=indexing.ended)
    on([indexing.stop.click], indexing.halt, [], [indexing.stop], indexing.notice)


def _listen_to_items(tab: CollectionsTab) -> None:
    browsing, notice = tab.browsing, tab.browsing.notice
    on([browsing.previous.click], browsing.back, [browsing.place], browsing.shown, notice)
    on([browsing.next.click], browsing.forward, [browsing.place], browsing.shown, notice)
    on([tab.close.click], browsing.close, [], browsing.shown, notice)
    known, changed = [tab.managing.target, browsing.place], [*browsing.shown, *tab.managing.listed]
    on([browsing.cards.act], browsing.act, known, changed, notice, act=True)
