"""From a press of a button to a handler and back: the visitor, the errors, and which parts of the page change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from types import MethodType
from typing import Any, Literal

import gradio as gr
from gradio.blocks import Block
from gradio.context import Context

from api.page.complaints import sentence
from api.page.running import Replaced
from api.page.visit import Visit, visit_of

Updates = Mapping[Block, Any]
"""Component -> its new value, or what to change about it (`gr.update`)."""
Handler = Callable[..., Iterator[Updates]]
"""Takes the visit and the values of the inputs, and gives updates as it gets on."""


def on(
    triggers: Sequence[Any],
    handler: Handler,
    inputs: Sequence[Block],
    outputs: Sequence[Block],
    notice: gr.HTML,
    *,
    act: bool = False,
    at_end: Callable[[], Updates] = dict,
    again: Literal["once", "multiple", "always_last"] | None = None,
) -> None:
    """Calls the handler at each of the triggers. What it raises is told in `notice`, which is emptied when it begins,
    but by an event without outputs, such as one that stops another: Gradio tells its last updates again when it ends,
    and what the other says of its end would be gone.

    triggers: such as `button.click`; none for when the page is opened.
    act: the trigger is an act of a card list, whose (act, key) the handler gets behind the visit. at_end: updates for
    when the handler has ended, well or not, unless it was replaced by a newer one. again: what becomes of a trigger
    while the handler is at work: nothing (`once`, the default but for changes), another call at once, or one later.
    """

    def run(visit: Visit, *values: object) -> Iterator[dict[Block, Any]]:
        told: dict[Block, Any] = {notice: "" if outputs else gr.skip()}
        try:
            for updates in handler(visit, *values):
                if told or updates:  # Gradio takes an empty update for a value of its own
                    yield {**told, **updates}
                told = {}
        except Replaced:
            return
        except Exception as error:  # noqa: BLE001  # the last catch of the page: a sentence, whatever it was
            yield {**at_end(), notice: notice_html(sentence(error, visit.language))}
        else:
            if last := {**told, **at_end()}:
                yield last

    def plain(request: gr.Request, *values: object) -> Iterator[dict[Block, Any]]:
        yield from run(visit_of(request), *values)

    def acted(request: gr.Request, event: gr.EventData, *values: object) -> Iterator[dict[Block, Any]]:
        said = event._data if isinstance(event._data, dict) else {}
        yield from run(visit_of(request), str(said.get("act", "")), str(said.get("key", "")), *values)

    gr.on(
        [_bound(each) for each in triggers] or [_blocks().load],
        acted if act else plain,
        inputs=list(inputs),
        outputs=[*outputs, notice],
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,  # the worker of the engine says how many may wait, and who comes too late
        queue=True,
        trigger_mode=again,
    )


def _bound(trigger: Any) -> Any:  # noqa: ANN401  Gradio has no type for it
    """The trigger as `gr.on` takes it, which an event that a script of ours made up is not."""
    return MethodType(trigger.func, *trigger.args) if isinstance(trigger, partial) else trigger


def _blocks() -> gr.Blocks:
    if Context.root_block is None:
        raise RuntimeError("events are listened to within a gr.Blocks block")
    return Context.root_block


def notice_place(elem_id: str) -> gr.HTML:
    """Where a tab says what is wrong."""
    return gr.HTML("", elem_id=elem_id, js_on_load=None)


def notice_html(text: str, kind: str = "error") -> str:
    """kind: `error`, `hint` or `good`."""
    role = "alert" if kind == "error" else "status"
    return f'<p class="notice {kind}" role="{role}">{escape(text)}</p>' if text else ""
