"""What the tab `collections` does with files: it has them indexed, shows how far that is, and can stop it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import gradio as gr
from gradio.blocks import Block

from api.page.collections.managing import Managing
from api.page.collections.progress import progress_html, report_html
from api.page.collections.writing import check_may_write, named
from api.page.complaints import Complaint
from api.page.events import Updates, notice_html
from api.page.running import Done, follow
from api.page.shell import Shell
from api.page.visit import Visit
from indexer.build import Progress
from indexer.ocr import TextReader
from indexer.sources import SentFile, UploadSource
from indexer.sources.unpacking import ArchiveLimits
from search.assembly import load_text_reader
from search.indexing import Indexed

KIND: Final = "index"
_LONGEST_S: Final = 7 * 24 * 3600.0  # not a request's time: a library of pictures takes hours
_UNPACKED: Final = 4  # times as many bytes as an upload may have


class KeptReader:
    """The reader of text in pictures: loaded when it is first wanted, and kept."""

    def __init__(self, load: Callable[[], TextReader] = load_text_reader) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._reader: TextReader | None = None

    def get(self) -> TextReader:
        """Raises ModelError."""
        with self._lock:
            if self._reader is None:
                self._reader = self._load()
            return self._reader


@dataclass(frozen=True, slots=True)
class Indexing:
    shell: Shell
    managing: Managing
    notice: gr.HTML
    files: gr.File
    start: gr.Button
    stop: gr.Button
    progress: gr.HTML
    reader: KeptReader = field(default_factory=KeptReader)

    @property
    def report(self) -> gr.HTML:
        return self.managing.report

    @property
    def shown(self) -> list[Block]:
        """What `index` changes beside what is listed."""
        return [self.files, self.start, self.stop, self.progress, self.report, self.managing.reported]

    def index(
        self, visit: Visit, target: str | None, new_name: str, files: Sequence[SentFile], ocr: bool
    ) -> Iterator[Updates]:
        """Takes the files, and shows each state on the way until all of them are indexed or refused."""
        check_may_write(visit)
        if not (wanted := target or new_name.strip()):
            raise Complaint("collections.no_target")
        if not files:
            raise Complaint("collections.no_files")
        name = named(wanted)
        with self.shell.runs.begun(visit.session, KIND, seconds=_LONGEST_S) as patience:
            service = self.shell.service

            def work(tell: Callable[[Progress], None]) -> Indexed:
                # Here, not around `follow`: the visitor may leave while this still runs.
                limits = ArchiveLimits(bytes=_UNPACKED * service.settings.max_upload_bytes)
                images, below = service.settings.image_limits, self.shell.folder
                with UploadSource(files, images, limits, below=below, check=patience.check) as source:
                    reader = self.reader.get() if ocr else None
                    return service.index(name, source, tell, patience=patience, reader=reader)

            yield {
                self.files: None,
                self.report: "",
                self.managing.reported: None,
                self.progress: progress_html(visit, None),
                self.start: gr.update(interactive=False),
                self.stop: gr.update(visible=True, interactive=True),
            }
            for news in follow(work):
                if isinstance(news, Done):
                    told: Updates = {self.report: report_html(visit, name, news.result), self.managing.reported: name}
                    yield {**told, **self.managing.shown(visit, name)}
                else:
                    yield {self.progress: progress_html(visit, news)}

    def ended(self) -> Updates:
        """Whichever way."""
        return {
            self.notice: "",  # it said that the current batch is still stored
            self.progress: "",
            self.start: gr.update(interactive=True),
            self.stop: gr.update(visible=False),
        }

    def halt(self, visit: Visit) -> Iterator[Updates]:
        """After the batch that runs."""
        self.shell.runs.stop(visit.session, KIND)
        yield {
            self.stop: gr.update(interactive=False),
            self.notice: notice_html(visit.say("collections.halting"), "hint"),
        }
