"""What a card says of a hit, whatever the hit holds."""

import re
from dataclasses import replace

import pytest

from api.page.search.card import Cards
from api.page.visit import Visit
from retriever.candidate import ChannelRank
from search.answer import FoundPassage, Hit, Retrieval

NASTY = '"><script>alert(1)</script>&'
HIT = Hit(
    rank=1,
    id="a",
    score=0.9434,
    retrieval=Retrieval(5, 0.0312, (ChannelRank("text", "text", 3, 0.75), ChannelRank("words", "text", 2, 8.5))),
    text="A red mug.",
    has_image=False,
    metadata={"price": 12.5, "brand": "Casa Lume"},
    judged=True,
    logits=(2.25, -0.5),
    tokens=1234,
)


def html(hit: Hit, *, lead=None, reranked=True, over=True, language="en") -> str:
    return Cards(Visit(language, "s", "http://x"), "toys", reranked, over).card(hit, lead).html


def seen(markup: str) -> str:
    """Without tags, as it is read."""
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def test_the_score_is_told_on_the_scale_to_ten_and_as_a_probability():
    assert "9.4 / 10 P(yes) 0.943" in seen(html(HIT))
    assert "width:94.3%" in html(HIT)
    assert "score 0.700" in seen(html(replace(HIT, score=0.7, logits=None, raw="7")))


@pytest.mark.parametrize(
    ("now", "drawn", "spoken"),
    [
        (2, "5 → 2 ▲", "Stage 1 ranked it 5; it moved up by 3"),
        (9, "5 → 9 ▼", "Stage 1 ranked it 5; it moved down by 4"),
        (5, "5 → 5 =", "Stage 1 ranked it 5 too"),
    ],
)
def test_the_way_from_stage_1_is_drawn_and_spoken(now, drawn, spoken):
    markup = html(replace(HIT, rank=now))
    assert f'<span aria-hidden="true">{drawn}</span>' in markup
    assert f'<span class="visually-hidden">{spoken}</span>' in markup


def test_nothing_of_a_hit_is_markup():
    passage = FoundPassage("text", 0, len(NASTY), NASTY)
    for hit in (
        replace(HIT, id=NASTY, text=NASTY, metadata={NASTY: NASTY, "title": NASTY}, has_image=True, raw=NASTY),
        replace(HIT, id=NASTY, text=NASTY, passage=passage, ocr=NASTY, error=NASTY, score=0.0),
        replace(HIT, text=NASTY, passage=replace(passage, source="ocr"), ocr=NASTY),
    ):
        assert "<script" not in html(hit)
        assert '=""><' not in html(hit)


def test_a_picture_has_its_room_an_alt_text_and_a_way_to_the_whole():
    markup = html(replace(HIT, id="a/b c", text=None, has_image=True, metadata={"caption_en": "a mug"}))
    assert 'href="/v1/collections/toys/items/a%2Fb%20c/image" target="_blank" rel="noopener"' in markup
    assert 'alt="a mug" width="400" height="300" loading="lazy"' in markup
    assert 'alt="a"' in html(replace(HIT, text=None, has_image=True, metadata={}))


def test_marks_say_what_is_special():
    assert "tied cut not judged" in seen(html(replace(HIT, tied=True, truncated=True, error="torn", score=0.0)))
    assert "torn" in seen(html(replace(HIT, error="torn", score=0.0)))
    assert "clearly first" in seen(html(HIT, lead="clear"))
    assert "neck and neck" in seen(html(HIT, lead="close"))
    for mark in ("tied", "not judged", "clearly first", "neck and neck"):
        assert mark not in seen(html(HIT))


def test_the_first_of_hits_that_are_no_match_is_called_no_winner():
    low = replace(HIT, score=0.5)
    assert "nearest" in seen(html(low, lead="clear"))
    for lead in ("clear", "close"):
        assert lead in Cards(Visit("en", "s", "http://x"), "toys", True, True).card(low, lead).classes
        for mark in ("clearly first", "neck and neck"):
            assert mark not in seen(html(low, lead=lead))
    assert "nearest" not in seen(html(low, lead="close"))


def test_the_first_is_framed_as_far_as_it_leads():
    cards = Cards(Visit("en", "s", "http://x"), "toys", reranked=True, over=True)
    assert cards.card(HIT, "clear").classes == "written clear"
    assert cards.card(replace(HIT, has_image=True), "close").classes == "pictured close"
    assert cards.card(HIT).classes == "written"


def test_what_is_not_judged_yet_says_so_and_has_no_score_of_stage_2():
    unread = replace(HIT, judged=False, score=0.0312, logits=None)
    assert "not read yet stage 1: 0.0312" in seen(html(unread, over=False))
    assert "not read stage 1: 0.0312" in seen(html(unread, over=True))
    assert "/ 10" not in seen(html(unread))
    assert "not read" not in seen(html(unread, reranked=False).partition("<details")[0])


def test_the_found_passage_stands_for_a_long_text_which_unfolds():
    text = "First words. The red mug stands here. Last words."
    hit = replace(HIT, text=text, passage=FoundPassage("text", 13, 37, text[13:37]))
    assert '<p class="words">… The red mug stands here. …</p>' in html(hit)
    assert text in html(hit).partition("<details")[2]
    assert "…" not in html(replace(hit, passage=FoundPassage("text", 0, len(text), text)))
    assert text not in html(hit, over=False)


def test_what_was_read_off_a_picture_is_told_as_such():
    hit = replace(HIT, text=None, has_image=True, ocr="NO SMOKING", passage=FoundPassage("ocr", 0, 10, "NO SMOKING"))
    assert "In the picture: NO SMOKING" in seen(html(hit))


def test_a_text_of_a_million_characters_makes_no_large_card():
    assert len(html(replace(HIT, text="word " * 200_000))) < 12_000


def test_the_raw_judgement_unfolds():
    fold = seen(html(HIT).partition("<details")[2])
    for told in (
        "P(yes) 0.943400", "Logits yes / no 2.2500 / -0.5000", "Tokens 1,234", "Text cut no",
        "Texts (by text) 3 0.7500", "Words (by text) 2 8.5000", "All, fused 5 0.0312", "Id a", "brand Casa Lume",
    ):  # fmt: skip
        assert told in fold
    assert "The judge wrote 8 points" in seen(html(replace(HIT, logits=None, raw="8 points")))
    assert "Text cut yes" in seen(html(replace(HIT, truncated=True)))


def test_cards_speak_chinese():
    told = seen(html(replace(HIT, rank=2), language="zh"))
    for words in ("第一阶段排第 5，上升 3 位", "找相似", "详情"):
        assert words in told


def test_short_facts_are_chips_and_long_ones_are_in_the_fold():
    hit = replace(HIT, text=None, metadata={"title": "T", "colour": "red", "story": "long " * 20})
    before, _, fold = html(hit).partition("<details")
    assert "colour red" in seen(before)
    assert "long long" not in seen(before)
    assert "long long" in seen(fold)


def test_more_like_this_says_of_what():
    assert 'data-act="like" aria-label="More like this: a"' in html(HIT)
    assert 'aria-label="More like this: Mug"' in html(replace(HIT, metadata={"name": "Mug"}))
