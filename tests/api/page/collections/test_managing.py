"""The list of collections, and what becomes of whole ones."""

import pytest
from support.toy_encoder import ToyEncoder

from api.page.complaints import Complaint
from api.page.visit import Visit
from content.errors import NotFound
from indexer.collection import Collection

from .conftest import READER, VISIT


def cards(tab, visit=VISIT, target=None):
    (updates,) = tab.managing.refresh(visit, target)
    return {card["key"]: card["html"] for card in updates[tab.managing.cards]}, updates


def act(tab, name, key, asked=None, visit=VISIT):
    return list(tab.managing.act(visit, name, key, asked, None))


def test_each_collection_is_told_with_what_it_holds(tab, fill):
    fill("toys", ["a", "b"])
    fill("图片", ["a"])

    told, updates = cards(tab)

    assert list(told) == ["toys", "图片"]
    assert "2 items" in told["toys"]
    assert "toy-16" in told["toys"]
    assert "Texts: 2, exact" in told["toys"]
    assert "default" in told["toys"]
    assert "1 item ·" in told["图片"]
    assert "default" not in told["图片"]
    assert [value for _, value in updates[tab.managing.target]["choices"]] == ["", "toys", "图片"]


def test_sizes_grow_with_what_is_stored(tab, fill):
    before, _ = cards(tab)
    fill("toys", [f"{number}" * 200 for number in range(100)])
    after, _ = cards(tab)
    assert before["toys"].split("·")[1] != after["toys"].split("·")[1]


def test_an_unreadable_one_is_listed_with_the_reason_and_a_foreign_one_as_such(tab, service, tmp_path):
    Collection.create(tmp_path / "collections" / "foreign", ToyEncoder(8)).close()
    broken = tmp_path / "collections" / "broken"
    broken.mkdir()
    (broken / "collection.sqlite").write_bytes(b"no <b>database</b>" * 100)

    told, updates = cards(tab)

    assert "Cannot be read" in told["broken"]
    assert "<b>" not in told["broken"]
    assert 'data-act="browse"' not in told["broken"]
    assert "another encoder" in told["foreign"]
    assert 'data-act="add"' not in told["foreign"]
    assert 'data-act="delete"' in told["broken"]
    assert [value for _, value in updates[tab.managing.target]["choices"]] == ["", "toys"]


def test_an_empty_one_is_made_by_its_name(tab, service):
    (updates,) = tab.managing.create(VISIT, " new ", None)

    assert "new" in [each.name for each in service.library.list()]
    assert "“new” is there now" in updates[tab.managing.notice]
    (again,) = tab.managing.create(VISIT, "new", None)
    assert "already" in again[tab.managing.notice]
    with pytest.raises(Complaint):
        list(tab.managing.create(VISIT, "  ", None))
    with pytest.raises(Complaint, match="bad_name"):
        list(tab.managing.create(VISIT, "../up", None))


def test_nothing_is_deleted_by_one_press(tab, service, fill):
    fill("toys", ["a"])

    (updates,) = act(tab, "delete", "toys")
    asked = updates[tab.managing.asked]
    (card,) = updates[tab.managing.cards]
    assert "Delete “toys” with 1 item" in card["html"]
    assert len(service.library.open("toys")) == 1
    # What stands in the place of what was pressed is the way back.
    assert card["html"].index('data-act="keep"') < card["html"].index('data-act="delete-really"')

    assert act(tab, "delete-really", "toys", asked=None) == []
    assert act(tab, "delete-really", "toys", asked="other") == []
    (kept,) = act(tab, "keep", "toys", asked=asked)
    assert kept[tab.managing.asked] is None
    assert len(service.library.open("toys")) == 1

    (gone,) = act(tab, "delete-really", "toys", asked=asked)
    assert gone[tab.managing.cards] == []
    assert "deleted" in gone[tab.managing.notice]
    with pytest.raises(NotFound):
        service.library.open("toys")


def test_one_that_somebody_else_deleted_is_shown_as_gone(tab, service, fill):
    fill("toys", ["a"])
    service.library.drop("toys")
    told = []
    with pytest.raises(NotFound):
        told += tab.managing.act(VISIT, "delete-really", "toys", "toys", None)
    assert cards(tab)[0] == {}


def test_where_there_is_none_it_says_how_to_make_one(tab, service):
    service.library.drop("toys")
    (updates,) = tab.managing.refresh(VISIT, "")
    assert "There is no collection yet" in updates[tab.managing.notice]


def test_whoever_may_only_read_is_told_so_and_can_press_nothing(tab, service):
    told, updates = cards(tab, READER)

    assert "may only read" in updates[tab.managing.notice]
    assert all(updates[each]["interactive"] is False for each in tab.managing.writes)
    assert 'data-act="delete" disabled' in told["toys"]
    for attempt in (
        lambda: tab.managing.create(READER, "new", None),
        lambda: tab.managing.act(READER, "delete", "toys", None, None),
        lambda: tab.managing.act(READER, "delete-really", "toys", "toys", None),
    ):
        with pytest.raises(Complaint, match="read_only"):
            list(attempt())
    assert [each.name for each in service.library.list()] == ["toys"]


def test_in_chinese(tab, fill):
    fill("toys", ["a", "b"])
    told, _ = cards(tab, Visit("zh", "s", ""))
    assert "2 条" in told["toys"]
    assert "浏览" in told["toys"]


def test_a_choice_that_is_gone_is_a_new_collection_again(tab):
    _, updates = cards(tab, target="toys")
    assert updates[tab.managing.target]["value"] == "toys"
    assert updates[tab.managing.target_name]["visible"] is False
    _, updates = cards(tab, target="gone")
    assert updates[tab.managing.target]["value"] == ""
    assert updates[tab.managing.target_name]["visible"] is True
