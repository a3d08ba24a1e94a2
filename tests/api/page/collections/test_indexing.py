"""Files become items: with progress, with reasons for what is refused, and nothing of them is left."""

import re
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
from support.toy_service import half_a_picture, picture
from support.toy_text_reader import ToyTextReader
from support.zips import zip_bytes

from api.page.collections.indexing import KIND, KeptReader
from api.page.collections.progress import progress_html
from api.page.complaints import Complaint
from content.errors import Cancelled, ModelError
from indexer.build import Progress

from .conftest import READER, VISIT


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def index(tab, files, target="", new_name="", ocr=False, visit=VISIT):
    return list(tab.indexing.index(visit, target, new_name, files, ocr))


def test_an_archive_with_two_bad_files_lists_exactly_those(tab, service, sent, temporary):
    files = {"a.png": picture("red"), "in/b.txt": b"text", "broken.png": half_a_picture(), "setup.exe": b"MZ"}
    archive = sent("things.zip", zip_bytes(files))

    updates = index(tab, [archive], new_name="things")

    report = updates[-1][tab.indexing.report]
    assert "2 indexed, 0 unchanged, 2 refused" in report
    assert report.count("<tr>") == 3
    assert "broken.png" in report
    assert "setup.exe" in report
    assert [item.id for item in service.library.open("things").page(9)] == ["a.png", "in/b.txt"]
    assert not archive.path.exists()
    assert list(temporary.iterdir()) == []
    assert updates[0][tab.indexing.files] is None
    assert updates[-1][tab.managing.target]["value"] == "things"


def test_a_report_goes_with_the_collection_that_it_is_about(tab, fill, sent):
    fill("other", ["a"])
    last = index(tab, [sent("a.txt", b"text")], "toys")[-1]
    reported = last[tab.managing.reported]
    assert "“toys” has 1 item now" in last[tab.indexing.report]

    (other,) = tab.managing.act(VISIT, "delete-really", "other", "other", None, reported)
    assert tab.indexing.report not in other
    (gone,) = tab.managing.act(VISIT, "delete-really", "toys", "toys", None, reported)
    assert gone[tab.indexing.report] == ""
    assert gone[tab.managing.reported] is None


def test_the_first_word_is_that_the_files_are_looked_at(tab, sent):
    first = index(tab, [sent("a.txt", b"text")], "toys")[0]
    assert "Looking at the files" in first[tab.indexing.progress]
    assert first[tab.indexing.start]["interactive"] is False
    assert first[tab.indexing.stop]["visible"] is True


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress(0, 40, 0, 0, 0, 0.0), ["0 of 40", "width:0.0%"]),
        (Progress(30, 40, 20, 9, 1, 2.0), ["30 of 40 · 15 a second · 1 s left", "20 indexed, 9 unchanged, 1 refused",
                                            "width:75.0%"]),
        (Progress(10, 100_000, 10, 0, 0, 10.0), ["10 of 100,000 · 1.0 a second · 27.8 h left"]),
        (Progress(10, 1000, 10, 0, 0, 5.0), ["8 min left"]),
        (Progress(1234, None, 1234, 0, 0, 10.0), ["1,234 · 123 a second"]),
    ],
)  # fmt: skip
def test_progress_is_told_with_figures(progress, told):
    shown = progress_html(VISIT, progress)
    assert all(each in shown for each in told)


def test_the_same_files_sent_again_are_unchanged(tab, sent):
    for expected in ("1 indexed, 0 unchanged", "0 indexed, 1 unchanged"):
        assert expected in index(tab, [sent("a.txt", b"a")], "toys")[-1][tab.indexing.report]


def test_names_and_reasons_are_shown_as_text(tab, sent):
    report = index(tab, [sent("<img src=x onerror=alert(1)>.exe", b"x")], "toys")[-1][tab.indexing.report]
    assert "&lt;img src=x" in report
    assert "<img" not in report
    assert "Nothing could be indexed" in report


def test_a_collection_is_not_left_behind_by_files_of_which_none_is_good(tab, service, sent):
    index(tab, [sent("a.exe", b"MZ")], new_name="nothing")
    assert [each.name for each in service.library.list()] == ["toys"]


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../etc/passwd"])
def test_a_table_does_not_make_the_server_read_its_own_disk(tab, service, sent, name):
    table = f'{{"id": "a", "image": "{name}"}}\n{{"id": "b", "text": "fine"}}\n'.encode()
    report = index(tab, [sent("items.jsonl", table)], "toys")[-1][tab.indexing.report]
    assert "leads out" in report
    assert service.library.open("toys").ids(9) == ["b"]


