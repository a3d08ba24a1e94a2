"""The tab `about`: what the server is made of and holds, and the code of what was done last."""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from api.page.about.facts import facts_html, programs_html
from api.page.code.blocks import deed_html
from api.page.complaints import Complaint
from api.page.events import Updates, notice_place, on
from api.page.shell import Shell
from api.page.visit import Visit
from api.page.words import label
from content.errors import NotReady
from search.status import status_of


@dataclass(frozen=True, slots=True)
class _About:
    shell: Shell
    facts: gr.HTML
    programs: gr.HTML

    def refresh(self, visit: Visit) -> Iterator[Updates]:
        """What is known without the models is shown, too, where they are not there."""
        deed = self.shell.deeds.of(visit.session)
        code = None if deed is None else deed_html(visit, deed)
        programs = programs_html(visit, code)
        try:
            status = status_of(self.shell.service)
        except (Complaint, NotReady):
            yield {self.programs: programs, self.facts: facts_html(visit, self.shell, None)}
            raise
        yield {self.programs: programs, self.facts: facts_html(visit, self.shell, status)}


def build(shell: Shell, opened: gr.Tab) -> None:
    """Puts the tab's components into the tab that is open, and listens to them. opened: that tab."""
    notice = notice_place("about-notice")
    refresh = gr.Button(label("about.refresh"), elem_id="about-refresh", size="sm")
    facts = gr.HTML("", elem_id="about-facts", js_on_load=None)
    programs = gr.HTML("", elem_id="about-programs", js_on_load=None)
    about = _About(shell, facts, programs)
    on([opened.select, refresh.click], about.refresh, [], [facts, programs], notice)
