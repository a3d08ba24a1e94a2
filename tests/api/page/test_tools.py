"""What programs call by name: gradio_client and agents, against a server with toy models that asks for keys."""

import asyncio
import json
import logging
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from support.guarded import add_key, bearer
from support.listening import listening
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, data_uri

from api.page.build import build_page
from search.engine import SearchEngine
from search.settings import Settings

HOSTILE = {"path": "pictures/a.png", "url": "http://127.0.0.1:9/stolen", "is_stream": True, "meta": "none", "名": "红"}
WRONG = {
    "an empty query": ({"query": ""}, "`query`: there is neither a text nor an image in it; give one or both"),
    "no picture": ({"query": "red", "image": "%%"}, "the image is not valid base64"),
    "too many": ({"query": "red", "top_k": 1001}, "`top_k` must be at most 1000, got 1001"),
    "no filter": ({"query": "red", "filter": "{"}, "`filter`: must be a JSON object such as"),
    "no object": ({"query": "red", "filter": "[1]"}, "`filter` must be an object, got a list"),
    "no condition": ({"query": "red", "filter": '{"a": {"$no": 1}}'}, "$no"),
    "no collection": ({"query": "red", "collection": "it's"}, "is no name for a collection"),
    "a threshold of stage 1": ({"query": "red", "score_threshold": 0.5, "rerank": False}, "score_threshold"),
}

