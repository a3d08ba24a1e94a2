"""Two instructions on one query: what is shown of either side is what the engine itself says."""

import html
import re
from types import SimpleNamespace

import gradio as gr
import pytest
from support.toy_encoder import ToyEncoder
from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, picture, toy_service

from api.page.complaints import Complaint
from api.page.instructions.comparing import Comparing
from api.page.running import Runs
from api.page.shell import Shell
from api.page.visit import Visit
from content.errors import Cancelled, NotFound
from indexer.collection import Collection
from indexer.record import Record, digest
from reranker.instructions import INSTRUCTIONS
from reranker.protocol import Judgement
from search.settings import Settings

ENGLISH = Visit("en", "session", "http://127.0.0.1")
NASTY = '<img src=x onerror=alert(1)> "red" mug'


class Contrary(ToyReranker):
    """Thinks the opposite of everything where the instruction says so."""

    def score(self, instruction, query, documents):
        judged = super().score(instruction, query, documents)
        if instruction == "contrary":
            return [Judgement(1 - each.score, tokens=each.tokens) for each in judged]
        return [Judgement(0.5, tokens=each.tokens) for each in judged] if instruction == "blind" else judged


def record(name: str, text: str | None = None, image: bytes | None = None) -> Record:
    return Record(name, text, image, digest(text, image, {}))


@pytest.fixture
def reranker() -> Contrary:
    return Contrary()


@pytest.fixture
def service(tmp_path, reranker):
    service = toy_service(Settings(collections=tmp_path / "collections", collection=COLLECTION), reranker)
    texts = {"both": "red mug", "half": "red bag", "neither": "blue hat", 'a/"b"': NASTY}
    service.upsert(COLLECTION, [record(name, text) for name, text in texts.items()])
    yield service
    service.close()


@pytest.fixture
def comparing(service, drawn) -> Comparing:
    shell = Shell(SimpleNamespace(is_loading=False, service=service), service.settings, Runs(0))
    return drawn(lambda: Comparing(shell, gr.Dropdown(), gr.Button(), gr.HTML(), gr.HTML(), (gr.HTML(), gr.HTML())))


def asked(comparing: Comparing, first="plain", second="contrary", *, text="red mug", image=None, collection=COLLECTION):
    return comparing.run(ENGLISH, text, image, collection, 20.0, first, second)


def last(comparing: Comparing, *sides: str, **more) -> dict:
    shown: dict = {}
    for updates in asked(comparing, *sides, **more):
        shown |= updates
    return shown


def order(shown: dict, side: gr.HTML) -> list[str]:
    return [card["key"] for card in shown[side]]


def cells(shown: dict, comparing: Comparing) -> dict[str, list[str]]:
    """The table of figures, by the names of its rows."""
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', shown[comparing.verdict])
    return {name: [html.unescape(cell) for cell in re.findall("<td>(.*?)</td>", row)] for name, row in rows}


def test_each_side_shows_the_engines_own_order_and_scores(comparing, service):
    shown = last(comparing)
    for side, task in zip(comparing.hits, ("plain", "contrary"), strict=True):
        hits = service.engine().search("red mug", instruction=task, top_k=20).hits
        assert order(shown, side) == [hit.id for hit in hits]
        assert [re.search(r"<b>(.*?)</b>", card["html"])[1] for card in shown[side]] == [f"{h.score:.3f}" for h in hits]


def test_hits_that_differ_are_marked_with_where_they_stand_on_the_other_side(comparing):
    shown = last(comparing)
    first, second = ({card["key"]: card for card in shown[side]} for side in comparing.hits)
    places = {name: order(shown, comparing.hits[1]).index(name) + 1 for name in first}
    assert "differs" in first["both"]["classes"]
    assert f"(B: {places['both']})" in first["both"]["html"]
    assert "3 higher than under B" in first["both"]["html"]
    assert "3 lower than under A" in second["both"]["html"]
    assert "+1.000" in first["both"]["html"]
    assert "-1.000" in second["both"]["html"]
    assert first["half"]["classes"] == "row"  # one half is the same score to both
    assert "same place" in first["half"]["html"]


def test_the_figures_say_how_well_each_side_separates(comparing):
    table = cells(last(comparing, "plain", "blind"), comparing)
    assert table["Instruction"] == ["plain", "blind"]
    assert table["Highest score"] == ["1.000", "0.500"]
    assert table["Lowest score"] == ["0.000", "0.500"]
    assert table["Spread (highest minus lowest)"] == ["1.000", "0.000"]
    assert table["Scores above 0.5"] == ["1 of 4", "0 of 4"]


