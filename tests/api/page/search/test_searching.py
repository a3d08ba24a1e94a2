"""A search on the page: by whatever is in the form, watched, stopped, replaced, and cut without another one."""

import threading
from html import unescape

import pytest
from support.stepping_reranker import SteppingReranker
from support.toy_service import COLLECTION, half_a_picture, picture

from api.page.complaints import Complaint
from api.page.running import Replaced
from content.errors import Busy, Cancelled, DeadlineExceeded, NotAnImage, NotFound, TooLarge
from reranker.instructions import INSTRUCTIONS
from search.intake import Stored
from tests.api.page.search.conftest import record


@pytest.fixture
def upload(tmp_path):
    def upload(data: bytes, name: str = "holiday.png") -> str:
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return upload


def numbered(tab, count: int = 6) -> None:
    """Texts that a stepping judge scores by the number that they are: 0.1, 0.2, ..."""
    tab.service.upsert(COLLECTION, [record(f"n{n}", f"0.{n}") for n in range(1, count + 1)])


def test_what_is_shown_is_the_engines_own_answer(tab):
    answer = tab.service.engine().search("red mug")

    assert tab.found("red mug") == [hit.id for hit in answer.hits]
    assert tab.ids()[0] == "mug"
    assert "10.0" in tab.card("mug")["html"]
    assert 'src="/v1/collections/toys/items/red/image"' in tab.card("red")["html"]


def test_by_a_picture_and_by_a_picture_with_a_text(tab, upload):
    assert tab.found(picture=upload(picture("blue")), target="image")[0] == "blue"
    assert tab.found("mug", picture=upload(picture("red")))[0] == "mug"


def test_stage_1_is_shown_before_anything_is_judged_and_never_more_than_is_wanted(tab, reranker):
    reranker.gate.clear()
    stage_1 = [hit.id for hit in tab.service.engine().search("red mug", rerank=False, top_k=3).hits]
    running = tab.search("red mug", top_k=3)
    next(running)
    next(running)

    assert tab.ids() == stage_1
    assert all("unread" in tab.card(item_id)["classes"] for item_id in stage_1)
    assert 'role="progressbar"' in tab.state()
    assert 'aria-valuemax="6" aria-valuenow="0"' in tab.state()
    assert tab.shown[tab.parts.stop]["interactive"]

    reranker.gate.set()
    list(running)
    assert len(tab.ids()) == 3
    assert "unread" not in tab.card("mug")["classes"]
    assert not tab.shown[tab.parts.stop]["interactive"]


def test_a_search_that_is_stopped_keeps_what_was_read_and_says_how_much(open_tab):
    two, gate = threading.Event(), threading.Event()

    def on_run(number: int) -> None:
        if number == 2:
            two.set()
            gate.wait(10)

    tab = open_tab(SteppingReranker(1, on_run=on_run), fill=False)
    numbered(tab)
    for _ in tab.search("red"):
        if two.is_set() and "2 of 6" in tab.state():
            list(tab.handlers.stop(tab.visit))
    gate.set()

    assert "Stopped: 2 of 6 were read." in tab.state()
    classes = [tab.card(item_id)["classes"] for item_id in tab.ids()]
    assert ["unread" in each for each in classes] == [False, False, True, True, True, True]
    assert not tab.shown[tab.parts.stop]["interactive"]
    assert len(tab.cut(threshold=0.01)) == 2


def test_a_search_that_is_stopped_before_anything_was_found_says_so(tab, monkeypatch):
    engine = type(tab.service.engine())

    def search(*_, patience, **__):
        patience.cancel()
        patience.check()

    monkeypatch.setattr(engine, "search", search)
    with pytest.raises(Cancelled):
        tab.found("red mug")
    assert (tab.state(), tab.shown[tab.parts.stop]["interactive"]) == ("", False)


def test_a_second_search_replaces_the_first_which_says_nothing_more(tab, reranker):
    reranker.gate.clear()
    first = tab.handlers.search(tab.visit, *tab.form("red mug"))
    next(first)
    next(first)
    second = tab.search("blue bag")
    next(second)
    reranker.gate.set()

    with pytest.raises(Replaced):
        list(first)
    list(second)
    assert tab.ids()[0] == "bag"


def test_a_search_that_takes_too_long_shows_what_was_read_and_says_so(open_tab, reranker):
    tab = open_tab(reranker, request_timeout_s=0.4)
    reranker.gate.clear()

    with pytest.raises(DeadlineExceeded):
        tab.found("red mug")
    reranker.gate.set()

    assert len(tab.ids()) == 6
    assert not tab.shown[tab.parts.stop]["interactive"]


def test_cuts_need_no_other_search(tab, reranker):
    tab.found("red mug")
    judged = len(reranker.instructions)

    assert tab.cut(top_k=1) == ["mug"]
    assert set(tab.cut(threshold=0.5)) == {"mug", "red", "green-mug"}
    assert tab.cut(top_k=2, threshold=0.9) == ["mug"]
    assert len(tab.cut()) == 6
    assert len(reranker.instructions) == judged
    assert '"top_k": 2' not in tab.shown[tab.parts.code]


def test_cuts_before_any_search_show_nothing(tab):
    assert list(tab.handlers.cut(tab.visit, 3, 0.5, None)) == []


def test_a_cut_that_is_made_while_a_search_runs_counts_for_what_it_shows(tab, reranker):
    reranker.gate.clear()
    running = tab.search("red mug")
    next(running)
    next(running)
    assert list(tab.handlers.cut(tab.visit, 2, 0, None)) == []
    reranker.gate.set()
    list(running)

    assert len(tab.ids()) == 2
    assert "2 shown of 6" in tab.state()


