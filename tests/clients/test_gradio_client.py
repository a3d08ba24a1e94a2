"""Gradio's own client: the page's search and rerank, by their names."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.compatibility import needs
from support.near_duplicates import BEST, QUERY, check

pytestmark = needs("gradio_client")

GUIDE = Path(__file__).parents[2] / "docs" / "page.md"


@pytest.fixture(scope="module")
def client(url, page):
    from gradio_client import Client

    with_page = Client(url, verbose=False)
    yield with_page
    with_page.close()


def check_results(told):
    results = json.loads(told)["results"]
    check([each["index"] for each in results], [each["score"] for each in results])


def check_hits(told, near, routes, query):
    """As the route answers, and the right one first."""
    hits = json.loads(told)["hits"]
    assert hits[0]["id"] == near.ids[BEST]
    asked = {"query": query, "top_k": 3}
    assert hits == routes.post("/v1/search", json=asked).raise_for_status().json()["hits"]


@pytest.mark.client("gradio_client", "Client.predict /search", "text")
def test_search_by_words(client, near, routes):
    check_hits(client.predict(QUERY, top_k=3, api_name="/search"), near, routes, QUERY)


@pytest.mark.client("gradio_client", "Client.predict /search", "picture")
def test_search_by_a_picture(client, near, routes):
    picture = base64.b64encode(near.files[BEST].read_bytes()).decode()
    told = client.predict("", image=picture, top_k=3, api_name="/search")
    check_hits(told, near, routes, {"image": picture})


@pytest.mark.client("gradio_client", "Client.predict /search", "error")
def test_search_raises_with_our_words(client):
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="there is no collection nowhere"):
        client.predict(QUERY, collection="nowhere", api_name="/search")


@pytest.mark.client("gradio_client", "Client.predict /rerank", "text")
def test_rerank_texts(client, near):
    check_results(client.predict(QUERY, list(near.captions), api_name="/rerank"))


@pytest.mark.client("gradio_client", "Client.predict /rerank", "picture")
def test_rerank_pictures(client, near):
    check_results(client.predict(QUERY, images=list(near.pictures), api_name="/rerank"))


@pytest.mark.client("gradio_client", "Client.predict /rerank", "error")
def test_rerank_raises_with_our_words(client):
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="`documents` must have at least 1 entries"):
        client.predict(QUERY, [], api_name="/rerank")


@pytest.mark.client("gradio_client", "Client.view_api", "text")
def test_the_client_is_told_of_these_two_only(client):
    told = client.view_api(return_format="dict", print_info=False)
    assert list(told["named_endpoints"]) == ["/search", "/rerank"]
    assert not told["unnamed_endpoints"]


@pytest.mark.usefixtures("page")
def test_the_lines_of_the_guide(near, routes):
    (lines,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    lines = lines.replace("http://127.0.0.1:7860", str(routes.base_url))
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"['{near.ids[BEST]}'" in done.stdout
    assert "| 1 | 0.9" in done.stdout
