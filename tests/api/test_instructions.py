"""One instruction gives a pair one score on every route, and the guide says what holds without one."""

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from support.toy_service import data_uri

from content import Content
from reranker.instructions import INSTRUCTIONS, default_instruction

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
QUERY = {"text": "a green mug", "image": data_uri("red")}
DOCUMENT = {"text": "green mug", "image": data_uri("blue")}
PARTS = [
    [{"type": "text", "text": each["text"]}, {"type": "image_url", "image_url": {"url": each["image"]}}]
    for each in (QUERY, DOCUMENT)
]
TASK = {"instruction": "Find things for a kitchen"}
ROUTES = {
    "/v1/rerank": ({"query": QUERY, "documents": [DOCUMENT]}, lambda told: told["results"][0]["relevance_score"]),
    "/v2/rerank": (
        {"query": {"content": PARTS[0]}, "documents": [{"content": PARTS[1]}]},
        lambda told: told["results"][0]["relevance_score"],
    ),
    "/rerank": ({"query": QUERY, "texts": [DOCUMENT]}, lambda told: told[0]["score"]),
    "/rerank?sglang": ({"query": PARTS[0], "documents": [PARTS[1]]}, lambda told: told[0]["score"]),
    "/rerank?weaviate": ({"query": QUERY, "documents": [DOCUMENT], "property": ""}, lambda t: t["scores"][0]["score"]),
    "/elasticsearch/rerank": ({"query": QUERY, "texts": [DOCUMENT]}, lambda told: told[0]["score"]),
    "/rerank_batch": ({"query": QUERY, "documents": [DOCUMENT]}, lambda told: told["results"][0]["score"]),
    "/v1/score": ({"queries": [QUERY], "documents": [DOCUMENT]}, lambda told: told["data"][0]["score"]),
    "/v1/search": ({"query": QUERY}, lambda told: told["hits"][0]["score"]),
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_pair_has_one_score_with_one_instruction_on_every_route(client, reranker, route):
    client.post("/v1/collections/toys/items", json={"items": [{"id": "only", **DOCUMENT}]})
    body, score = ROUTES[route]
    answer = client.post(route, json={**body, **TASK})
    assert answer.status_code == 200, answer.text
    assert score(answer.json()) == 0.5  # of "a green mug" and red it has green and mug
    assert reranker.instructions == [TASK["instruction"]]


def test_the_guide_has_every_instruction_by_its_name():
    assert dict(re.findall(r"^\| `([a-z-]+)` \| ([A-Z][^|]*) \|$", GUIDE, re.MULTILINE)) == dict(INSTRUCTIONS)


@pytest.mark.parametrize(
    "query",
    [Content("a"), Content(image=Image.new("RGB", (1, 1))), Content("a", Image.new("RGB", (1, 1)))],
    ids=lambda query: query.kind,
)
def test_the_guide_says_what_holds_without_one(query):
    (row,) = re.findall(rf"^\| {query.kind} \| `(.*?)` \| `(.*?)` \| `(.*?)` \|$", GUIDE, re.MULTILINE)
    targets = ("any", "text", "image")
    assert [INSTRUCTIONS[name] for name in row] == [default_instruction(query, target) for target in targets]


def test_the_guide_to_instructions_shows_requests_that_are_answered(client, reranker):
    guide = (Path(__file__).parents[2] / "docs" / "instructions.md").read_text("utf-8")
    bodies = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", guide, re.DOTALL)]
    client.post("/v1/collections/toys/items", json={"items": [{"id": "only", **DOCUMENT}]})
    assert [client.post("/v1/search", json=body).status_code for body in bodies] == [200, 200]
    named, written = (body["instruction"] for body in bodies)
    assert reranker.instructions == [INSTRUCTIONS[named], written]
