"""/docs of a server that asks for keys: its requests can be tried from the page, and the key stays there."""

import re

from api.docs.assets import SCRIPT


def test_there_is_a_field_for_the_key_where_one_is_asked_for(guarded, idle):
    assert "id=key" in guarded.client.get("/docs").text
    assert "id=key" not in idle.get("/docs").text
    assert "Authorization" not in re.sub(r"<script>.*</script>", "", idle.get("/docs").text, flags=re.DOTALL)


def test_no_browser_keeps_what_is_in_it(guarded):
    page = guarded.client.get("/docs").text
    field = re.search(r"<input id=key[^>]*>", page)
    assert field
    assert "type=password" in field.group()
    assert "autocomplete=off" in field.group()
    assert "name=" not in field.group()
    before = page[: field.start()]
    assert before.count("<form") == before.count("</form>")
    assert not re.search("localStorage|sessionStorage|cookie", SCRIPT)


def test_what_is_tried_carries_it_and_the_headers_of_the_route(guarded):
    page = guarded.client.get("/docs").text
    assert 'document.getElementById("key")' in SCRIPT
    assert "headers.Authorization = `Bearer ${key.value.trim()}`" in SCRIPT
    assert 'querySelectorAll("[data-header]")' in SCRIPT
    assert "<input name='X-Request-Timeout' data-header>" in page
    assert "<input name='name'>" in page


def test_the_lines_for_curl_carry_it_but_where_none_is_needed(guarded):
    page = guarded.client.get("/docs").text
    assert "/v1/collections -H &quot;Authorization: Bearer $KEY&quot;" in page
    assert re.search(r"curl -s [^<]*/health</pre>", page)


def test_a_route_stands_with_its_kind_and_a_header_is_no_part_of_a_path(guarded):
    page = guarded.client.get("/docs").text
    titles = re.findall(r"<main>.*", page, re.DOTALL)[0]
    sections = re.findall(r"<h2>(\w+)</h2>", titles)
    assert len(sections) == len(set(sections))
    assert "<h4>Headers</h4><table><tr><td><code>X-Request-Timeout</code>" in page
    assert "<h4>Path</h4><table><tr><td><code>X-" not in page
