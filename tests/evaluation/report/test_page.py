"""The report as HTML: what stands in it, what it asks for, and that nobody's text becomes a part of it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from content import Content
from content.errors import InvalidInput
from evaluation.report import write
from evaluation.report.document import page
from evaluation.report.markup import cut, quoted, safe
from evaluation.report.thumbnails import Thumbnails
from tests.evaluation.report.made_up import Shelf, answered, broken, evaluation, picture, repaired, same

HOSTILE = '"><img src=x onerror=alert(1)></title></style><script>alert(1)</script>&lt;'


class Parsed(HTMLParser):
    """Elements with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_a_query_shows_both_orders_with_grades_scores_and_places():
    text = Parsed(page(evaluation(broken(), repaired()), Shelf())).text
    assert "What stage 2 broke" in text
    assert "the question broken" in text
    assert "stage 1: place 1 · stage 2: place 3 · P(yes) 0.100" in text
    assert "✓ grade 1" in text
    assert "nDCG@10 1.000 →to 0.500" in text  # the arrow for the eyes, the word for the ears


def test_the_table_has_the_measures_that_were_asked_for_behind_the_main_one():
    heads = re.findall(r"<th scope=.col.>(.*?)</th>", page(evaluation(broken()), Shelf(), names=("MRR", "nDCG@5")))
    assert [head for head in heads if head in ("nDCG@10", "MRR", "nDCG@5", "hit@1")] == ["nDCG@10", "MRR", "nDCG@5"]


def test_a_right_document_that_stage_1_missed_is_shown_as_missed():
    missed = answered("q", {"elsewhere": 2}, [("d0", 0.5)])
    text = Parsed(page(evaluation(missed, depths=(1,)), Shelf())).text
    assert "the answer elsewhere" in text
    assert "not among the candidates of stage 1" in text


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs():
    parsed = Parsed(page(evaluation(broken()), Shelf(documents={"d0": Content(image=picture())})))
    assert not parsed.of("script")
    assert [one["href"] for one in parsed.of("link")] == ["data:,"]
    assert parsed.of("img")
    assert all((one["src"] or "").startswith("data:image/webp;base64,") for one in parsed.of("img"))
    assert all(one["alt"] for one in parsed.of("img"))


@pytest.mark.parametrize("hostile", [HOSTILE, "\x00\x1b[31m\u202e", "\ud800", "a\u2028b", "{0} {title} %s"])
def test_hostile_texts_and_names_stay_texts(hostile: str, tmp_path: Path):
    query = answered(f"id/{hostile}", {f"d/{hostile}": 1}, [("d0", 0.9), (f"d/{hostile}", 0.1)])
    shelf = Shelf(queries={query.id: Content(hostile + " ?")}, documents={"d0": Content(hostile + " !", picture())})
    found = evaluation(query, title=hostile + ".", instruction=hostile)
    plain = evaluation(answered("id", {"d1": 1}, [("d0", 0.9), ("d1", 0.1)]), title="plain", instruction="plain")
    write(tmp_path / "report.html", found, shelf)
    written = (tmp_path / "report.html").read_text("utf-8")
    tags = [tag for tag, _ in Parsed(written).elements]
    expected = Parsed(page(plain, Shelf(documents={"d0": Content("plain", picture())}))).elements
    assert tags == [tag for tag, _ in expected]
    assert not [name for _, attributes in Parsed(written).elements for name in attributes if name.startswith("on")]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", written)


def test_contents_that_cannot_be_read_are_said_to_be_so():
    text = Parsed(page(evaluation(broken()), Shelf(gone=frozenset({"broken", "d1"})))).text
    assert "there is no query broken" in text
    assert "there is no document d1" in text


def test_only_documents_that_are_shown_are_read():
    shelf = Shelf()
    queries = [answered(f"q{n}", {f"d{n}-0": 1}, [(f"d{n}-{m}", 0.5) for m in range(50)]) for n in range(30)]
    page(evaluation(*queries, depths=(50,)), shelf)
    assert len(shelf.asked) < 50 * 30 / 2


def test_pictures_are_small_and_together_take_no_more_room_than_there_is():
    thumbnails = Thumbnails(room=2000)
    uris = [thumbnails.uri(picture(colour)) for colour in ("red", "green", "blue") * 10]
    assert uris[0] is not None
    assert uris[-1] is None
    assert sum(len(one) for one in uris if one) <= 2000


def test_a_page_without_stage_2_has_no_comparison():
    parsed = Parsed(page(evaluation(repaired(), depths=()), Shelf()))
    assert "Stage 1 alone was measured" in parsed.text
    assert "What stage 2" not in parsed.text
    assert not parsed.of("svg")


def test_ids_of_the_page_and_its_drawings_are_all_different():
    ids = [one["id"] for _, one in Parsed(page(evaluation(repaired(), same()), Shelf())).elements if "id" in one]
    assert len(ids) == len(set(ids))
    assert len(ids) > 10


def test_long_texts_are_cut_with_a_sign_that_they_were():
    assert cut("word " * 100_000, 20).endswith("…")
    assert len(cut("x" * 5_000_000)) == 280
    assert cut("two\n lines") == "two lines"


def test_chinese_is_marked_as_such_for_the_fonts_sake():
    assert quoted("一只红色杯子") == '<bdi lang="zh">一只红色杯子</bdi>'
    assert safe("a & b") == "a &amp; b"


def test_a_file_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path):
    with pytest.raises(InvalidInput, match="cannot be written"):
        write(tmp_path / "nowhere" / "report.html", evaluation(same()), Shelf())
