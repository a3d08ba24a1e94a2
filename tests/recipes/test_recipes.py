"""The pages of docs/recipes: what they say a program sends is sent to a server, and what it reads is looked for in the
answer; what configures the program can be read as what it is, and leads to the requests on the page."""

import ast
import json
import re
from urllib.parse import urlsplit

import pytest
import yaml
from support.recipe_pages import PAGES, Block, Exchange, Written, blocks, exchanges, found, parsed

EXCHANGES = [each for page in PAGES for each in exchanges(page)]
BLOCKS = [each for page in PAGES for each in blocks(page)]
LONGEST_DOUBLE = 18  # characters; of a longer number the JSON reader of OpenSearch's ml-commons makes no Double


def named(values):
    return [pytest.param(each, id=f"{each.page}-{place}") for place, each in enumerate(values)]


@pytest.mark.parametrize("exchange", named(EXCHANGES))
def test_the_server_answers_what_the_page_says_is_sent_with_what_the_program_reads(server, exchange: Exchange):
    answer = server.request(exchange.method, exchange.path, json=exchange.body)
    assert answer.is_success, answer.text
    if exchange.shown is not None:
        assert_is_read(exchange, parsed(answer.text))


@pytest.mark.parametrize("exchange", named(EXCHANGES))
def test_the_answer_on_the_page_has_what_the_program_reads(exchange: Exchange):
    if exchange.shown is not None:
        assert_is_read(exchange, exchange.shown)


def test_each_program_has_a_page_that_says_what_it_sends():
    of = {page.stem: sum(each.page == page.name for each in EXCHANGES) for page in PAGES if page.stem != "README"}
    assert set(of) == {"elasticsearch", "opensearch", "milvus", "weaviate", "dify", "open-webui"}
    assert all(of.values()), of


def assert_is_read(exchange: Exchange, answer) -> None:
    for path, kind in exchange.reads:
        values = found(answer, path)
        if "[*]" in path:
            assert len(values) == asked_for(exchange.body), path
        assert is_of(kind, values, exchange.body), f"{path} is not `{kind}`: {values}"
        if kind == "place":
            assert values[0] == found(exchange.shown, path)[0], "another document is best than on the page"


def documents(body) -> list:
    return body["texts"] if "texts" in body else body["documents"]


def asked_for(body) -> int:
    return min(body.get("top_n") or len(documents(body)), len(documents(body)))


def is_of(kind: str, values: list, body) -> bool:
    if kind.startswith("only "):
        return all(set(value) <= set(kind.split()[1:]) for value in values)
    checks = {
        "place": lambda: sorted(values) == list(range(len(values))),
        "in order": lambda: values == list(range(len(values))),
        "as sent": lambda: values == documents(body),
        "integer": lambda: all(type(value) is int for value in values),
        "float": lambda: all(isinstance(value, Written) and 0 <= float(value) <= 1 for value in values),
        "short float": lambda: all(isinstance(value, Written) and len(value) <= LONGEST_DOUBLE for value in values),
        "text": lambda: all(isinstance(value, str) and not isinstance(value, Written) for value in values),
        "not error": lambda: not any("error" in value for value in values),
    }
    return checks[kind]()


def test_no_score_is_written_so_long_that_opensearch_cannot_read_it(server):
    query = "one two three four five six seven"  # 1/7 takes 19 characters where nothing is done about it
    body = {"query": query, "documents": [" ".join(query.split()[:length]) for length in range(8)]}
    for path in ("/v1/rerank", "/v2/rerank", "/rerank"):
        scores = found(parsed(server.post(path, json=body).text), "$.results[*].relevance_score")
        assert max(len(score) for score in scores) <= LONGEST_DOUBLE
        assert [float(score) for score in scores] == pytest.approx([length / 7 for length in range(7, -1, -1)])


# Configurations of the other programs


@pytest.mark.parametrize("block", named(BLOCKS))
def test_every_block_can_be_read_as_what_it_is(block: Block):
    if block.language == "http":
        first, _, body = block.text.partition("\n")
        assert re.fullmatch(r"(GET|PUT|POST) \S+", first)
        if body:
            json.loads(body)
        return
    readers = {
        "json": json.loads,
        "yaml": yaml.safe_load,
        "python": ast.parse,
        "bash": lambda text: [re.fullmatch(r"export \w+=\S+", line)[0] for line in text.splitlines()],
        "graphql": lambda text: text.count("{") == text.count("}") or pytest.fail(text),
    }
    readers[block.language](block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_url_of_ours_on_a_page_leads_to_a_route(server, page):
    routes = server.get("/openapi.json").json()["paths"]
    urls = re.findall(r"http://lychee:7860[^\s\"'`|,\]]*", page.read_text(encoding="utf-8"))
    paths = {urlsplit(url).path for url in urls if not url.endswith(".*$")}
    bases = {"", "/v1"}  # the page says what the program appends
    assert paths - bases <= set(routes)
    assert urls


@pytest.mark.parametrize("exchange", named(EXCHANGES))
def test_every_path_that_is_sent_to_is_a_route(server, exchange: Exchange):
    assert exchange.method.lower() in server.get("/openapi.json").json()["paths"][exchange.path]


def templates() -> list[tuple[str, str, str]]:
    """Each template for a request that a page configures: the page, the URL's path, the template."""
    of = []
    for block in BLOCKS:
        body = block.text.partition("\n")[2] if block.language == "http" else ""
        settings = json.loads(body) if body else {}
        for each in [settings.get("service_settings", {}), *settings.get("actions", [])]:
            template = each.get("request", each.get("request_body"))
            if template is not None:
                of.append((block.page, urlsplit(each["url"]).path, template))
    return of


@pytest.mark.parametrize(("page", "path", "template"), templates())
def test_a_template_filled_as_the_program_fills_it_is_a_request_on_its_page(page, path, template):
    """Elasticsearch puts in JSON; OpenSearch puts texts between quotes that the template has."""
    filled = [json.loads(_filled(template, each.body)) for each in EXCHANGES if (each.page, each.path) == (page, path)]
    sent = [each.body for each in EXCHANGES if (each.page, each.path) == (page, path)]
    assert any(one == other for one, other in zip(filled, sent, strict=True))


def _filled(template: str, body) -> str:
    query, inputs = body.get("query", body.get("queries")), json.dumps(documents(body))
    values = {
        "${query}": json.dumps(query),
        "${input}": inputs,
        "${parameters.query}": json.dumps(query)[1:-1],
        "${parameters.documents}": inputs,
        "${parameters.top_n}": str(len(documents(body))),
    }
    for name, value in values.items():
        template = template.replace(name, value)
    return template


def test_the_json_paths_that_elasticsearch_is_given_are_those_that_are_looked_for():
    page = next(page for page in PAGES if page.stem == "elasticsearch")
    given = set(re.findall(r"\"(\$[^\"]+)\"", "".join(each.text for each in blocks(page))))
    looked_for = {path for each in exchanges(page) for path, _ in each.reads}
    assert given
    assert given <= looked_for
