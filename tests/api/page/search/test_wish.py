"""What the page shows as code does what the page did."""

import pytest
from support.toy_service import data_uri

from api.page.code import PictureFile
from api.page.search.wish import Cuts, Wish, read_cuts, read_wish
from search.intake import Stored

FILTER = '{"price": {"$lt": 5}}'


def wish(**form) -> Wish:
    plain = {
        "text": "red mug", "picture": None, "like": None, "target": "any", "collection": "toys", "candidates": 6,
        "top_k": 4, "threshold": 0, "filter_": "", "instruction": "", "rerank": True,
    }  # fmt: skip
    return read_wish(**{**plain, **form})


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"target": "text", "top_k": 2},
        {"threshold": 0.5, "instruction": "product-search"},
        {"rerank": False, "threshold": 0.5},
        {"text": "", "like": Stored("text-green", "toys")},
        {"text": "", "picture": "/uploads/holiday.png"},
        {"picture": "/uploads/holiday.png", "candidates": 3},
    ],
)
def test_the_body_is_one_that_the_route_takes_and_answers_alike(filled, form):
    asked = wish(**form)
    body = asked.body()
    if isinstance(body["query"], dict) and "image" in body["query"]:
        assert body["query"]["image"] == PictureFile("holiday.png")
        body["query"] = {**body["query"], "image": data_uri("red")}

    answer = filled.post("/v1/search", json=body)

    assert answer.status_code == 200, answer.text
    service = filled.app.state.loading.service
    query = service.intake.query(asked.like) if asked.like else None
    if query is not None:
        assert [hit["id"] for hit in answer.json()["hits"]] == [
            hit.id for hit in service.engine("toys").search(query, candidates=6, top_k=4).hits
        ]


def test_the_body_holds_what_differs_from_the_routes_own_choice():
    assert wish().body() == {"query": "red mug", "collection": "toys", "candidates": 6, "top_k": 4}
    asked = wish(target="image", threshold=0.25, filter_=FILTER, instruction=" papers ", rerank=True)
    assert asked.body() == {
        "query": "red mug", "collection": "toys", "target": "image", "candidates": 6, "top_k": 4,
        "score_threshold": 0.25, "instruction": "papers", "filter": {"price": {"$lt": 5}},
    }  # fmt: skip
    assert wish(rerank=False, threshold=0.5).body()["rerank"] is False
    assert "score_threshold" not in wish(rerank=False, threshold=0.5).body()


def test_values_that_no_form_has_do_no_harm():
    asked = wish(target=["x"], candidates=None, top_k="many", threshold=None, text=None, instruction=None)
    assert (asked.target, asked.candidates, asked.cuts, asked.text) == ("any", 100, Cuts(10), "")
    assert read_cuts(3.0, 0) == Cuts(3, None)


def test_a_text_or_a_picture_of_ones_own_goes_before_an_item():
    item = Stored("a", "toys")
    assert wish(like=item).like is None
    assert wish(like=item, text="", picture="/x.png").like is None
    assert wish(like=item, text=" ").like == item
