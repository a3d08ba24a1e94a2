"""What the tab `rerank` does: rankings that are watched, stopped, cut and taken away. Knows no layout."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from api.page.code import PictureFile, code_html
from api.page.complaints import Complaint, sentence
from api.page.events import Updates
from api.page.pictures import uploaded
from api.page.rerank.documents import Brought, Split, brought
from api.page.rerank.export import as_csv, as_json
from api.page.rerank.files import Uploaded
from api.page.rerank.judged import Judged, Thumbnails, kept, short_enough
from api.page.rerank.shown import progress_html, ranking_html
from api.page.running import Done, follow
from api.page.shell import Shell
from api.page.visit import Visit
from content import Content
from content.errors import InvalidInput
from search.intake import Given
from search.patience import Patience
from search.service import Service

KIND = "rerank"
SHOWN_AT_FIRST = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """done: documents that are judged. total: 0 while the documents are still read. since: `time.monotonic` when the
    first was given to the judge."""

    done: int = 0
    total: int = 0
    since: float = 0.0

    @property
    def remaining_s(self) -> float | None:
        if not self.done:
            return None
        return (time.monotonic() - self.since) * (self.total - self.done) / self.done


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds."""

    instruction: str | None
    text: str
    picture: str | None
    lines: str
    split: Split
    files: Sequence[Uploaded]


@dataclass(frozen=True, slots=True)
class Reranking:
    """courier: brings files to the browser."""

    shell: Shell
    progress: gr.HTML
    result: gr.HTML
    threshold: gr.Slider
    top_k: gr.Slider
    code: gr.HTML
    courier: gr.HTML
    stopping: gr.Button
    state: gr.State

    def rerank(
        self,
        visit: Visit,
        instruction: str | None,
        text: str,
        picture: str | None,
        lines: str,
        split: Split,
        files: Sequence[Uploaded],
        threshold: float,
        top_k: int,
        former: Judged | None,
    ) -> Iterator[Updates]:
        """Shows how far it is, and then the ranking."""
        service = self.shell.service
        asked = Asked(instruction or None, text, picture, lines, split, files)
        if not text.strip() and picture is None:
            raise Complaint("error.empty_query")
        with self.shell.runs.begun(visit.session, KIND) as patience:
            yield {
                self.result: "",
                self.state: None,
                self.stopping: gr.update(interactive=True),
                **self._on_the_way(visit, Progress()),
            }
            for news in follow(partial(_judged, service, visit, asked, patience)):
                if isinstance(news, Done):
                    yield self._come(visit, news.result, threshold, _kept_top_k(top_k, former, news.result))
                else:
                    yield self._on_the_way(visit, news)

    def stop(self, visit: Visit) -> Iterator[Updates]:
        self.shell.runs.stop(visit.session, KIND)
        yield {}

    def cut(self, visit: Visit, threshold: float, top_k: int, judged: Judged | None) -> Iterator[Updates]:
        """Shows as much of the ranking as the sliders leave; nothing is judged anew."""
        yield self._cut(visit, _there(judged), threshold, top_k)

    def take(
        self, visit: Visit, act: str, key: str, threshold: float, top_k: int, judged: Judged | None
    ) -> Iterator[Updates]:
        """Sends the ranking, as it is shown, to be saved as a file. act: `csv` or `json`."""
        judged = _there(judged)
        ranking = judged.ranking.cut(threshold, int(top_k))
        write, media_type = {"csv": (as_csv, "text/csv"), "json": (as_json, "application/json")}[act]
        told = {"name": f"rerank.{act}", "type": f"{media_type};charset=utf-8", "text": write(judged, ranking)}
        yield {self.courier: {**told, "number": time.monotonic_ns()}}

    def at_end(self) -> Updates:
        return {self.progress: "", self.stopping: gr.update(interactive=False)}

    def _on_the_way(self, visit: Visit, progress: Progress) -> dict[Any, Any]:
        return {self.progress: progress_html(visit, progress.done, progress.total, progress.remaining_s)}

    def _come(self, visit: Visit, judged: Judged, threshold: float, top_k: int) -> Updates:
        total = len(judged.documents)
        return {
            **self._cut(visit, judged, threshold, top_k),
            self.state: judged,
            self.top_k: gr.update(maximum=max(2, total), value=top_k),
        }

    def _cut(self, visit: Visit, judged: Judged, threshold: float, top_k: int) -> Updates:
        if len(judged.documents) == 1:  # whose judgement is shown whatever it is
            threshold, top_k = 0.0, 1
        ranking = judged.ranking.cut(threshold, int(top_k))
        cuts = {
            "score_threshold": threshold or None,
            "top_k": int(top_k) if top_k < len(judged.documents) else None,
        }
        return {
            self.result: ranking_html(visit, judged, ranking, threshold),
            self.code: _code(self.shell, visit, judged, {name: cut for name, cut in cuts.items() if cut is not None}),
        }


def _there(judged: Judged | None) -> Judged:
    if judged is None:
        raise Complaint("rerank.forgotten")
    return judged


def _kept_top_k(top_k: int, former: Judged | None, judged: Judged) -> int:
    """What the visitor chose stays; where they chose to see all, all is shown again."""
    chosen = former is not None and top_k < len(former.documents)
    return min(int(top_k) if chosen else SHOWN_AT_FIRST, len(judged.documents))


def _judged(
    service: Service, visit: Visit, asked: Asked, patience: Patience, tell: Callable[[Progress], None]
) -> Judged:
    documents = brought(asked.lines, asked.split, asked.files, service.settings)
    query = _query(service, visit, asked)
    patience.check()
    since, thumbnails = time.monotonic(), Thumbnails()
    tell(Progress(0, len(documents), since))
    ranking = service.rerank(
        query,
        [document.seen_by(partial(thumbnails.see, place)) for place, document in enumerate(documents)],
        instruction=asked.instruction,
        patience=patience,
        watch=lambda done: tell(Progress(done, len(documents), since)),
    )
    seconds = time.monotonic() - since
    model = "" if service.reranker is None else service.reranker.name
    return Judged(kept(documents, thumbnails), ranking, model, seconds, _body(asked, documents))


def _query(service: Service, visit: Visit, asked: Asked) -> Content:
    """Raises Complaint, which says that it was the query, for one that cannot be read."""
    try:
        picture = None if asked.picture is None else uploaded(asked.picture, largest=service.settings.max_image_bytes)
        return service.intake.query(Given(asked.text or None, picture))
    except InvalidInput as error:
        raise Complaint("rerank.bad_query", reason=sentence(error, visit.language)) from error


def _body(asked: Asked, documents: Sequence[Brought]) -> dict[str, Any]:
    query: dict[str, Any] = {"text": asked.text} if asked.text.strip() else {}
    if asked.picture is not None:
        query["image"] = PictureFile(asked.picture.replace("\\", "/").rpartition("/")[2])
    return {
        **({"instruction": asked.instruction} if asked.instruction and asked.instruction.strip() else {}),
        "query": query["text"] if query.keys() == {"text"} else query,
        "documents": short_enough(documents),
    }


def _code(shell: Shell, visit: Visit, judged: Judged, cuts: dict[str, Any]) -> str:
    shown, total = len(judged.body["documents"]), len(judged.documents)
    if not shown:
        return f'<p class="muted">{visit.say("rerank.code_none")}</p>'
    note = visit.say("rerank.code_short", shown=shown, total=total) if shown < total else ""
    return (f'<p class="muted">{note}</p>' if note else "") + code_html(
        shell, visit, "/rerank_batch", {**judged.body, **cuts}
    )
