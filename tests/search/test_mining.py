"""Hard negatives out of a small collection: hardest first, and what may be right is left alone."""

import pytest
from PIL import Image
from support.table_reranker import TableReranker, add_picture, png

from content import Content
from content.errors import InvalidInput
from reranker.examples.beside import PictureFolder
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Group, Side, grouped
from retriever.retriever import QueryVectors
from search.false_negatives import Positive, own_scores
from search.mining import Mined, Miner, Mining, positives


def group(query: str | Side, *right: str | Side, wrong: tuple[str, ...] = ()) -> Group:
    side = query if isinstance(query, Side) else Side(query)
    rows = [Example("task", side, one if isinstance(one, Side) else Side(one), 1.0) for one in right]
    rows += [Example("task", side, Side(one), 0.0) for one in wrong]
    return Group("task", side, tuple(rows))


@pytest.fixture
def mine(collection, encoder, tmp_path):
    def mine(of: Group, judge: TableReranker | None = None, **options: object) -> Mined:
        folder = PictureFolder(tmp_path / "mined.jsonl")
        miner = Miner(collection, encoder, Contents(tmp_path), folder, Mining(**options), judge)
        return miner.mine(of, positives([of])[0])

    return mine


def texts(mined: Mined) -> list[str | None]:
    return [one.document.text for one in mined.negatives]


def test_candidates_come_hardest_first_and_are_negatives_of_their_group(mine):
    found = mine(group("red mug", "a mug for tea, red"), share=None)
    assert texts(found) == ["red mug", "red mug shop", "red", "blue"]
    assert {(one.instruction, one.query, one.score) for one in found.negatives} == {("task", Side("red mug"), 0.0)}
    assert texts(mine(group("red mug", "a mug for tea, red"), share=None, negatives=2)) == ["red mug", "red mug shop"]
    assert texts(mine(group("red mug", "a mug for tea, red"), share=None, skip_first=1, negatives=1)) == [
        "red mug shop"
    ]


def test_a_positive_is_recognised_by_its_text_however_it_is_written(mine):
    found = mine(group("red mug", "Red  MUG."), share=None)
    assert texts(found) == ["red mug shop", "red", "blue"]
    assert found.left["positive"] == 1


def test_what_the_group_has_already_is_not_mined_again(mine):
    found = mine(group("red mug", "red mug", wrong=("red",)), share=None)
    assert texts(found) == ["red mug shop", "blue"]
    assert (found.left["positive"], found.left["known"]) == (1, 1)


def test_what_scores_nearly_as_the_positive_is_left_out(mine):
    # cosines with "red mug": red mug 1, red mug shop .82, red .71, blue 0; with "red": that of the positive is .71
    positive = group("red mug", "red")
    assert texts(mine(positive)) == ["blue"]
    assert mine(positive).left == {"positive": 1, "close": 2}
    assert texts(mine(group("red mug", "red mug"), share=0.9)) == ["red mug shop", "red", "blue"]
    assert texts(mine(group("red mug", "red mug"), share=0.75)) == ["red", "blue"]


def test_a_positive_that_is_in_no_collection_is_a_measure_too(mine):
    assert texts(mine(group("red mug", "mug and more"))) == ["blue"]  # "mug and more": 1 of 3 words


def test_of_several_positives_the_best_is_the_measure(mine):
    assert texts(mine(group("red mug", "red", "red mug"), share=0.9)) == ["red mug shop", "blue"]


def test_of_a_long_positive_the_best_passage_counts(encoder):
    text = "Blue blue blue blue. " * 20 + "Red mug."
    vectors = QueryVectors(text=encoder.encode_texts(["red mug"]))
    own = own_scores(vectors, [Positive(Content(text))], encoder)
    beginning = float((encoder.encode_texts([text]) @ vectors.text[0])[0])
    assert own["text", "text"] > beginning + 0.05


def test_the_judge_leaves_out_what_it_says_yes_to_and_reads_no_more_than_it_must(mine):
    judge = TableReranker({"red mug": 0.9, "red mug shop": 0.4, "red": 0.1})
    found = mine(group("red mug", "a cup"), judge, share=None, negatives=1)
    assert texts(found) == ["red mug shop"]
    assert found.left["judged"] == 1
    assert judge.sizes == [1, 1]
    assert judge.instructions == ["task", "task"]


def test_pictures_lie_beside_the_file_and_a_positive_is_recognised_by_its_own(mine, collection, encoder, tmp_path):
    add_picture(collection, encoder, "red")
    (tmp_path / "same.png").write_bytes(png(Image.new("RGB", (4, 4), (255, 0, 0))))
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "stored otherwise.bmp")
    found = mine(group("red", "mug"), target="image", share=None)
    (picture,) = (one.document for one in found.negatives)
    assert picture.image.startswith("mined.jsonl.pictures/")
    assert Contents(tmp_path).content(picture).image.getpixel((0, 0)) == (255, 0, 0)
    for name in ("same.png", "stored otherwise.bmp"):
        found = mine(group("red", Side(None, name)), target="image", share=None)
        assert (found.negatives, found.left["positive"]) == ((), 1)


def test_pictures_are_compared_with_pictures_and_texts_with_texts(mine, collection, encoder, tmp_path):
    add_picture(collection, encoder, "red")
    Image.new("RGB", (4, 4), (200, 100, 0)).save(tmp_path / "orange.png")
    # the picture in the collection has cosine 1 with "red", the positive .89 as a picture; no positive is a text
    found = mine(group("red", Side(None, "orange.png")))
    assert found.left["close"] == 1
    assert {one.document.text for one in found.negatives} == {"red", "red mug", "red mug shop", "blue"}


def test_one_query_written_twice_has_its_positives_together():
    examples = [
        Example("task", Side("red mug"), Side("a"), 1.0),
        Example("task", Side("Red mug!"), Side("b"), 0.5),
        Example("other", Side("red mug"), Side("c"), 1.0),
        Example("task", Side("red mug"), Side("d"), 0.49),
    ]
    assert positives(grouped(examples)) == [(Side("a"), Side("b")), (Side("a"), Side("b")), (Side("c"),)]


def test_a_group_that_cannot_be_compared_is_refused_with_the_reason(mine):
    assert "no positive" in (mine(group("red mug", wrong=("red",))).refused or "")
    assert "gone.png" in (mine(group("red mug", Side(None, "gone.png"))).refused or "")
    assert "gone.png" in (mine(group(Side(None, "gone.png"), "mug")).refused or "")


@pytest.mark.parametrize(
    "options",
    [{"negatives": 0}, {"skip_first": -1}, {"share": 0.0}, {"share": 1.5}, {"candidates": 0}, {"judge_above": 2}],
)
def test_settings_out_of_range_are_refused(options):
    with pytest.raises(InvalidInput):
        Mining(**options)
