"""The tab `rerank`: its components, and what they do."""

from dataclasses import dataclass

import gradio as gr

from api.page.instruction import instruction_input
from api.page.shell import Shell


@dataclass(frozen=True, slots=True)
class RerankParts:
    """What other tabs set in this one."""

    instruction: gr.Dropdown


def build(shell: Shell) -> RerankParts:
    """Puts the tab's components into the tab that is open, and listens to them."""
    return RerankParts(instruction_input("rerank-instruction"))