def test_without_stage_2_the_order_is_that_of_stage_1_and_no_threshold_applies(tab, reranker):
    shown = tab.found("red mug", rerank=False, threshold=0.9)

    assert shown == [hit.id for hit in tab.service.engine().search("red mug", rerank=False).hits]
    assert "in the order of stage 1" in tab.state()
    assert "Instruction" not in tab.state()
    assert reranker.instructions == []
    assert len(tab.cut(threshold=1)) == 6


def test_a_server_without_a_judge_shows_stage_1(open_tab):
    tab = open_tab(None)
    assert tab.found("red mug", threshold=0.9)[0] == "mug"
    assert "&quot;rerank&quot;: false" in tab.shown[tab.parts.code]


@pytest.mark.parametrize(
    ("instruction", "task"),
    [
        ("", INSTRUCTIONS["web-search"]),
        (None, INSTRUCTIONS["web-search"]),
        ("product-search", INSTRUCTIONS["product-search"]),
        ("Find <my> mug", "Find <my> mug"),
    ],
)
def test_the_instruction_in_use_is_told(tab, instruction, task):
    tab.found("red mug", instruction=instruction)
    assert task in unescape(tab.state())


def test_at_least_as_many_candidates_as_are_shown(tab, reranker):
    assert len(tab.found("red mug", candidates=1, top_k=4)) == 4
    assert "4 shown of 4" in tab.state()


def test_a_filter_leaves_out_what_does_not_meet_it(tab):
    assert tab.found("red mug", filter_='{"price": {"$lt": 4}}') == ["red"]
    assert tab.found("red mug", filter_="{}") == tab.found("red mug")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{price: 5}", ("search.filter_no_json", {"line": 1, "column": 2})),
        ("[" * 100_000, ("search.filter_too_much", {})),
        ('{"price": {"$lx": 5}}', "did you mean `$lt`?"),
        ("[1]", "not a list"),
        ("5", "not a number"),
    ],
)
def test_a_filter_that_is_wrong_is_explained(tab, written, told):
    with pytest.raises(Complaint) as complaint:
        tab.found("red mug", filter_=written)
    if isinstance(told, str):
        assert told in complaint.value.values["detail"]
    else:
        assert (complaint.value.key, complaint.value.values) == told


def test_more_like_a_hit_searches_by_it_and_says_so_until_it_is_removed(tab):
    tab.found("green mug")

    assert tab.press("like", "blue", target="image")[0] == "blue"
    (chip,) = tab.shown[tab.parts.chip]
    assert "More like blue" in chip["html"]
    assert tab.shown[tab.parts.like] == Stored("blue", COLLECTION)
    assert (tab.shown[tab.parts.text], tab.shown[tab.parts.picture]) == ("", None)
    assert tab.found(target="image")[0] == "blue"  # the button searches by the same again

    list(tab.watched(tab.handlers.unlike(tab.visit, "unlike", "blue")))
    assert (tab.shown[tab.parts.chip], tab.shown[tab.parts.like]) == ([], None)
    with pytest.raises(Complaint, match=r"error\.empty_query"):
        tab.found()


def test_a_text_of_ones_own_takes_the_place_of_what_is_searched_by(tab):
    tab.found("green mug")
    tab.press("like", "blue")

    assert tab.found("red mug")[0] == "mug"
    assert (tab.shown[tab.parts.chip], tab.shown[tab.parts.like]) == ([], None)


def test_more_like_a_hit_that_is_gone_says_so(tab):
    tab.found("green mug")
    tab.service.library.open(COLLECTION).delete(["blue"])

    with pytest.raises(NotFound):
        tab.press("like", "blue")


def test_an_example_fills_the_form_and_searches(tab):
    list(tab.watched(tab.handlers.ask(tab.visit, "ask", "red mug", *tab.form(top_k=2))))
    assert (tab.shown[tab.parts.text], tab.ids()[0], len(tab.ids())) == ("red mug", "mug", 2)

    list(tab.watched(tab.handlers.ask(tab.visit, "like", "green", *tab.form(target="image"))))
    assert (tab.shown[tab.parts.text], tab.ids()[0]) == ("", "green")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_query_is_asked_for(tab, text):
    with pytest.raises(Complaint, match=r"error\.empty_query"):
        tab.found(text)


def test_pictures_that_cannot_be_read_are_refused_and_the_form_stays(tab, upload):
    for data, error in [(b"no picture", NotAnImage), (half_a_picture(), Exception)]:
        with pytest.raises(error):
            tab.found(picture=upload(data))
    with pytest.raises(NotFound, match="add it again"):
        tab.found(picture="/nowhere/gone.png")
    assert tab.shown == {}


def test_texts_that_are_too_long_and_collections_that_are_not_there_are_refused(open_tab):
    tab = open_tab(max_query_characters=10)
    with pytest.raises(TooLarge):
        tab.found("red mug red mug")
    with pytest.raises(NotFound, match="other"):
        tab.found("red", collection="other")


def test_a_busy_server_says_so_and_leaves_the_button_alive(open_tab, reranker):
    tab = open_tab(max_requests=1)
    with tab.service.worker.lane(None), pytest.raises(Busy):
        tab.found("red mug")

    assert not tab.shown[tab.parts.stop]["interactive"]
    assert tab.found("red mug")[0] == "mug"


def test_two_visitors_do_not_stop_each_other(tab, reranker):
    other = type(tab)(tab.service, session="other")
    reranker.gate.clear()
    mine = tab.search("red mug")
    next(mine)
    next(mine)
    list(other.handlers.stop(other.visit))
    reranker.gate.set()
    list(mine)

    assert "6 shown of 6" in tab.state()
