"""The cards of the collections: what each is, and what may be done with it."""

from html import escape
from typing import Final

from api.page.cards import Card
from api.page.collections.writing import button, items_of
from api.page.sizes import size_of
from api.page.visit import Visit
from indexer.manifest import IndexState, Manifest
from indexer.usage import index_bytes, store_bytes
from search.library import Listed
from search.service import Service

_INDEXES: Final = {"image": "collections.image_index", "text": "collections.text_index"}


def collection_cards(visit: Visit, service: Service, listed: list[Listed], asked: str | None) -> list[Card]:
    """asked: the collection of which it is asked whether it is really to be deleted."""
    return [Card(each.name, _inside(visit, service, each, asked=each.name == asked), "collection") for each in listed]


def _inside(visit: Visit, service: Service, listed: Listed, *, asked: bool) -> str:
    folder = service.library.folder(listed.name)
    size = size_of(store_bytes(folder) + index_bytes(folder))
    default = ""
    if listed.name == service.settings.collection:
        default = f' <span class="chip">{escape(visit.say("collections.default"))}</span>'
    if listed.manifest is None:
        about = f'<p class="reason">{escape(visit.say("collections.unreadable", reason=_reason(listed)))}</p>'
        counted = size
    else:
        about = _about(visit, service, listed.manifest)
        counted = f"{items_of(visit, listed.manifest.items)} · {size}"
    head = f'<h2>{escape(listed.name)}{default}</h2><p class="muted">{escape(counted)}</p>'
    return f'<div class="head">{head}</div>{about}{_acts(visit, service, listed, asked=asked)}'


def _reason(listed: Listed) -> str:
    return (listed.error or "").rstrip(".")


def _about(visit: Visit, service: Service, manifest: Manifest) -> str:
    told = [visit.say("collections.encoder", name=manifest.encoder)]
    told += [visit.say(_INDEXES[channel], count=f"{index.vectors:,}", recall=_recall(visit, index))
             for channel, index in manifest.indexes.items() if index.vectors]  # fmt: skip
    chips = "".join(f'<li class="chip">{escape(each)}</li>' for each in told)
    foreign = (
        ""
        if service.library.is_at_home(manifest)
        else f'<p class="reason">{escape(visit.say("collections.foreign"))}</p>'
    )
    return f'<ul class="chips">{chips}</ul>{foreign}'


def _recall(visit: Visit, index: IndexState) -> str:
    if index.type == "Flat":
        return visit.say("collections.exact")
    return visit.say("collections.measured", recall=f"{index.recall:.3f}")


def _acts(visit: Visit, service: Service, listed: Listed, *, asked: bool) -> str:
    manifest, off = listed.manifest, not visit.may_write
    acts = []
    if manifest is not None:
        acts.append(button("browse", visit.say("collections.browse")))
        if service.library.is_at_home(manifest):
            acts.append(button("add", visit.say("collections.add"), off=off))
    if not asked:
        acts.append(button("delete", visit.say("collections.delete"), off=off))
        return f'<div class="acts">{"".join(acts)}</div>'
    # Where `delete` was, so that a second press in haste keeps it.
    acts.append(button("keep", visit.say("collections.keep")))
    if manifest is None:
        question = visit.say("collections.ask_unread", name=listed.name)
    else:
        question = visit.say("collections.ask", name=listed.name, items=items_of(visit, manifest.items))
    really = button("delete-really", visit.say("collections.delete_really"), kind="danger")
    return (
        f'<div class="acts">{"".join(acts)}</div><div class="ask" role="alert"><p>{escape(question)}</p>{really}</div>'
    )
