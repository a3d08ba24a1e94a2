"""What is searched by in place of a text and a picture: an item, small, with a button that removes it."""

from html import escape

from api.page.cards import Card
from api.page.described import described
from api.page.visit import Visit
from api.pictures import picture_url
from indexer.item import Item
from search.intake import Stored

_LONGEST = 60


def query_chip(visit: Visit, item: Item, like: Stored) -> Card:
    """Its act is `unlike`."""
    called = described(item.metadata, visit.language, has_text=bool(item.text)).caption or item.text or item.id
    told = visit.say("search.liked", what=called if len(called) <= _LONGEST else f"{called[:_LONGEST].rstrip()}…")
    remove = escape(visit.say("search.unlike"), quote=True)
    url = escape(picture_url(like.collection or "", like.id), quote=True)
    image = f'<img src="{url}" alt="" width="40" height="40">' if item.has_image else ""
    button = f'<button type="button" data-act="unlike" aria-label="{remove}" title="{remove}">×</button>'
    return Card(f"like {like.id}", f"{image}<span>{escape(told)}</span>{button}", "query-chip")
