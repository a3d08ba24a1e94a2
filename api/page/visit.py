"""Who an event of the page comes from: their language, what they may do, and the tab of the browser it came from."""

from dataclasses import dataclass

import gradio as gr

from api.page.words import Language, language_of, say


@dataclass(frozen=True, slots=True)
class Visit:
    """session: Gradio's, one for each time the page is opened. base: this server's address, as the visitor knows it.

    may_write: whether collections may be changed. asks_keys: whether who calls this server needs a key.
    """

    language: Language
    session: str
    base: str
    may_write: bool = True
    asks_keys: bool = False

    def say(self, key: str, **values: object) -> str:
        """As `words.say`, in the visitor's language."""
        return say(self.language, key, **values)


def visit_of(request: gr.Request) -> Visit:
    """Of the request that brought an event."""
    scope = request.request.scope if request.request else {}
    state = scope.get("state", {})
    return Visit(
        language=language_of(request.headers.get("accept-language", "")),
        session=request.session_hash or "",
        base=str(request.request.base_url).rstrip("/") if request.request else "",
        may_write=state.get("key_scope", "write") == "write",
        asks_keys="key_name" in state,
    )