PROGRAM = """
import sys
from gradio_client import Client
client = Client(sys.argv[1], headers={"Authorization": f"Bearer {sys.argv[2]}"}, verbose=False)
client.predict("red", api_name="/search")
"""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    reader: str
    reranker: ToyReranker

    @property
    def agents(self) -> str:
        return f"{self.url}/gradio_api/mcp/"

    def post(self, path, body):
        answer = httpx.post(self.url + path, json=body, headers=bearer(self.reader), timeout=30)
        return answer.raise_for_status().json()

    def waiting(self):
        told = httpx.get(f"{self.url}/metrics", headers=bearer(self.reader)).text
        (line,) = (line for line in told.splitlines() if line.startswith("lychee_queue_depth "))
        return float(line.split()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tools")
    keys, reranker = folder / "keys.json", ToyReranker()
    writer, reader = add_key(keys, "writer", "write"), add_key(keys, "reader")
    settings = Settings(collections=folder / "collections", collection=COLLECTION, keys=keys)
    with listening(settings, reranker, build_page) as (host, port):
        url = f"http://{host}:{port}"
        with httpx.Client(base_url=url, headers=bearer(writer), timeout=30) as client:
            until(lambda: client.get("/ready").status_code == 200)
            until(lambda: client.get("/gradio_api/info").status_code == 200)
            items = [{"id": f"picture/{colour}", "image": data_uri(colour)} for colour in ("red", "green", "blue")]
            items.append({"id": "text", "text": "red 杯子", "metadata": HOSTILE})
            client.post(f"/v1/collections/{COLLECTION}/items", json={"items": items}).raise_for_status()
        yield Server(url, reader, reranker)


@pytest.fixture(scope="module")
def client(server):
    client = Client(server.url, headers=bearer(server.reader), verbose=False, analytics_enabled=False)
    yield client
    client.close()


def until(true):
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@asynccontextmanager
async def agent(server, headers=None, *, by_sse=False):
    headers = bearer(server.reader) | (headers or {})
    if by_sse:
        opened = sse_client(f"{server.agents}sse", headers=headers)
    else:
        opened = streamable_http_client(server.agents, http_client=httpx.AsyncClient(headers=headers, timeout=30))
    async with opened as streams, ClientSession(*streams[:2]) as session:
        await session.initialize()
        yield session


def called(server, tool, arguments, headers=None, *, by_sse=False):
    """What an agent is told, and whether as an error."""

    async def call():
        async with agent(server, headers, by_sse=by_sse) as session:
            return await session.call_tool(tool, arguments)

    result = asyncio.run(call())
    (content,) = result.content
    return content.text, result.isError


def lasting(answer):
    """Without what is another one each time."""
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


def test_programs_find_these_two_by_name_and_no_other(client):
    info = client.view_api(return_format="dict", print_info=False)
    assert set(info["named_endpoints"]) == {"/search", "/rerank"}
    assert not info["unnamed_endpoints"]


def test_agents_find_these_two_with_types_and_descriptions_and_nothing_else(server):
    async def look():
        async with agent(server) as session:
            return [
                (await session.list_tools()).tools,
                (await session.list_resources()).resources,
                (await session.list_resource_templates()).resourceTemplates,
                (await session.list_prompts()).prompts,
            ]

    tools, *others = asyncio.run(look())
    assert others == [[], [], []]
    assert [tool.name for tool in tools] == ["search", "rerank"]
    for tool in tools:
        assert len(tool.description) > 100
        assert tool.inputSchema["required"] == ["query"]
        for name, schema in tool.inputSchema["properties"].items():
            assert schema.get("type") or schema.get("enum"), name
            assert len(schema["description"]) > 15, name
    search, rerank = (tool.inputSchema["properties"] for tool in tools)
    assert search["target"]["enum"] == ["any", "image", "text"]
    assert search["candidates"] | {"description": ""} == {"type": "integer", "default": 100, "description": ""}
    assert rerank["documents"]["items"] == {"type": "string"}


@pytest.mark.parametrize(
    "given",
    [
        {"query": "red 杯子", "top_k": 2},
        {"query": "", "image": data_uri("green"), "target": "image"},
        {"query": "red", "image": data_uri("blue"), "candidates": 3, "instruction": "Find what fits"},
        {"query": "red", "filter": '{"名": "红"}'},
        {"query": "red", "score_threshold": 0.6, "collection": COLLECTION},
        {"query": "red", "rerank": False},
    ],
)
def test_a_search_answers_as_the_route_does(server, client, given):
    query = {"text": given["query"]} if given["query"] else {}
    query |= {"image": given["image"]} if "image" in given else {}
    rest = {name: value for name, value in given.items() if name not in ("query", "image", "filter")}
    conditions = {"filter": json.loads(given["filter"])} if "filter" in given else {}
    answer = server.post("/v1/search", {"query": query, **rest, **conditions})
    assert answer["hits"]
    assert lasting(json.loads(client.predict(**given, api_name="/search"))) == lasting(answer)
    for by_sse in (False, True):
        told, is_error = called(server, "search", given, by_sse=by_sse)
        assert not is_error
        assert lasting(json.loads(told)) == lasting(answer)


def test_a_reranking_answers_as_the_route_does(server, client):
    given = {"query": "red mug", "documents": ["blue mug", "red 'mug'"], "images": [data_uri("red"), "%%"], "top_k": 4}
    documents = [*given["documents"], *({"image": image} for image in given["images"])]
    answer = server.post("/rerank_batch", {"query": "red mug", "documents": documents})
    assert answer["results"][-1]["error"]
    assert lasting(json.loads(client.predict(**given, api_name="/rerank"))) == lasting(answer)
    told, is_error = called(server, "rerank", {**given, "score_threshold": 0.1})
    assert not is_error
    assert [each["index"] for each in json.loads(told)["results"]] == [
        each["index"] for each in answer["results"] if each["score"] >= 0.1
    ]


def test_metadata_that_looks_like_a_file_of_gradios_is_handed_on_and_never_fetched(server, client):
    (hit,) = json.loads(client.predict("杯子", target="text", top_k=1, api_name="/search"))["hits"]
    assert hit["metadata"] == HOSTILE


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_in_a_sentence_and_not_logged_as_a_failure(server, client, caplog, what):
    given, sentence = WRONG[what]
    with pytest.raises(AppError) as raised:
        client.predict(**given, api_name="/search")
    assert sentence in str(raised.value)
    told, is_error = called(server, "search", given)
    assert is_error
    assert told == str(raised.value)
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


def test_a_fault_of_the_server_is_told_by_its_number_in_the_log_only(server, client, caplog, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("secret")

    monkeypatch.setattr(SearchEngine, "search", fail)
    with pytest.raises(AppError, match="something went wrong on the server") as raised:
        client.predict("red", api_name="/search")
    told, is_error = called(server, "search", {"query": "red"}, {"X-Request-Id": "number-1"})
    assert is_error
    assert told == "something went wrong on the server; its log has the details under request number-1"
    assert "secret" not in f"{raised.value}{told}"
    assert [record.getMessage() for record in caplog.records if record.exc_info][-1] == "request number-1 failed"


def test_a_request_keeps_the_number_that_its_caller_gave_it(server):
    told, _ = called(server, "search", {"query": "red"}, {"X-Request-Id": "number-2"})
    assert json.loads(told)["id"] == "number-2"


def test_the_server_calls_nobody_to_answer_an_agent_whatever_its_headers_say(server):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        address = f"127.0.0.1:{elsewhere.getsockname()[1]}"
        told, is_error = called(server, "search", {"query": "red"}, {"X-Forwarded-Host": address})
        assert json.loads(told)["hits"]
        assert not is_error
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_who_has_no_key_may_call_nothing(server):
    assert httpx.post(server.agents, json={}).status_code == 401
    assert httpx.get(f"{server.agents}sse").status_code == 401
    for path in ("/gradio_api/call/search", "/gradio_api/queue/join"):
        assert httpx.post(server.url + path, json={"data": ["red"]}).status_code == 401
    assert httpx.get(f"{server.url}/gradio_api/info").status_code == 401


def test_a_deadline_of_the_caller_ends_the_call(server):
    server.reranker.gate.clear()
    try:
        told, is_error = called(server, "search", {"query": "red"}, {"X-Request-Timeout": "0.3"})
    finally:
        server.reranker.gate.set()
    assert (told, is_error) == ("this took longer than the 0.3 s that a request may take", True)


def test_the_work_for_a_program_that_ends_is_given_up(server):
    server.reranker.gate.clear()
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, server.url, server.reader], stderr=subprocess.DEVNULL)
    try:
        until(lambda: server.waiting() == 1)
        program.kill()
        until(lambda: server.waiting() == 0)
    finally:
        server.reranker.gate.set()
        program.kill()
        program.communicate()


@pytest.mark.parametrize("by_sse", [False, True])
def test_the_work_for_an_agent_that_leaves_is_given_up(server, by_sse):
    async def leave():
        async with agent(server, by_sse=by_sse) as session:
            call = asyncio.create_task(session.call_tool("search", {"query": "red"}))
            await asyncio.to_thread(until, lambda: server.waiting() == 1)
            call.cancel()
            with suppress(asyncio.CancelledError):
                await call

    server.reranker.gate.clear()
    try:
        asyncio.run(leave())
        until(lambda: server.waiting() == 0)
    finally:
        server.reranker.gate.set()
