"""What all adapters make of a hit: its metadata, its text and its picture."""

import httpx
import pytest
from support.toy_service import COLLECTION, picture

from clients import Hit, Item, LycheeClient, LycheeError
from clients.documents import ADDED, metadata_of, picture_of, text_of
from clients.results import Passage, Retrieval

HIT = Hit(1, "a", 0.5, Retrieval(3, 0.1), metadata={"price": 1, "passage": "the item's own"})


def test_what_the_search_says_stands_beside_the_items_own_and_wins():
    hit = Hit(
        1, "a", 0.0, Retrieval(3, 0.1), image_url="/v1/a", metadata=HIT.metadata, error="why",
        passage=Passage("ocr", 2, 5, "red"),
    )  # fmt: skip
    told = metadata_of(hit, LycheeClient("http://127.0.0.1:1/"))
    added = {
        "retrieval_rank": 3, "passage": "red", "passage_source": "ocr", "passage_start": 2, "passage_stop": 5,
        "image_url": "http://127.0.0.1:1/v1/a", "error": "why",
    }  # fmt: skip
    assert told == {"price": 1, **added}
    assert set(ADDED) == set(added)


def test_what_the_search_does_not_say_is_left_out():
    told = metadata_of(HIT, LycheeClient("http://127.0.0.1:1"))
    assert told == {"price": 1, "passage": "the item's own", "retrieval_rank": 3}


def test_an_item_without_a_text_is_told_by_what_was_read_off_its_picture():
    assert text_of(Hit(1, "a", 0.5, Retrieval(1, 0.1), ocr="SALE")) == "SALE"
    assert text_of(Hit(1, "a", 0.5, Retrieval(1, 0.1), text="mug", ocr="SALE")) == "mug"
    assert text_of(HIT) == ""


def test_an_item_that_was_deleted_since_it_was_found_has_no_picture(client, url):
    client.upsert(COLLECTION, [Item("gone", image=picture("red"))])
    hit = next(hit for hit in client.search("red").hits if hit.id == "gone")
    assert picture_of(hit, client).data == picture("red")
    assert httpx.delete(f"{url}/v1/collections/{COLLECTION}/items/gone").status_code == 200
    assert picture_of(hit, client) is None
    with pytest.raises(LycheeError):
        picture_of(hit, LycheeClient("http://127.0.0.1:9"))
