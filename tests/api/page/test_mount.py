"""The page as a part of the server: which paths are its own, what goes with its answers, and what it lets nobody do."""

import time

import pytest

JOIN, UPLOAD = "/gradio_api/queue/join", "/gradio_api/upload"
FOREIGN = [
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
]
OWN = [
    {},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:80"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://proxied.example"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_other_page_asks_for_anything_through_a_visitors_browser(opened, headers):
    client = opened()
    for path in (JOIN, UPLOAD, "/gradio_api/call/search", "/gradio_api/mcp/", "/gradio_api/cancel"):
        for content_type in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
            answer = client.post(path, content=b"{}", headers={**headers, "Content-Type": content_type})
            assert (answer.status_code, answer.json()["error"]["type"]) == (403, "cross_site_refused"), path
    asked = client.options(UPLOAD, headers={**headers, "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 403
    assert not [name for name in asked.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("headers", OWN)
def test_the_page_itself_and_programs_may_ask(opened, headers):
    assert opened().post(JOIN, json={}, headers=headers).status_code == 200


def test_another_page_may_link_here_and_not_frame_or_read_it(opened):
    client = opened()
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/", headers=link).status_code == 200
    assert client.get("/", headers={**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert client.get("/", headers={**link, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}).status_code == 403
    assert client.get("/gradio_api/file=/a/b.png", headers=link).status_code == 403
    assert client.get("/config", headers={"Origin": "http://localhost:9999"}).status_code == 403


def test_origins_that_the_setting_names_may_and_get_no_credentials(opened):
    client = opened(cors_origins="https://shop.example")
    shop = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post(JOIN, json={}, headers=shop)
    assert answer.status_code == 200
    assert answer.headers.get_list("Access-Control-Allow-Origin") == ["https://shop.example"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert client.post(JOIN, json={}, headers={"Origin": "https://other.example"}).status_code == 403


def test_the_page_tells_no_browser_that_others_may_read_it(opened):
    answer = opened().get("/config", headers={"Origin": "http://127.0.0.1"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_the_document_runs_and_shows_its_own_servers_things_only(opened):
    answer = opened().get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert not [
        source for sources in policy.values() for source in sources.split() if "http" in source or "*" in source
    ]
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert "microphone=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_document_names_no_other_host(opened, encoding):
    answer = opened().get("/", headers={"Accept-Encoding": encoding})
    assert "<title>kept</title>" in answer.text
    assert "other.example" not in answer.text
    assert "og:" not in answer.text


def test_assets_are_kept_for_ever_and_nothing_else_is_kept(opened):
    client = opened()
    assert "immutable" in client.get("/assets/index-abc.js").headers["Cache-Control"]
    assert client.get("/assets/none").headers["Cache-Control"] == "no-store"
    for path in ("/", "/config", "/gradio_api/info"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_visitor_is_known_by_a_cookie_that_says_nothing(opened):
    client = opened()
    cookie = client.get("/").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Set-Cookie" not in client.get("/").headers
    client.cookies.clear()
    assert client.get("/").headers["Set-Cookie"] != cookie
    assert "Set-Cookie" not in client.get("/assets/a").headers


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/run/predict",
        "/gradio_api/component_server",
        "/gradio_api/queue/status",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/vibe-edit",
        "/gradio_api/runs",
        "/monitoring",
        "/run",
        "/robots.txt",
        "/svelte/x",
        "/gradio_api/stream/a/b/c/playlist.m3u8",
    ],
)
def test_of_gradios_other_routes_none_is_there(opened, path):
    client = opened()
    for answer in (client.get(path), client.post(path, json={})):
        assert answer.status_code == 404
        assert answer.json()["error"]["type"] == "not_found"


def test_requests_are_counted_by_the_form_of_their_path(opened):
    client = opened()
    client.get("/gradio_api/heartbeat/secret1")
    client.get("/gradio_api/queue/data?session_hash=secret2")
    client.get("/gradio_api/file=/tmp/secret3.png")
    client.get("/assets/secret4.js")
    told = client.get("/metrics").text
    assert "secret" not in told
    for form in (
        "/gradio_api/heartbeat/{session}",
        "/gradio_api/queue/data",
        "/gradio_api/file={path}",
        "/assets/{path}",
    ):
        assert f'route="{form}"' in told, form


def test_a_page_that_cannot_be_built_says_so_and_leaves_the_api_alone(opened):
    def broken(loading, settings, folder):
        raise RuntimeError("no theme")

    client = opened(broken)
    deadline = time.monotonic() + 10
    while "could not be built" not in client.get("/").text:
        assert time.monotonic() < deadline
    answer = client.get("/", headers={"Accept-Language": "zh"})
    assert answer.status_code == 503
    assert "无法生成" in answer.text
    assert "no theme" not in answer.text
    assert client.get("/health").status_code == 200
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < deadline + 20, "the models are loaded on a thread of their own"
        time.sleep(0.01)
    assert client.get("/v1/collections").status_code == 200
