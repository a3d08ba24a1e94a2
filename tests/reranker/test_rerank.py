"""`rerank`: what a caller may give it, and the list that he gets back."""

import pytest
from PIL import Image

from content import Content, Unreadable
from content.errors import InvalidInput
from reranker import INSTRUCTIONS

TEXTS = ["a mug", "two red striped mugs next to a blue bag", "a chair on a wooden table and a lamp"]  # no two tie


def test_texts_come_back_best_first_with_the_scores_of_score(tiny):
    query = Content(text="red mugs")
    scores = [result.score for result in tiny.score(None, query, [Content(text=text) for text in TEXTS])]
    ranked = tiny.rerank("red mugs", documents=TEXTS)
    assert [result.rank for result in ranked] == [1, 2, 3]
    assert not any(result.tied for result in ranked)
    assert {result.index: result.score for result in ranked} == pytest.approx(dict(enumerate(scores)), abs=1e-6)
    assert [result.score for result in ranked] == sorted(scores, reverse=True)
    assert all(result.document.text == TEXTS[result.index] for result in ranked)
    assert (ranked.model, ranked.instruction) == (tiny.name, INSTRUCTIONS["web-search"])


def test_pictures_are_ranked_like_the_same_documents(tiny, picture):
    pictures = [picture(112, 112, seed) for seed in range(4)]
    by_images = tiny.rerank(query="a black cat", images=pictures, instruction="image-search")
    by_documents = tiny.rerank(
        "a black cat", documents=[Content(image=one) for one in pictures], instruction="image-search"
    )
    assert [(result.index, result.score) for result in by_images] == [
        (result.index, result.score) for result in by_documents
    ]
    assert by_images.instruction == INSTRUCTIONS["image-search"]


def test_cuts_leave_the_scores_as_they_are(tiny):
    whole = tiny.rerank("red mugs", documents=TEXTS)
    assert [result.score for result in tiny.rerank("red mugs", documents=TEXTS, top_k=2)] == pytest.approx(
        [result.score for result in whole[:2]], abs=1e-6
    )
    middle = whole[1].score
    cut = tiny.rerank("red mugs", documents=TEXTS, score_threshold=middle - 1e-4)
    assert [result.index for result in cut] == [result.index for result in whole if result.score >= middle - 1e-4]


def test_all_kinds_of_documents_stand_side_by_side(tiny, picture):
    documents = ["a mug", picture(56, 56), Content("a mug", picture(56, 56)), Unreadable("no such file"), "   "]
    ranked = tiny.rerank(Content("a mug", picture(60, 60)), documents=documents)
    assert len(ranked) == 5
    failed = {result.index: result.error for result in ranked if result.error}
    assert failed[3] == "no such file"
    assert "text" in failed[4]
    assert [result.index for result in ranked][-2:] == [3, 4]


def test_errors_are_raised_where_that_is_asked_for(tiny):
    with pytest.raises(InvalidInput, match="no such file") as caught:
        tiny.rerank("a mug", documents=["a cup", Unreadable("no such file")], raise_on_error=True)
    assert caught.value.param == "documents[1]"
    with pytest.raises(InvalidInput) as caught:
        tiny.rerank("a mug", images=[Image.new("RGB", (0, 9))], raise_on_error=True)
    assert caught.value.param == "images[0]"
    assert len(tiny.rerank("a mug", documents=["a cup"], raise_on_error=True)) == 1


def test_scores_are_shown_as_asked_for_and_the_answer_says_how(tiny):
    plain = tiny.rerank("red mugs", documents=TEXTS)
    assert (plain.scale, plain.normalize) == (1, None)
    assert plain.margin == plain[0].score - plain[1].score
    tenfold = tiny.rerank("red mugs", documents=TEXTS, scale=10, score_threshold=plain[1].score - 1e-4)
    assert [each.score for each in tenfold] == pytest.approx([10 * each.score for each in plain[:2]], abs=1e-5)
    assert (tenfold.scale, tenfold.normalize) == (10, None)
    stretched = tiny.rerank("red mugs", documents=TEXTS, normalize="minmax")
    assert [each.index for each in stretched] == [each.index for each in plain]
    assert (stretched[0].score, stretched[-1].score) == (1.0, 0.0)
    assert (stretched.scale, stretched.normalize) == (1, "minmax")
    assert stretched.margin == pytest.approx(plain.margin, abs=1e-6)


def test_nothing_to_rank_gives_nothing(tiny):
    assert len(tiny.rerank("a mug", documents=[])) == 0
    assert len(tiny.rerank("a mug", images=[])) == 0


def test_documents_that_look_alike_are_warned_about(tiny):
    ranked = tiny.rerank("red mugs", documents=["a mug", "a mug"])
    assert ranked.warnings[0].startswith("low_discrimination: ")
    assert all(result.tied for result in ranked)
    assert [result.index for result in ranked] == [0, 1]


@pytest.mark.parametrize(
    ("arguments", "param"),
    [
        ({"query": " ", "documents": ["a"]}, "query"),
        ({"query": "a"}, "documents"),
        ({"query": "a", "documents": ["a"], "images": []}, "documents"),
        ({"query": "a", "documents": ["a", 7]}, "documents[1]"),
        ({"query": "a", "documents": ["a"], "top_k": 0}, "top_k"),
        ({"query": "a", "documents": ["a"], "score_threshold": 2.0}, "score_threshold"),
        ({"query": "a", "documents": ["a"], "scale": True}, "scale"),
        ({"query": "a", "documents": ["a"], "normalize": "softmax"}, "normalize"),
    ],
)
def test_wrong_arguments_are_named(tiny, arguments, param):
    with pytest.raises(InvalidInput) as caught:
        tiny.rerank(**arguments)
    assert caught.value.param == param
