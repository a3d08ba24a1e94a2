"""Collections are shared where the documents are the same, and their ids give nothing away."""

from support.knowing_reranker import KnowingReranker
from support.toy_encoder import ToyEncoder

from content import Content
from demo.catalogue import evaluation_set
from demo.catalogue.family import ORIGINAL
from evaluation.demo.collections import Collections, stored_id
from evaluation.demo.pairs import Pair, Task

ITEMS = evaluation_set(items=30, queries=6, seed=5).items


def opened(items=ITEMS, encoder=None):
    return Collections(items, encoder or ToyEncoder(), KnowingReranker(items))


def test_rows_that_search_the_same_documents_share_a_collection():
    encoder = ToyEncoder()
    with opened(encoder=encoder) as collections:
        first = collections.engine(Task(Pair("T", "I"), "en"))
        assert collections.engine(Task(Pair("T", "I"), "zh")) is first
        assert collections.engine(Task(Pair("I", "I"), None)) is first
        assert encoder.images_encoded == 30
        english, chinese = (collections.engine(Task(Pair("I", "T"), language)) for language in ("en", "zh"))
        assert english is not chinese


def test_every_item_is_found_under_its_stored_id_which_leads_back_to_it():
    with opened() as collections:
        answer = collections.engine(Task(Pair("T", "T"), "en")).search(Content(text="a mug"), candidates=30, top_k=30)
        assert {hit.id for hit in answer.hits} == {stored_id(item.id) for item in ITEMS}
        assert {collections.item_id(hit.id) for hit in answer.hits} == {item.id for item in ITEMS}


def test_originals_come_first_in_about_one_of_four_families_of_four():
    # By their own ids they come first in all of them, and stage 1 orders ties by id.
    families = {}
    for item in evaluation_set(items=800, queries=1, seed=5).items:
        families.setdefault(item.family, []).append(item)
    fours = [family for family in families.values() if len(family) == 4]
    first = [min(family, key=lambda item: stored_id(item.id)).kind == ORIGINAL for family in fours]
    assert len(fours) > 150
    assert 0.15 < sum(first) / len(first) < 0.35
    assert all(min(family, key=lambda item: item.id).kind == ORIGINAL for family in fours)


def test_two_side_by_side_do_not_meet():
    task = Task(Pair("T", "T"), "en")
    with opened() as one, opened(ITEMS[:5]) as other:
        assert (len(one.engine(task).collection), len(other.engine(task).collection)) == (30, 5)
