"""The door of the page: who gets in with a key, for how long, and what the session is good for."""

import re
from urllib.parse import quote

import pytest
from support.guarded import add_key, bearer
from support.toy_service import data_uri

from api.guards.key_file import change_keys

JOIN, CALL, CONFIG = "/gradio_api/queue/join", "/gradio_api/call/search", "/config"


def log_in(client, secret, **headers):
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return client.post("/login", content=f"key={quote(secret)}", headers=form)


def revoke(door, name):
    change_keys(door.file, lambda known: [each for each in known if each.name != name])


def test_a_stranger_is_asked_for_a_key_in_their_language(door):
    english = door.client.get("/", headers={"Accept-Language": "fr, en;q=0.8"})
    chinese = door.client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert (english.status_code, chinese.status_code) == (200, 200)
    assert "the page" not in english.text
    assert 'lang="en"' in english.text
    assert '<label for="key">API key</label>' in english.text
    assert 'lang="zh-CN"' in chinese.text
    assert '<label for="key">API 密钥</label>' in chinese.text
    (field,) = re.findall("<input[^>]*>", english.text)
    assert 'type="password"' in field
    assert 'autocomplete="off"' in field
    assert "<script" not in english.text
    assert "script-src" not in english.headers["Content-Security-Policy"]
    assert "default-src 'none'" in english.headers["Content-Security-Policy"]


def test_a_key_opens_the_page_for_a_browser(door):
    answer = log_in(door.client, door.reader)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert door.reader not in cookie
    assert "the page" in door.client.get("/").text
    assert door.client.post(JOIN, json={}).json() == {"bytes": 2, "key": "reader", "scope": "read"}
    assert door.client.get(CONFIG).json()["key"] == "reader"


@pytest.mark.parametrize("over_tls", [{"Origin": "https://127.0.0.1"}, {"X-Forwarded-Proto": "https"}])
def test_over_tls_the_cookie_goes_nowhere_else(door, over_tls):
    assert "Secure" in log_in(door.client, door.reader, **over_tls).headers["Set-Cookie"].split("; ")


@pytest.mark.parametrize("given", ["lychee_guessed", "", "   ", "\x00", "红", "a" * 5000])
def test_what_is_no_key_opens_nothing_and_is_not_repeated(door, given):
    answer = log_in(door.client, given, **{"Accept-Language": "zh"})
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "guessed" not in answer.text
    assert "the page" not in door.client.get("/").text


def test_a_form_that_is_none_opens_nothing(door):
    for body in (b"", b"\xff\xfe", b"key", b"&&&=", b"x=1" * 100):
        assert door.client.post("/login", content=body).status_code == 401


def test_whoever_guesses_is_braked_and_others_are_not_for_long(door):
    told = [log_in(door.client, f"lychee_{n}").status_code for n in range(12)]
    assert told == [401] * 10 + [429] * 2
    braked = log_in(door.client, door.reader)
    assert (braked.status_code, braked.headers["Retry-After"]) == (429, "60")
    assert "Wait a minute" in braked.text
    assert door.client.get(CONFIG, headers=bearer(door.reader)).status_code == 200


def test_without_a_key_nothing_of_the_page_is_told_but_what_gradio_brings(door):
    for path in (CONFIG, "/gradio_api/info", "/gradio_api/file=/etc/passwd", "/gradio_api/heartbeat/x"):
        assert door.client.get(path).status_code == 401, path
    for path in (JOIN, CALL, "/gradio_api/upload", "/gradio_api/mcp/"):
        assert door.client.post(path, json={}).status_code == 401, path
    for path in ("/assets/a.js", "/static/a.js", "/theme.css", "/manifest.json", "/favicon.ico"):
        assert door.client.get(path).status_code == 200, path
    assert door.client.post("/theme.css").status_code == 401


def test_programs_send_their_key_with_each_request(door):
    for path in (JOIN, CALL, "/gradio_api/upload", "/gradio_api/mcp/"):
        told = door.client.post(path, content=b"", headers=bearer(door.reader))
        assert told.status_code == 200, path
    assert "the page" in door.client.get("/", headers=bearer(door.writer)).text
    assert door.client.get(CONFIG, headers=bearer(door.writer)).json()["scope"] == "write"
    assert door.client.get(CONFIG, headers=bearer("lychee_wrong")).status_code == 401


