"""The tab `collections`: its components, and what they do."""

import gradio as gr

from api.page.shell import Shell


def build(shell: Shell, searched: gr.Dropdown) -> None:
    """Puts the tab's components into the tab that is open, and listens to them.

    searched: the choice of the collection in the tab `search`, to be renewed when collections come and go.
    """
    gr.HTML("", js_on_load=None)
