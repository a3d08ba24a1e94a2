"""Page by page through a collection, and one item less."""

import pytest
from support.toy_encoder import ToyEncoder
from support.toy_service import picture

from api.page.collections.browsing import PAGE, Place
from api.page.complaints import Complaint
from indexer.collection import Collection
from indexer.ingest import Ingest
from indexer.record import Record, digest

from .conftest import READER, VISIT

IDS = [f"{number:03}" for number in range(2 * PAGE + 5)]


class Reader:
    """Somebody who presses what the page offers."""

    def __init__(self, tab) -> None:
        self.browsing = tab.browsing
        self.tab = tab

    def open(self, name, visit=VISIT):
        return self.see(self.browsing.browse(visit, "browse", name, None))

    def see(self, handled):
        (self.updates,) = handled
        self.place = self.updates[self.browsing.place]
        self.cards = {card["key"]: card["html"] for card in self.updates[self.browsing.cards]}
        return list(self.cards)

    def next(self):
        return self.see(self.browsing.forward(VISIT, self.place))

    def previous(self):
        return self.see(self.browsing.back(VISIT, self.place))

    def act(self, act, item_id, visit=VISIT):
        return self.see(self.browsing.act(visit, act, item_id, None, self.place))

    @property
    def heading(self):
        return self.updates[self.browsing.heading]

    def may(self, button):
        return self.updates[button]["interactive"]


@pytest.fixture
def reader(tab):
    return Reader(tab)


def test_forwards_and_backwards(reader, fill):
    fill("toys", IDS)

    assert reader.open("toys") == IDS[:PAGE]
    assert "items 1 to 24 of 53" in reader.heading
    assert not reader.may(reader.browsing.previous)
    assert reader.next() == IDS[PAGE : 2 * PAGE]
    assert reader.next() == IDS[2 * PAGE :]
    assert "items 49 to 53 of 53" in reader.heading
    assert not reader.may(reader.browsing.next)
    assert reader.previous() == IDS[PAGE : 2 * PAGE]
    assert "items 25 to 48" in reader.heading
    assert reader.previous() == IDS[:PAGE]
    assert reader.place == Place("toys")


def test_an_item_goes_at_the_second_press(reader, fill, service):
    fill("toys", IDS)
    reader.open("toys")
    reader.next()

    reader.act("delete", IDS[PAGE])
    assert 'data-act="delete-really"' in reader.cards[IDS[PAGE]]
    assert 'data-act="delete-really"' not in reader.cards[IDS[PAGE + 1]]
    assert list(reader.browsing.act(VISIT, "delete-really", IDS[PAGE + 1], None, reader.place)) == []
    assert IDS[PAGE] in reader.act("keep", IDS[PAGE])
    reader.act("delete", IDS[PAGE])
    shown = reader.act("delete-really", IDS[PAGE])

    assert shown == IDS[PAGE + 1 : 2 * PAGE + 1]
    assert IDS[PAGE] not in service.library.open("toys")
    assert "of 52" in reader.heading
    (card,) = reader.updates[reader.tab.managing.cards]
    assert "52 items" in card["html"]


def test_a_page_whose_last_item_goes_gives_way_to_the_one_before(reader, fill):
    fill("toys", IDS[: PAGE + 1])
    reader.open("toys")
    assert reader.next() == [IDS[PAGE]]
    reader.act("delete", IDS[PAGE])
    assert reader.act("delete-really", IDS[PAGE]) == IDS[:PAGE]
    assert "items 1 to 24 of 24" in reader.heading


def test_an_empty_collection_says_so(reader):
    assert reader.open("toys") == []
    assert "toys is empty" in reader.heading


def test_what_is_stored_is_shown_as_text_and_never_as_html(reader, service):
    hostile = '"><script>alert(1)</script>'
    image = picture("red")
    metadata = {hostile: hostile, "caption": "a <b>red</b> field", "price": 4.5, "tags": ["x", None]}
    service.upsert("toys", [Record(hostile, hostile, image, digest(hostile, image, metadata), metadata)])

    reader.open("toys")

    (card,) = reader.cards.values()
    assert "<script" not in card
    assert "<b>" not in card
    assert "a &lt;b&gt;red&lt;/b&gt; field" in card
    assert "4.5" in card
    assert '<img src="/v1/collections/toys/items/%22%3E%3Cscript%3E' in card


def test_a_long_text_is_cut(reader, service):
    service.upsert("toys", [Record("a", "word " * 10_000, None, b"1" * 32)])
    reader.open("toys")
    assert len(reader.cards["a"]) < 2000


def test_of_a_foreign_collection_items_are_shown_but_not_deleted(reader, tmp_path):
    with Collection.create(tmp_path / "collections" / "foreign", ToyEncoder(8)) as foreign:
        Ingest(foreign, ToyEncoder(8)).upsert([Record("a", None, picture("red"), b"1" * 32)])
    assert reader.open("foreign") == ["a"]
    assert 'data-act="delete" disabled' in reader.cards["a"]
    assert "<img" not in reader.cards["a"]


def test_whoever_may_only_read_can_browse_and_no_more(reader, fill, service):
    fill("toys", IDS[:2])
    assert reader.open("toys", READER) == IDS[:2]
    assert all('data-act="delete" disabled' in html for html in reader.cards.values())
    for act in ("delete", "delete-really"):
        place = Place("toys", asked=IDS[0])
        with pytest.raises(Complaint, match="read_only"):
            list(reader.browsing.act(READER, act, IDS[0], None, place))
    assert len(service.library.open("toys")) == 2


def test_what_is_shown_of_a_deleted_collection_is_closed(reader, fill):
    fill("toys", IDS[:2])
    reader.open("toys")
    (closed,) = reader.browsing.browse(VISIT, "delete-really", "toys", reader.place)
    assert closed[reader.browsing.cards] == []
    assert list(reader.browsing.browse(VISIT, "delete-really", "other", reader.place)) == []


def test_who_comes_back_after_the_server_forgot_them_is_told_so(reader):
    for pressed in (
        reader.browsing.forward(VISIT, None),
        reader.browsing.back(VISIT, None),
        reader.browsing.act(VISIT, "delete-really", "mug", None, None),
    ):
        with pytest.raises(Complaint, match="forgotten"):
            next(pressed)