def test_a_side_whose_scores_hardly_differ_is_warned_of(comparing):
    assert "Under B the scores hardly differ" in last(comparing, "plain", "blind")[comparing.verdict]
    assert "hardly differ" not in last(comparing, "plain", "contrary")[comparing.verdict]


def test_the_first_side_is_shown_while_the_second_is_judged(comparing, reranker):
    run = asked(comparing)
    cleared = next(run)
    assert cleared[comparing.stopping]["interactive"] is True
    reranker.gate.clear()
    shown = next(run)
    assert "A: 0 of 4 judged" in shown[comparing.progress]
    assert len(shown[comparing.hits[0]]) == 4
    assert comparing.hits[1] not in shown
    reranker.gate.set()
    assert list(run)[-1][comparing.verdict]
    assert comparing.ended()[comparing.stopping]["interactive"] is False


def test_a_comparison_can_be_stopped(comparing, reranker):
    run = asked(comparing)
    reranker.gate.clear()
    next(run), next(run)
    assert list(comparing.stop(ENGLISH)) == [{}]
    with pytest.raises(Cancelled):
        list(run)
    reranker.gate.set()


def test_what_strangers_wrote_is_text_and_their_pictures_have_this_servers_address(comparing, service):
    service.upsert(COLLECTION, [record('p"><script>', image=picture("red"))])
    shown = last(comparing, NASTY, "<script>alert(1)</script>")
    written = shown[comparing.verdict] + "".join(card["html"] for side in comparing.hits for card in shown[side])
    assert "<script" not in written
    assert "onerror=alert(1)>" not in written
    assert re.findall(r'src="(.*?)"', written) == [f"/v1/collections/{COLLECTION}/items/p%22%3E%3Cscript%3E/image"] * 2


def test_a_picture_can_be_the_query(comparing, tmp_path, service):
    path = tmp_path / "red.png"
    path.write_bytes(picture("red"))
    shown = last(comparing, text="", image=str(path))
    assert order(shown, comparing.hits[0])[0] in ("both", "half")


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"text": "  "}, "error.empty_query"),
        ({"first": "web-search", "second": INSTRUCTIONS["web-search"]}, "instructions.same"),
        ({"first": "", "second": None}, "instructions.same"),
    ],
)
def test_what_cannot_be_compared_is_said(comparing, more, complaint):
    with pytest.raises(Complaint, match=re.escape(complaint)):
        list(asked(comparing, **more))


def test_without_a_judge_there_is_nothing_to_compare(comparing, service):
    service.reranker = None
    with pytest.raises(Complaint, match=r"instructions\.no_judge"):
        list(asked(comparing))


def test_an_empty_collection_finds_nothing_and_one_that_is_gone_is_named(comparing, service):
    service.library.create("empty")
    with pytest.raises(Complaint, match=r"instructions\.nothing_found"):
        list(asked(comparing, collection="empty"))
    with pytest.raises(NotFound, match="gone"):
        list(asked(comparing, collection="gone"))


def test_a_hit_is_called_as_the_search_tab_calls_it_and_a_long_text_is_cut(comparing, service):
    named = {"caption": "a red mug of clay"}
    service.upsert(COLLECTION, [Record("shot", None, picture("red"), digest(None, b"shot", named), named)])
    service.upsert(COLLECTION, [record("long", "red mug " * 1000)])
    cards = {card["key"]: card["html"] for card in last(comparing)[comparing.hits[0]]}
    assert 'alt="a red mug of clay"' in cards["shot"]
    assert len(cards["long"]) < 1000


def test_only_collections_that_can_be_searched_are_offered(comparing, tmp_path):
    Collection.create(tmp_path / "collections" / "foreign", ToyEncoder(8)).close()
    (update,) = comparing.collections(ENGLISH, "foreign")
    assert update[comparing.collection]["choices"] == [COLLECTION]


def test_collections_that_came_and_went_are_looked_up(comparing, service):
    service.library.create("another")
    (update,) = comparing.collections(ENGLISH, "gone")
    assert update[comparing.collection]["choices"] == ["another", COLLECTION]
    assert update[comparing.collection]["value"] == "another"
    (update,) = comparing.collections(ENGLISH, COLLECTION)
    assert update[comparing.collection]["value"] == COLLECTION
