"""What users and evaluations take for granted of the catalogue: it never changes, never lies and never leaks."""

import json
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from demo.catalogue import FULL_WORDINGS, WORDINGS, Group, Scene, evaluation_set, generate
from demo.catalogue.__main__ import main
from demo.catalogue.caption import caption, fits
from demo.catalogue.family import KINDS, ORIGINAL
from demo.catalogue.folder import README_SCENE
from demo.catalogue.picture import places
from demo.catalogue.split import HELD_OUT, has_held_out
from demo.catalogue.vocabulary import ALL_COLOURS, ALL_SHAPES, BACKGROUNDS, COLOURS, COUNTS, LANGUAGES, PATTERNS, SHAPES
from demo.training.making import RECIPE, training_items, watched_items


@pytest.fixture(scope="module")
def trained():
    return list(generate("train", 3000, seed=3))


@pytest.fixture(scope="module")
def tested():
    return list(generate("test", 1500, seed=3))


def test_the_same_arguments_give_the_same_items_pictures_and_captions():
    first, second = (list(generate("test", 40, seed=5)) for _ in range(2))
    assert first == second
    assert first[0].id == "test-5-000000"
    for one, other in zip(first[:5], second[:5], strict=True):
        assert one.picture().tobytes() == other.picture().tobytes()
    assert {item.scene for item in first} != {item.scene for item in generate("test", 40, seed=6)}


def test_a_known_item_keeps_its_picture_across_processes():
    """Python's own hash changes from process to process; nothing of the catalogue may hang on it."""
    item = next(generate("train", 1, seed=1))
    assert item.scene.key == KNOWN_KEY
    assert np.asarray(item.picture()).mean().round(1) == KNOWN_MEAN


KNOWN_KEY = "clock,yellow,striped,1|bottle,red,striped,1|above|tiles"
KNOWN_MEAN = 195.5


def test_pictures_are_rgb_of_one_size_and_show_colour_where_a_product_stands():
    item = next(one for one in generate("train", 50, seed=2) if one.scene.groups[0].pattern == "plain")
    picture = item.picture()
    assert (picture.mode, picture.size) == ("RGB", (224, 224))
    bare = replace(item, scene=replace(item.scene, background="sand"))
    for place in places(item.scene, item.id):
        assert place.x - place.side / 2 >= 0
        assert place.x + place.side / 2 <= 224
    assert picture.tobytes() != bare.picture().tobytes()


@pytest.mark.parametrize(
    ("language", "wording", "text"),
    [
        ("en", 0, "a blue bag to the left of two red striped mugs on a wooden table"),
        ("en", 1, "on a wooden table, two red striped mugs to the right of a blue bag"),
        ("en", 5, "two red striped mugs next to a blue bag"),
        ("en", 8, "blue bag"),
        ("zh", 0, "木桌上，一个蓝色包在两个红色条纹杯子的左边"),
        ("zh", 5, "两个红色条纹杯子旁边有一个蓝色包"),
        ("zh", 8, "蓝色包"),
        ("mixed", 2, "左边是一个蓝色bag，右边是两个红色条纹mug，放在木桌上"),
        ("mixed", 5, "two red striped 杯子 next to a blue 包"),
    ],
)
def test_the_scene_of_the_readme_reads_as_a_person_would_put_it(language, wording, text):
    assert caption(README_SCENE, language, wording) == text


def test_full_captions_name_every_word_of_the_scene_once_per_group(tested):
    for number, item in enumerate(tested[:300]):
        english, chinese, mixed = (item.caption(language, number % FULL_WORDINGS) for language in LANGUAGES)
        assert mixed not in (english, chinese)
        assert BACKGROUNDS[item.scene.background].en in english
        assert BACKGROUNDS[item.scene.background].zh in chinese
        for group in item.scene.groups:
            noun = SHAPES[group.shape]
            words = (COLOURS[group.colour].en, PATTERNS[group.pattern].en, noun.plural if group.count > 1 else noun.en)
            assert " ".join(word for word in words if word) in english
            number_word = COUNTS[group.count].zh + noun.measure
            assert number_word + COLOURS[group.colour].zh + PATTERNS[group.pattern].zh + noun.zh in chinese