def test_a_session_is_good_for_the_page_and_its_pictures_and_for_nothing_else(door):
    item = {"items": [{"id": "a/b", "image": data_uri("red")}]}
    door.client.post("/v1/collections/toys/items", json=item, headers=bearer(door.writer)).raise_for_status()
    log_in(door.client, door.writer)
    picture = "/v1/collections/toys/items/a/b/image"
    assert door.client.get(picture).headers["Content-Type"] == "image/png"
    assert door.client.head(picture).status_code in (200, 405)
    assert door.client.get(picture.removesuffix("/image")).status_code == 401
    assert door.client.get("/v1/collections").status_code == 401
    assert door.client.get("/metrics").status_code == 401
    assert door.client.post("/v1/search", json={"query": "red"}).status_code == 401
    assert door.client.delete("/v1/collections/toys").status_code == 401
    assert door.client.put("/v1/collections/new").status_code == 401


def test_a_session_ends_with_its_key(door):
    log_in(door.client, door.reader)
    assert door.client.get(CONFIG).status_code == 200
    revoke(door, "reader")
    assert door.client.get(CONFIG).status_code == 401
    assert "the page" not in door.client.get("/").text
    add_key(door.file, "reader")
    assert door.client.get(CONFIG).status_code == 401


def test_logging_out_ends_the_session_wherever_its_cookie_is(door):
    log_in(door.client, door.reader)
    cookie = "; ".join(f"{name}={value}" for name, value in door.client.cookies.items())
    answer = door.client.post("/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "the page" not in door.client.get("/").text
    assert door.client.get(CONFIG, headers={"Cookie": cookie}).status_code == 401
    assert door.client.post("/logout").status_code == 303


def test_each_has_a_session_of_their_own(door):
    first = log_in(door.client, door.reader).headers["Set-Cookie"].partition(";")[0]
    door.client.cookies.clear()
    second = log_in(door.client, door.reader).headers["Set-Cookie"].partition(";")[0]
    door.client.cookies.clear()
    assert first != second
    door.client.post("/logout", headers={"Cookie": first})
    assert door.client.get(CONFIG, headers={"Cookie": first}).status_code == 401
    assert door.client.get(CONFIG, headers={"Cookie": second}).status_code == 200


def test_who_follows_a_link_from_elsewhere_is_let_in_at_the_second_look(door):
    """The browser keeps the cookie back from the first request, and sends it with the one that the answer asks for."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert 'http-equiv="refresh" content="0; url=/"' in door.client.get("/", headers=link).text
    assert "refresh" not in door.client.get("/", headers={**link, "Sec-Fetch-Site": "same-origin"}).text


def test_only_what_asks_for_something_counts_toward_a_keys_rate(door):
    log_in(door.client, add_key(door.file, "slow", rate=2))
    for path in (CONFIG, "/", "/assets/a", "/gradio_api/queue/data?session_hash=a", "/gradio_api/heartbeat/a"):
        for _ in range(3):
            assert door.client.get(path).status_code == 200
    assert [door.client.post(path, json={}).status_code for path in (JOIN, CALL, JOIN)] == [200, 200, 429]
    assert door.client.get(CONFIG).status_code == 200


def test_keys_that_cannot_be_read_let_nobody_in_and_the_door_says_so(door):
    log_in(door.client, door.reader)
    door.file.write_text("{")
    assert door.client.get(CONFIG).status_code == 503
    assert "API key" in door.client.get("/").text
    refused = log_in(door.client, door.reader)
    assert refused.status_code == 503
    assert "cannot read its keys" in refused.text


def test_without_keys_there_is_no_door(opened):
    client = opened()
    assert "the page" in client.get("/").text
    assert client.get("/login").status_code == 404
    assert client.post("/login").status_code == 404
    assert client.post(JOIN, json={}).json()["key"] is None


def test_a_key_is_in_no_log(door, caplog):
    caplog.set_level("DEBUG")
    log_in(door.client, door.reader)
    log_in(door.client, "lychee_almost")
    door.client.get("/")
    assert "lychee_" not in caplog.text.replace("lychee_session", "").replace("lychee_visitor", "")
