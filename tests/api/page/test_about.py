"""What the tab `about` says, and what it keeps to itself."""

import re
from contextlib import closing
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from api.loading import Loading
from api.page.about import facts as about
from api.page.about.facts import facts_html, programs_html
from api.page.running import Runs
from api.page.shell import Shell
from api.page.visit import Visit
from search.observer import NobodyWatches
from search.settings import Judge, Quantization, Settings
from search.status import status_of, versions

ENGLISH, CHINESE = (Visit(language, "me", "http://localhost:7860") for language in ("en", "zh"))


def shown(visit, settings, *, since=0):
    """Name -> value, as the page has them."""
    with closing(toy_service(settings, ToyReranker())) as service:
        loading = SimpleNamespace(service=service, since=since)
        html = facts_html(visit, Shell(loading, settings, Runs(0)), status_of(service))
    assert "{" not in html
    return {unescape(name): unescape(value) for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)}


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(collections=tmp_path / "secret-place", collection=COLLECTION)


def test_models_limits_and_versions_are_told(settings):
    settings = settings.model_copy(
        update={"max_requests": 5, "candidates": 30, "max_documents": 2000, "max_image_bytes": 3 * 2**20}
    )
    told = shown(ENGLISH, settings)
    assert told["Stage 1, recall"] == "toy-16"
    assert told["Stage 2, rerank"] == "toy-reranker"
    assert told["Requests at the models or waiting"] == "0 of at most 5"
    assert told["Collections"] == "1"
    assert told["Candidates"] == "30 unless chosen, at most 1,000"
    assert told["Documents to rerank at a time"] == "2,000"
    assert told["A picture"] == "at most 3 MiB and 50,000,000 pixels"
    assert told["Time for a request"] == "300 s"
    assert told.items() >= versions().items()


def test_nobody_reads_where_the_server_keeps_its_things(settings, tmp_path):
    open_ = settings.model_copy(update={"keys": tmp_path / "secret-keys.json", "image_urls": "cdn.secret.example"})
    told = shown(ENGLISH, open_)
    assert (told["API keys"], told["Pictures by URL"]) == ("on", "on")
    assert "secret" not in str(told)
    assert str(tmp_path) not in str(told)
    assert str(Path.home()) not in str(told)


@pytest.mark.parametrize("visit", [ENGLISH, CHINESE])
@pytest.mark.parametrize("judge", get_args(Judge))
@pytest.mark.parametrize("quantization", get_args(Quantization))
def test_there_are_words_for_every_setting(settings, visit, judge, quantization):
    given = {"judge": judge, "quantization": quantization, "request_timeout_s": 0.0}
    assert len(shown(visit, settings.model_copy(update=given))) > 15


def test_names_of_models_are_shown_and_not_run(settings):
    reranker = ToyReranker()
    reranker.name = "<img src=x onerror=alert(1)>"
    with closing(toy_service(settings, reranker)) as service:
        shell = Shell(SimpleNamespace(service=service, since=0), settings, Runs(0))
        assert "<img" not in facts_html(ENGLISH, shell, status_of(service))


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (59, "59 s", "59 秒"),
        (60, "1 min", "1 分钟"),
        (3599, "59 min", "59 分钟"),
        (3600, "1 h 0 min", "1 小时 0 分钟"),
        (2 * 86400 + 3 * 3600 + 59, "2 d 3 h", "2 天 3 小时"),
    ],
)
def test_how_long_it_runs(settings, monkeypatch, seconds, english, chinese):
    monkeypatch.setattr(about.time, "time", lambda: 1000.5 + seconds)
    assert shown(ENGLISH, settings, since=1000)["Running for"] == english
    assert shown(CHINESE, settings, since=1000)["已运行"] == chinese


def test_limits_and_versions_are_told_while_the_models_load(settings):
    loading = Loading(lambda: None, lambda _: None, NobodyWatches())
    html = facts_html(ENGLISH, Shell(loading, settings, Runs(0)), None)
    assert "Candidates" in html
    assert "torch" in html
    assert "Stage 1" not in html


def test_programs_are_told_the_address_under_which_the_visitor_came():
    html = programs_html(Visit("en", "me", 'http://a"<b>'), None)
    assert "http://a&quot;&lt;b&gt;/gradio_api/mcp/" in html
    assert "Search or rerank something" in html
    assert "<pre>code" in programs_html(ENGLISH, "<pre>code")