def test_full_captions_fit_their_own_scene_alone(tested):
    scenes = [item.scene for item in tested]
    for language in LANGUAGES:
        for wording in range(FULL_WORDINGS):
            texts = [caption(scene, language, wording) for scene in scenes]
            assert len(set(texts)) == len(set(scenes)) == len(scenes)


def test_loose_captions_fit_what_they_leave_open():
    flipped = replace(README_SCENE, groups=README_SCENE.groups[::-1])
    stacked = replace(README_SCENE, relation="above")
    single = Scene((README_SCENE.groups[0],), None, "sand")
    three = replace(single, groups=(replace(single.groups[0], count=3),))
    beside = caption(README_SCENE, "en", 4)
    assert fits(beside, "en", 4, flipped)
    assert not fits(beside, "en", 4, stacked)
    assert fits(caption(README_SCENE, "en", 6), "en", 6, stacked)
    assert fits(caption(stacked, "en", 4), "en", 4, README_SCENE)  # `a and b` does not say how they stand
    assert fits(caption(README_SCENE, "zh", 7), "zh", 7, single)
    assert not fits(caption(README_SCENE, "zh", 7), "zh", 7, three)
    assert fits(caption(README_SCENE, "zh", 8), "zh", 8, three)
    assert not fits(caption(README_SCENE, "en", 0), "en", 0, flipped)


def test_a_wording_that_is_none_is_refused():
    with pytest.raises(ValueError, match="wording must lie in"):
        caption(README_SCENE, "en", WORDINGS)


def test_near_duplicates_differ_from_their_original_in_exactly_what_their_kind_says(tested):
    originals = {item.id: item.scene for item in tested if item.kind == ORIGINAL}
    seen = set()
    for item in tested:
        if item.kind != ORIGINAL:
            seen.add(item.kind)
            assert _difference(originals[item.family], item.scene) == item.kind
    assert seen == set(KINDS)


@pytest.fixture(scope="module")
def recipes_scenes():
    """What the shipped weights were trained on, as the recipe itself draws it."""
    return {item.scene for item in training_items(RECIPE)}


def test_no_scene_of_the_evaluation_nor_a_rearrangement_of_one_was_trained_on(recipes_scenes):
    assert len(recipes_scenes) == RECIPE.train
    asked = [item.scene for item in evaluation_set(seed=1).items]
    watched = [item.scene for item in watched_items(RECIPE)]
    assert not set(asked) & set(watched)
    for scene in [*asked, *watched]:
        assert not recipes_scenes & set(_rearranged(scene))


def _rearranged(scene: Scene) -> list[Scene]:
    """The scene with its colours, patterns and numbers given to either group, in every place and on every ground."""
    shapes, colours, patterns, counts = (
        [getattr(group, name) for group in scene.groups] for name in ("shape", "colour", "pattern", "count")
    )
    found = []
    for parts in product(*(set(permutations(values)) for values in (shapes, colours, patterns, counts))):
        groups = tuple(Group(*values) for values in zip(*parts, strict=True))
        relations = (None,) if scene.relation is None else ("left", "above")
        found += [Scene(groups, relation, ground) for relation in relations for ground in BACKGROUNDS]
    return found


def test_no_scene_comes_twice(trained, tested):
    for items in (trained, tested):
        assert len({item.scene for item in items}) == len(items)


def test_held_out_pairs_appear_in_no_training_scene_but_in_test(recipes_scenes, trained, tested):
    held_out, watched = HELD_OUT["test"], HELD_OUT["validation"]
    assert {shape for shape, _ in held_out} == set(SHAPES)
    assert not held_out & watched
    for scene in [*(item.scene for item in trained), *recipes_scenes]:
        assert not {(group.shape, group.colour) for group in scene.groups} & (held_out | watched)
    shown = {(group.shape, group.colour) for item in tested for group in item.scene.groups}
    assert shown >= held_out


