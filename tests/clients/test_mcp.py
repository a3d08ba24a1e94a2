"""Agents: the page's search and rerank as tools of the Model Context Protocol, by the protocol's own library."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY, check

pytestmark = [needs("mcp"), pytest.mark.usefixtures("page")]

GUIDE = Path(__file__).parents[2] / "docs" / "page.md"


def told_in_the_guide(tool):
    """The arguments in the table that begins with the tool's name."""
    (rows,) = re.findall(rf"^\| `{tool}` \| \| \|\n\| :-.*\n((?:\|.*\n)+)", GUIDE.read_text("utf-8"), re.MULTILINE)
    return re.findall(r"^\| `(\w+)`", rows, re.MULTILINE)


@pytest.fixture
def by_http(url):
    from mcp.client.streamable_http import streamable_http_client

    return lambda: streamable_http_client(f"{url}/gradio_api/mcp/")


@pytest.fixture
def by_sse(url):
    from mcp.client.sse import sse_client

    return lambda: sse_client(f"{url}/gradio_api/mcp/sse")


def ask(opened, question):
    """What the question, which takes a session, comes to."""
    from mcp import ClientSession

    async def asked():
        async with opened as streams, ClientSession(*streams[:2]) as session:
            await session.initialize()
            return await question(session)

    return asyncio.run(asked())


def call(opened, tool, arguments):
    """What the tool said, and whether as an error."""
    result = ask(opened, lambda session: session.call_tool(tool, arguments))
    (content,) = result.content
    return content.text, result.isError


@pytest.mark.client("mcp", "tools/list", "text")
def test_the_tools_say_what_they_do_and_take(by_http):
    tools = ask(by_http(), lambda session: session.list_tools()).tools
    assert [tool.name for tool in tools] == ["search", "rerank"]
    assert all(tool.description for tool in tools)
    search, rerank = (tool.inputSchema["properties"] for tool in tools)
    assert [search[name]["type"] for name in ("query", "top_k", "rerank")] == ["string", "integer", "boolean"]
    assert rerank["images"]["items"] == {"type": "string"}
    assert all(field["description"] for schema in (search, rerank) for field in schema.values())
    assert told_in_the_guide("search") == list(search)
    assert told_in_the_guide("rerank") == list(rerank)


@pytest.mark.parametrize(
    "opened",
    [
        pytest.param("by_http", marks=pytest.mark.client("mcp", "tools/call search, streamable HTTP", "text")),
        pytest.param("by_sse", marks=pytest.mark.client("mcp", "tools/call search, SSE", "text")),
    ],
)
def test_search_by_words(routes, near, request, opened):
    told, is_error = call(request.getfixturevalue(opened)(), "search", {"query": QUERY, "top_k": 3})
    assert not is_error
    hits = json.loads(told)["hits"]
    assert hits[0]["id"] == near.ids[BEST]
    asked = {"query": QUERY, "top_k": 3}
    assert hits == routes.post("/v1/search", json=asked).raise_for_status().json()["hits"]


@pytest.mark.client("mcp", "tools/call search, streamable HTTP", "picture")
def test_search_by_a_picture(by_http, near):
    told, is_error = call(by_http(), "search", {"query": "", "image": near.pictures[BEST], "target": "image"})
    assert not is_error
    assert json.loads(told)["hits"][0]["id"] == near.ids[BEST]


@pytest.mark.client("mcp", "tools/call search, streamable HTTP", "error")
def test_an_error_is_a_result_that_says_so(by_http):
    told, is_error = call(by_http(), "search", {"query": QUERY, "collection": "nowhere"})
    assert (told, is_error) == ("there is no collection nowhere", True)


def check_results(told, is_error):
    assert not is_error
    results = json.loads(told)["results"]
    check([each["index"] for each in results], [each["score"] for each in results])


@pytest.mark.client("mcp", "tools/call rerank, streamable HTTP", "text")
def test_rerank_texts(by_http, near):
    check_results(*call(by_http(), "rerank", {"query": QUERY, "documents": list(near.captions)}))


@pytest.mark.client("mcp", "tools/call rerank, streamable HTTP", "picture")
def test_rerank_pictures(by_http, near):
    check_results(*call(by_http(), "rerank", {"query": QUERY, "images": list(near.pictures)}))
