"""What stands on a sheet, and what must not."""

import json
import re
from collections import Counter

import pytest
from PIL import Image
from support.table_reranker import TableReranker
from support.toy_reranker import ToyReranker
from support.two_judges import mugs, sections_of, triple

from evaluation.ab.ask import Anew
from evaluation.ab.judging import Judged, judge
from evaluation.review.choice import choose
from evaluation.review.page import page
from evaluation.review.sheet import make_sheet
from search.cli.main import run as lychee

EVIL = '</script><img src=x onerror="alert(1)"><b>&amp;\u2028 {{script}} "\'`${1}'


class Sheets:
    """Sections of one file, judged by two."""

    def __init__(self, path) -> None:
        self.sections = sections_of(path)
        self.tuned = judge(Anew(ToyReranker()), self.sections, name="the-tuned-one")
        table = {"red mug": 0.0, "red bag": 0.5, "blue bag": 1.0}
        self.base = judge(Anew(TableReranker(table)), self.sections, name="the-plain-one")

    def choose(self, *, base: Judged | None = None, count: int = 30, every: bool = False, seed: int = 1):
        return choose(self.sections, base or self.base, self.tuned, count=count, shown=2, every=every, seed=seed)


def data_in(html: str) -> dict:
    return json.loads(re.search(r'id="sheet">(.*?)</script>', html, re.DOTALL)[1])


def test_each_judge_stands_on_the_left_as_often_as_on_the_right(write):
    chosen = Sheets(write("new.jsonl", mugs(20))).choose(count=11).chosen
    assert sorted(Counter(one.left for one in chosen).values()) == [5, 6]
    assert {one.sides for one in chosen} == {(one.base, one.tuned) for one in chosen} | {
        (one.tuned, one.base) for one in chosen
    }


def test_the_same_seed_makes_the_same_sheet_and_another_one_another(write):
    sheets = Sheets(write("new.jsonl", mugs(20)))
    first, again, other = (make_sheet(sheets.choose(count=8, seed=seed).chosen) for seed in (1, 1, 2))
    assert first == again
    assert first.id != other.id


def test_only_queries_whose_lists_differ_are_drawn_unless_all_are_wanted(write):
    agreed = [triple("blue bag", "blue bag", 1.0), triple("blue bag", "red mug", 0.0)]
    lines = [*mugs(4), *agreed]
    sheets = Sheets(write("new.jsonl", lines))
    some, every = sheets.choose(), sheets.choose(every=True)
    assert (some.queries, some.differing, len(some.chosen)) == (5, 4, 4)
    assert len(every.chosen) == 5


def test_nothing_on_the_sheet_says_whose_a_list_is(write):
    sheets = Sheets(write("secret-name.jsonl", mugs(6)))
    html = page(make_sheet(sheets.choose().chosen))
    for word in ("the-plain-one", "the-tuned-one", "secret-name", "table", "toy"):
        assert word not in html
    # Had the two been told apart by anything but their order, exchanging the judges would show.
    exchanged = choose(sheets.sections, sheets.tuned, sheets.base, count=30, shown=2, every=False, seed=1)
    turned = [tuple(reversed(one.sides)) for one in exchanged.chosen]
    assert turned == [one.sides for one in sheets.choose().chosen]
    card = data_in(html)["cards"][0]
    assert sorted(card) == ["id", "left", "query", "right", "task"]
    assert {tuple(sorted(one)) for one in card["left"] + card["right"]} == {("picture", "text", "unread")}


def test_pictures_are_in_the_file_once_and_small(write, tmp_path):
    Image.new("RGB", (2000, 1000), (255, 0, 0)).save(tmp_path / "red.png")
    documents = [({"image": "red.png", "text": text}, score) for text, score in (("a", 1), ("b", 0))]
    lines = [triple(f"red mug {n}", *document) for n in range(3) for document in documents]
    sheets = Sheets(write("new.jsonl", lines))
    sheet = make_sheet(sheets.choose(every=True).chosen)
    assert len(sheet.pictures) == 1
    assert sheet.pictures[0].startswith("data:image/webp;base64,")
    assert len(page(sheet)) < 100_000


def test_texts_cannot_leave_their_place(write):
    lines = [triple(EVIL, EVIL, 1, EVIL), triple(EVIL, "red mug", 0, EVIL)]
    html = page(make_sheet(Sheets(write("new.jsonl", lines)).choose(every=True).chosen))
    assert html.count("<script") == 2  # the data and the sheet's own
    assert html.count("</script>") == 2
    assert 'onerror="' not in html
    card = data_in(html)["cards"][0]
    assert card["query"]["text"] == card["task"] == EVIL


def test_what_cannot_be_read_is_shown_as_that(write):
    lines = [triple("mug", {"image": "gone.png"}, 1), triple("mug", "red mug", 0)]
    [card] = make_sheet(Sheets(write("new.jsonl", lines)).choose(every=True).chosen).cards
    assert sorted(one.unread for one in card.left) == [False, True]


def test_the_page_fetches_nothing(write):
    html = page(make_sheet(Sheets(write("new.jsonl", mugs(2))).choose().chosen))
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in html
    assert not re.search(r"https?://|src=\"(?!data:)|href=", html)


def test_the_command_writes_sheet_and_key_and_overwrites_neither(judges, write, tmp_path, capsys):
    data, sheet, key = str(write("new.jsonl", mugs(6))), tmp_path / "sheet.html", tmp_path / "key.json"
    asked = ["ab", "sheet", "backwards", "toy", "--data", data, "--output", str(sheet), "--key", str(key)]
    assert lychee([*asked, "--queries", "4"]) == 0
    shown = capsys.readouterr().out
    assert "shows 4 queries; the lists differ for 6 of 6" in shown
    known, seen = json.loads(key.read_text("utf-8")), data_in(sheet.read_text("utf-8"))
    assert known["sheet"] == seen["id"]
    assert (known["base"], known["tuned"], known["top"]["base"], known["top"]["tuned"]) == ("backwards", "toy", 0, 6)
    for card, of in zip(seen["cards"], known["cards"], strict=True):
        right = card["left"] if of["left"] == "tuned" else card["right"]
        assert [one["text"] for one in right] == ["red mug", "red bag", "blue bag"]
    assert lychee(asked) == 2
    assert "is there already" in capsys.readouterr().err
    assert known == json.loads(key.read_text("utf-8"))


def test_two_judges_of_one_mind_leave_nothing_to_review(judges, write, tmp_path, capsys):
    sheet = tmp_path / "sheet.html"
    data = str(write("new.jsonl", mugs(6)))
    asked = ["ab", "sheet", "toy", "toy", "--data", data, "--output", str(sheet), "--key", str(tmp_path / "key.json")]
    assert lychee(asked) == 2
    assert "--all shows them all the same" in capsys.readouterr().err
    assert not sheet.exists()


@pytest.mark.parametrize("wrong", [["--queries", "0"], ["--top-k", "0"]])
def test_a_sheet_of_nothing_is_refused(wrong, judges, write):
    assert lychee(["ab", "sheet", "toy", "backwards", "--data", str(write("n.jsonl", mugs(2))), *wrong]) == 2