def test_what_is_missing_is_asked_for_and_the_files_stay(tab, sent):
    file = sent("a.txt", b"a")
    for target, new_name, files, key in (("", " ", [file], "no_target"), ("toys", "", [], "no_files")):
        with pytest.raises(Complaint, match=key):
            index(tab, files, target, new_name)
    with pytest.raises(Complaint, match="bad_name"):
        index(tab, [file], new_name="../up")
    with pytest.raises(Complaint, match="read_only"):
        index(tab, [file], "toys", visit=READER)
    assert file.path.exists()


def test_stopped_it_keeps_what_is_stored_and_says_so(tab, service, runs, sent, temporary):
    lines = b"".join(b'{"id": "%d", "text": "text"}\n' % number for number in range(20_000))
    shown = []
    for updates in tab.indexing.index(VISIT, "toys", "", [sent("items.jsonl", lines)], False):
        shown.append(updates)
        if re.search(r">[1-9][\d,]* indexed", updates.get(tab.indexing.progress, "")):
            (halted,) = tab.indexing.halt(VISIT)
            assert "still stored" in halted[tab.indexing.notice]

    report = shown[-1][tab.indexing.report]
    assert "Stopped" in report
    stored = len(service.library.open("toys"))
    assert 0 < stored < 20_000
    assert f"has {stored:,} items now" in report
    assert list(temporary.iterdir()) == []


def test_a_visitor_who_leaves_leaves_no_files(tab, runs, sent, temporary, service):
    lines = b"".join(b'{"id": "%d", "text": "text"}\n' % number for number in range(20_000))
    watched = tab.indexing.index(VISIT, "toys", "", [sent("items.jsonl", lines)], False)
    next(watched)
    next(watched)
    watched.close()
    deadline = monotonic() + 10
    while list(temporary.iterdir()) and monotonic() < deadline:
        sleep(0.05)
    assert list(temporary.iterdir()) == []
    assert len(service.library.open("toys")) < 20_000


def test_the_reader_of_text_is_loaded_once_and_only_where_it_is_wanted(tab, service, sent):
    loaded = []

    def load():
        loaded.append(None)
        return ToyTextReader({(255, 0, 0): "EXIT 7"})

    indexing = replace(tab.indexing, reader=KeptReader(load))
    list(indexing.index(VISIT, "toys", "", [sent("plain.png", picture("red"))], False))
    assert loaded == []
    for _ in range(2):
        updates = list(indexing.index(VISIT, "toys", "", [sent("a.png", picture("red"))], True))
    assert len(loaded) == 1
    assert service.library.open("toys").get(["a.png", "plain.png"])[0].ocr == "EXIT 7"
    assert service.library.open("toys").get(["plain.png"])[0].ocr is None
    assert "Text was found" in updates[-1][indexing.report]


def test_files_are_gone_even_where_indexing_fails(tab, sent, temporary):
    def fail():
        raise ModelError("no reader of text here")

    file = sent("a.png", picture("red"))
    indexing = replace(tab.indexing, reader=KeptReader(fail))
    with pytest.raises(ModelError):
        list(indexing.index(VISIT, "toys", "", [file], True))
    assert not file.path.exists()
    assert list(temporary.iterdir()) == []


def test_a_new_run_of_the_same_page_ends_the_former(tab, runs, sent):
    lines = b"".join(b'{"id": "%d", "text": "text"}\n' % number for number in range(20_000))
    watched = tab.indexing.index(VISIT, "toys", "", [sent("items.jsonl", lines)], False)
    next(watched)
    with runs.begun(VISIT.session, KIND):
        try:
            rest = list(watched)
        except Cancelled:
            return
    assert "Stopped" in rest[-1][tab.indexing.report]


def test_what_is_indexed_lies_in_the_pages_own_folder(tab, service, sent, temporary, tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    seen = []
    index_really = type(service).index

    def watched(*given, **more):
        seen.extend(each.name for each in own.iterdir())
        return index_really(*given, **more)

    monkeypatch.setattr(type(service), "index", watched)
    indexing = replace(tab.indexing, shell=replace(tab.indexing.shell, folder=own))
    list(indexing.index(VISIT, "toys", "", [sent("things.zip", zip_bytes({"a.txt": b"text"}))], False))

    assert [name.startswith("lychee-upload-") for name in seen] == [True]
    assert list(own.iterdir()) == list(temporary.iterdir()) == []