def test_validation_shows_what_neither_training_nor_test_are_judged_by():
    scenes = [item.scene for item in generate("validation", 400, seed=3, held_out=True)]
    assert not any(has_held_out(scene, "test") for scene in scenes)
    assert sum(has_held_out(scene, "validation") for scene in scenes) > 300
    with pytest.raises(ValueError, match="held_out wants validation or test"):
        next(generate("train", 1, seed=3, held_out=True))


def test_training_alone_shows_more_than_the_shop_sells(tested):
    wide = list(generate("train", 1000, seed=3, wide=0.5))
    shapes = {group.shape for item in wide for group in item.scene.groups}
    colours = {group.colour for item in wide for group in item.scene.groups}
    assert shapes == set(ALL_SHAPES)
    assert colours == set(ALL_COLOURS)
    assert {group.shape for item in tested for group in item.scene.groups} == set(SHAPES)
    assert {group.colour for item in tested for group in item.scene.groups} == set(COLOURS)


def test_the_evaluation_set_asks_for_held_out_originals_among_their_near_duplicates():
    found = evaluation_set()
    assert len(found.items) == len({item.scene for item in found.items}) == 2000
    assert len(found.queries) == len(set(found.queries)) == 500
    for query in found.queries:
        assert found.items[query].kind == ORIGINAL
        assert has_held_out(found.items[query].scene, "test")
    families = [item.family for item in found.items]
    assert all(families.count(found.items[query].family) > 1 for query in found.queries[:50])


def test_metadata_is_usable_for_filters_and_belongs_to_the_scene(tested):
    for item in tested[:100]:
        assert item.metadata["category"] == item.scene.groups[0].shape
        assert item.metadata["colour"] == item.scene.groups[0].colour
        assert isinstance(item.metadata["price"], float)
        assert 10 < item.metadata["price"] < 2500
        assert isinstance(item.metadata["stock"], int)


def test_the_command_writes_the_folder_once_and_says_when_it_cannot(tmp_path, capsys):
    folder = tmp_path / "catalogue"
    assert main([str(folder), "--items", "60"]) == 0
    rows = [json.loads(line) for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len({row["id"] for row in rows}) == 60
    pictures = [row for row in rows if "image" in row]
    assert len(pictures) == 51
    assert all((folder / row["image"]).is_file() and "text" not in row for row in pictures)
    query = "two red striped mugs next to a blue bag"
    assert pictures[0]["caption_en"] == caption(README_SCENE, "en", 0)
    assert fits(query, "en", 4, README_SCENE)
    written = (folder / "items.jsonl").stat().st_mtime_ns
    assert main([str(folder), "--items", "60"]) == 0
    assert (folder / "items.jsonl").stat().st_mtime_ns == written
    assert main([str(folder), "--items", "61"]) == 1
    assert "--force" in capsys.readouterr().err
    assert main([str(folder), "--items", "61", "--force"]) == 0
    assert not (tmp_path / "catalogue.part").exists()


def _difference(one: Scene, other: Scene) -> str:
    """The single name for how two scenes differ, or a description of what is wrong."""
    if replace(one, background=other.background) == other:
        return "background"
    if replace(one, relation=other.relation) == other:
        return "relation"
    if one.relation == other.relation and one.background == other.background and len(one.groups) == len(other.groups):
        if one.groups == other.groups[::-1]:
            return "flip"
        colours = [group.colour for group in one.groups]
        if tuple(replace(g, colour=c) for g, c in zip(one.groups, colours[::-1], strict=True)) == other.groups:
            return "swap"
        changed = [
            name
            for a, b in zip(one.groups, other.groups, strict=True)
            for name in Group.__dataclass_fields__
            if getattr(a, name) != getattr(b, name)
        ]
        return ", ".join(changed)
    return "more than one thing"
