"""What the tab `search` does: searches that are watched and may be stopped, and cuts of what they found. Knows no
layout."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import gradio as gr
from gradio.blocks import Block

from api.page.cards import Card, cards_value
from api.page.code import code_html
from api.page.complaints import Complaint
from api.page.events import Updates
from api.page.pictures import uploaded
from api.page.running import Done, Replaced, follow
from api.page.search.card import Cards
from api.page.search.live import LiveCuts
from api.page.search.query_chip import query_chip
from api.page.search.state import Found, over_html, progress_html, waiting_html
from api.page.search.wish import Wish, read_cuts, read_wish
from api.page.shell import Shell
from api.page.visit import Visit
from content import Content
from content.errors import Cancelled, LycheeError
from reranker.instructions import resolve
from search.answer import Answer, lead
from search.engine import SearchEngine
from search.intake import Given, Stored
from search.patience import Patience
from search.service import Service
from search.underway import Underway

KIND = "search"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a search changes. found: keeps the last `Found`. like: keeps what is searched by in place of the form's text
    and picture; chip: shows it."""

    text: gr.Textbox
    picture: gr.Image
    like: gr.State
    chip: gr.HTML
    stop: gr.Button
    state: gr.HTML
    hits: gr.HTML
    code: gr.HTML
    found: gr.State

    @property
    def all(self) -> list[Block]:
        return [
            self.text, self.picture, self.like, self.chip, self.stop, self.state, self.hits, self.code, self.found,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Searching:
    shell: Shell
    parts: Parts
    live: LiveCuts = field(default_factory=LiveCuts)

    def search(self, visit: Visit, *form: object) -> Iterator[Updates]:
        """By what is in the form, whose values are those of `read_wish`. Shows stage 1's hits, and then each state on
        the way to the final order."""
        wish = read_wish(*form)
        yield from self._searched(visit, wish, {} if wish.like else self._by(visit, None, None))

    def ask(self, visit: Visit, act: str, key: str, *form: object) -> Iterator[Updates]:
        """By an example's text (act `ask`) or by an item of the chosen collection (`like`)."""
        if act == "ask":
            wish = replace(read_wish(*form), text=key, picture=None, like=None)
            filled: Updates = {self.parts.text: key, self.parts.picture: None}
            yield from self._searched(visit, wish, {**filled, **self._by(visit, None, None)})
        else:
            yield from self._like(visit, key, read_wish(*form).collection, form)

    def more(self, visit: Visit, act: str, key: str, found: object, *form: object) -> Iterator[Updates]:
        """By one of the hits that are shown."""
        yield from self._like(visit, key, found.collection if isinstance(found, Found) else None, form)

    def unlike(self, visit: Visit, act: str, key: str) -> Iterator[Updates]:
        yield self._by(visit, None, None)

    def stop(self, visit: Visit) -> Iterator[Updates]:
        self.shell.runs.stop(visit.session, KIND)
        yield {}

    def cut(self, visit: Visit, top_k: object, threshold: object, found: object) -> Iterator[Updates]:
        """Shows more or less of what was found, without another search; one that runs goes on with these cuts."""
        cuts = read_cuts(top_k, threshold)
        if not self.live.change(visit.session, cuts) and isinstance(found, Found):
            yield self._over(visit, found.with_cuts(cuts))

    def _like(self, visit: Visit, item_id: str, collection: str | None, form: Sequence[object]) -> Iterator[Updates]:
        name = collection or self.shell.settings.collection
        like = Stored(item_id, name)
        with self.shell.service.library.looked_at(name) as opened:
            (item,) = opened.get([item_id])
        wish = replace(read_wish(*form), text="", picture=None, like=like)
        emptied: Updates = {self.parts.text: "", self.parts.picture: None, self.parts.like: like}
        chip = cards_value([query_chip(visit, item, like)] if item is not None else [])
        yield from self._searched(visit, wish, {**emptied, self.parts.chip: chip})

    def _by(self, visit: Visit, like: Stored | None, chip: Card | None) -> Updates:
        return {self.parts.like: like, self.parts.chip: cards_value([chip] if chip else [])}

    def _searched(self, visit: Visit, wish: Wish, first: Updates) -> Iterator[Updates]:
        """first: what changes before anything is found."""
        service = self.shell.service
        query = _query(service, wish)
        engine = service.engine(wish.collection)
        task = resolve(wish.instruction, query, wish.target)
        wish = wish.of_server(engine.collection.name, judges=engine.reranker is not None)
        news: Underway | None = None
        try:
            with (
                self.shell.runs.begun(visit.session, KIND) as patience,
                self.live.begun(visit.session, wish.cuts) as live,
            ):
                yield {**first, self.parts.state: waiting_html(visit), self.parts.stop: gr.update(interactive=True)}
                for told in follow(_search(engine, query, wish, patience)):
                    if isinstance(told, Done):
                        answer = told.result
                        patience.check()  # or what a newer search shows would be overwritten
                    else:
                        news = told
                        yield self._underway(visit, engine, news, wish.with_cuts(live.cuts))
            wish = wish.with_cuts(live.cuts)
            fields = None if answer.hits or wish.wanted is None else tuple(engine.collection.fields())
            yield self._over(visit, Found(wish, engine.collection.name, task, answer, len(answer.hits), fields))
        except Replaced:
            raise
        except LycheeError as error:
            yield self._given_up(visit, engine, wish, task, news)
            if not isinstance(error, Cancelled) or news is None:
                raise

    def _underway(self, visit: Visit, engine: SearchEngine, news: Underway, wish: Wish) -> Updates:
        cards = Cards(visit, engine.collection.name, reranked=news.reranked, over=False)
        hits = news.hits(wish.cuts.threshold)[: wish.cuts.top_k]
        return {
            self.parts.hits: cards_value(map(cards.card, hits)),
            self.parts.state: progress_html(visit, news) if news.total else "",
        }

    def _given_up(self, visit: Visit, engine: SearchEngine, wish: Wish, task: str, news: Underway | None) -> Updates:
        """What there is when a search ends before its end."""
        if news is None:
            return {self.parts.state: "", self.parts.stop: gr.update(interactive=False)}
        answer = news.answer(engine.reranker.name if engine.reranker else engine.encoder.name)
        return self._over(visit, Found(wish, engine.collection.name, task, answer, len(news.judgements)))

    def _over(self, visit: Visit, found: Found) -> Updates:
        shown = found.shown
        cards = Cards(visit, found.collection, reranked=shown.reranked, over=True)
        leading = lead(found.answer.hits)
        fold = f'<details class="fold code-fold"><summary>{escape(visit.say("search.code"))}</summary>'
        code = code_html(self.shell, visit, "/v1/search", found.wish.body())
        return {
            self.parts.hits: cards_value(cards.card(hit, leading if hit.rank == 1 else None) for hit in shown.hits),
            self.parts.state: over_html(visit, found),
            self.parts.code: f"{fold}{code}</details>",
            self.parts.found: found,
            self.parts.stop: gr.update(interactive=False),
        }


def _query(service: Service, wish: Wish) -> Content:
    """Raises Complaint where there is nothing to search by, and as `Intake.query` does."""
    if wish.like is not None:
        return service.intake.query(wish.like)
    if not wish.text and wish.picture is None:
        raise Complaint("error.empty_query")
    image = None if wish.picture is None else uploaded(wish.picture, largest=service.settings.max_image_bytes)
    return service.intake.query(Given(wish.text or None, image))


def _search(
    engine: SearchEngine, query: Content, wish: Wish, patience: Patience
) -> Callable[[Callable[[Underway], None]], Answer]:
    """The work: with all its hits, so that they can be cut later."""

    def work(tell: Callable[[Underway], None]) -> Answer:
        return engine.search(
            query,
            target=wish.target,
            candidates=wish.candidates,
            top_k=engine.most_hits(wish.candidates, rerank=wish.rerank),
            instruction=wish.instruction,
            wanted=wish.wanted,
            rerank=wish.rerank,
            patience=patience,
            watch=tell,
        )

    return work
