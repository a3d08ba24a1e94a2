"""What the tab `instructions` does when two of them are compared: one query, judged under each. Knows no layout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr
from gradio.blocks import Block

from api.page.complaints import Complaint
from api.page.events import Updates
from api.page.instructions.drawing import SIDES, progress_html, side_cards, verdict_html
from api.page.pictures import uploaded
from api.page.running import Done, follow
from api.page.shell import Shell
from api.page.visit import Visit
from content import Content
from reranker.instructions import resolve
from search.answer import Answer
from search.comparison import compare
from search.engine import SearchEngine
from search.intake import Given
from search.patience import Patience
from search.underway import Underway

KIND: Final = "instructions"

State = tuple[Underway | Answer, Underway | Answer | None]
"""How far A is, and B, which begins when A is done."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """hits: the lists of A and of B."""

    shell: Shell
    collection: gr.Dropdown
    stopping: gr.Button
    progress: gr.HTML
    verdict: gr.HTML
    hits: tuple[gr.HTML, gr.HTML]

    def collections(self, visit: Visit, chosen: str | None) -> Iterator[Updates]:
        """The collections that can be searched by now."""
        names = [name for name, _ in self.shell.service.library.at_home()]
        value = chosen if chosen in names else next(iter(names), None)
        yield {self.collection: gr.update(choices=names, value=value)}

    def run(
        self,
        visit: Visit,
        text: str,
        picture: str | None,
        collection: str | None,
        candidates: float,
        first: str | None,
        second: str | None,
    ) -> Iterator[Updates]:
        """Shows each side's hits as they are judged, and at the end what differs."""
        query = self._query(text, picture)
        tasks = (resolve(first, query), resolve(second, query))
        if tasks[0] == tasks[1]:
            raise Complaint("instructions.same")
        engine = self.shell.service.engine(collection)
        if engine.reranker is None:
            raise Complaint("instructions.no_judge")
        yield {self.verdict: "", self.stopping: gr.update(interactive=True), **{side: [] for side in self.hits}}
        with self.shell.runs.begun(visit.session, KIND) as patience:
            asked = _Asked(engine, query, int(candidates), tasks, patience)
            for news in follow(asked.both):
                if not isinstance(news, Done):
                    yield self._underway(visit, news, engine.collection.name)
                else:
                    yield self._compared(visit, tasks, news.result, engine.collection.name)

    def ended(self) -> Updates:
        """Nothing is on its way any more."""
        return {self.progress: "", self.stopping: gr.update(interactive=False)}

    def stop(self, visit: Visit) -> Iterator[Updates]:
        self.shell.runs.stop(visit.session, KIND)
        yield {}

    def _query(self, text: str, picture: str | None) -> Content:
        service = self.shell.service
        if not text.strip() and picture is None:
            raise Complaint("error.empty_query")
        image = None if picture is None else uploaded(picture, largest=service.settings.max_image_bytes)
        return service.intake.query(Given(text if text.strip() else None, image))

    def _underway(self, visit: Visit, state: State, collection: str) -> Updates:
        shown: dict[Block, Any] = {
            place: side_cards(visit, collection, side.hits if isinstance(side, Answer) else side.hits())
            for place, side in zip(self.hits, state, strict=True)
            if side is not None
        }
        return {self.progress: progress_html(visit, state), **shown}

    def _compared(
        self, visit: Visit, tasks: tuple[str, str], answers: tuple[Answer, Answer], collection: str
    ) -> Updates:
        if not any(answer.hits for answer in answers):
            raise Complaint("instructions.nothing_found")
        found = compare(*answers)
        shown: dict[Block, Any] = {
            place: side_cards(visit, collection, answer.hits, found.changes, side)
            for place, answer, side in zip(self.hits, answers, SIDES, strict=True)
        }
        return {self.verdict: verdict_html(visit, tasks, answers, found), **shown}


@dataclass(frozen=True, slots=True)
class _Asked:
    engine: SearchEngine
    query: Content
    candidates: int
    tasks: tuple[str, str]
    patience: Patience

    def both(self, tell: Callable[[State], None]) -> tuple[Answer, Answer]:
        first, second = self.tasks
        one = self._under(first, lambda now: tell((now, None)))
        return one, self._under(second, lambda now: tell((one, now)))

    def _under(self, task: str, watch: Callable[[Underway], None]) -> Answer:
        return self.engine.search(
            self.query,
            candidates=self.candidates,
            top_k=self.engine.most_hits(self.candidates),
            instruction=task,
            patience=self.patience,
            watch=watch,
        )
