"""What the tab `search` does: searches that are watched and may be stopped. Knows no layout."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

import gradio as gr

from api.page.cards import Card, cards_value
from api.page.complaints import Complaint
from api.page.events import Updates
from api.page.pictures import uploaded
from api.page.running import Done, follow
from api.page.shell import Shell
from api.page.visit import Visit
from api.pictures import picture_url
from search.answer import Answer, Hit
from search.intake import Given
from search.underway import Underway

KIND = "search"


@dataclass(frozen=True, slots=True)
class Searching:
    shell: Shell
    progress: gr.HTML
    hits: gr.HTML

    def search(self, visit: Visit, text: str, picture: str | None) -> Iterator[Updates]:
        """Shows stage 1's hits, and then each state on the way to the final order."""
        service = self.shell.service
        if not text.strip() and picture is None:
            raise Complaint("error.empty_query")
        image = None if picture is None else uploaded(picture, largest=service.settings.max_image_bytes)
        query = service.intake.query(Given(text or None, image))
        engine = service.engine()
        with self.shell.runs.begun(visit.session, KIND) as patience:

            def work(tell: Callable[[Underway], None]) -> Answer:
                return engine.search(query, candidates=50, top_k=50, patience=patience, watch=tell)

            for news in follow(work):
                if isinstance(news, Done):
                    yield self._shown(news.result.hits, engine.collection.name, "")
                else:
                    told = f"{len(news.judgements)} / {news.total}"
                    yield self._shown(news.hits(), engine.collection.name, told)

    def stop(self, visit: Visit) -> Iterator[Updates]:
        self.shell.runs.stop(visit.session, KIND)
        yield {}

    def _shown(self, hits: Sequence[Hit], collection: str, progress: str) -> Updates:
        cards = [Card(hit.id, _card(hit, collection)) for hit in hits]
        return {self.hits: cards_value(cards), self.progress: escape(progress)}


def _card(hit: Hit, collection: str) -> str:
    image = f'<img src="{picture_url(collection, hit.id)}" alt="{escape(hit.text or hit.id)}">' if hit.has_image else ""
    return f"{image}<p>{hit.rank} {hit.score:.3f} {escape(hit.id)}</p>"
