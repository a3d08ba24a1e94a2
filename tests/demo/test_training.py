"""The trainings in miniature: losses fall, an interrupted run ends where an undisturbed one does, fast equals plain."""

import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from content import Content
from demo.catalogue import WORDINGS
from demo.catalogue.caption import caption, fits
from demo.catalogue.folder import README_SCENE
from demo.catalogue.vocabulary import ALL_COLOURS, ALL_SHAPES
from demo.training.encoder_training import EncoderTraining, contrast
from demo.training.foreign import foreign_text, garbled
from demo.training.judge import Heads, Judge
from demo.training.loop import Schedule
from demo.training.packing import ENDING, HEADING, Ask, Packer, Side
from demo.training.reranker_layout import build_model, build_processor
from demo.training.run_log import RunLog
from demo.training.saying import UNSAID, agreement, said
from demo.training.sight import patches, see
from demo.training.sight_stage import TOKEN_SIZE, SightStage, bring_to_size
from demo.training.slots import slots
from demo.training.truth import true_of
from demo.training.verdict_batch import FOREIGN, Mode, VerdictBatches
from demo.training.verdict_stage import MODES, VerdictStage, features, losses
from reranker.prompt import DOCUMENT_HEADING, messages

BRIEF = Schedule(steps=12, rate=1e-3, warm_up=2, fall=0.2, report_every=1, check_every=100)


@pytest.fixture(scope="module")
def processor():
    return build_processor()


@pytest.fixture
def model(processor):
    return build_model(processor.tokenizer, seed=1)


def test_patches_are_cut_as_the_processor_cuts_them(galleries, processor):
    pictures = galleries[1].pictures[:5]
    theirs = processor.image_processor(images=[Image.fromarray(one) for one in pictures], return_tensors="pt")
    assert torch.allclose(patches(pictures), theirs["pixel_values"], atol=1e-5)
    assert theirs["image_grid_thw"].tolist() == [[1, 8, 8]] * 5


def test_seeing_many_pictures_at_once_gives_what_the_tower_gives_one_by_one(galleries, processor, model):
    pictures = galleries[1].pictures[:5]
    inputs = processor.image_processor(images=[Image.fromarray(one) for one in pictures], return_tensors="pt")
    with torch.no_grad():
        plain = model.model.visual(inputs["pixel_values"], inputs["image_grid_thw"]).pooler_output
        assert torch.allclose(see(model.model.visual, pictures).flatten(0, 1), plain, atol=1e-5)


@pytest.mark.parametrize("mode", [mode for _, mode in MODES], ids=lambda mode: f"{mode.query}-{mode.document}")
def test_a_packed_verdict_is_that_of_the_plain_prompt(galleries, processor, model, mode):
    gallery = galleries[1]
    judge = Judge(model, processor.tokenizer, Heads(128))
    batch = VerdictBatches(gallery).draw(replace(mode, foreign=1.0), random.Random(3), size=6)
    assert {kinds[0] == FOREIGN for kinds in batch.kinds} == {True, False}  # foreign queries, and foreign documents
    with torch.no_grad():
        packed = judge.think(Packer(processor.tokenizer).pack(batch.asks), _seen(model, gallery))
        for row, ask in zip(packed.verdict, batch.asks, strict=True):
            for verdict, document in zip(row[[0, -1]], [ask.documents[0], ask.documents[-1]], strict=True):
                plain = _plain_verdict(
                    model, processor, ask.instruction, _content(ask.query, gallery), _content(document, gallery)
                )
                assert abs(float(verdict) - plain) < 1e-4


def test_truth_on_numbers_agrees_with_the_captions_themselves(galleries):
    gallery = galleries[0]
    scenes = [item.scene for item in gallery.items[:60]]
    rng = random.Random(5)
    for wording in range(WORDINGS):
        groups = [rng.randrange(len(scene.groups)) for scene in scenes]
        fast = true_of(gallery.slots[:60], np.full(60, wording), np.array(groups), gallery.slots[:60])
        for i, scene in enumerate(scenes):
            text = caption(scene, "en", wording, groups[i])
            assert fast[i].tolist() == [fits(text, "en", wording, other) for other in scenes]


def test_every_query_has_a_match_unless_its_text_is_about_nothing(galleries):
    batches = VerdictBatches(galleries[0])
    for mode in (Mode("t", "i"), Mode("i", "t", loose=0.5), Mode("i", "i"), Mode("it", "t")):
        batch = batches.draw(mode, random.Random(1), size=30)
        assert batch.right.any(axis=1).all()
        assert not batch.right.all()
    foreign = batches.draw(Mode("it", "it", foreign=1.0), random.Random(1), size=60)
    for right, kinds in zip(foreign.right, foreign.kinds, strict=True):
        assert not right[[kind == FOREIGN for kind in kinds]].any()
        assert FOREIGN in kinds


def test_a_garbled_caption_has_one_word_that_no_scene_has_and_keeps_the_rest(galleries):
    rng = random.Random(4)
    known = _words(galleries[0].items)
    for item in galleries[0].items[:60]:
        for wording in range(WORDINGS):
            plain = caption(item.scene, "en", wording, 0)
            made = garbled(plain, item.scene, rng)
            unknown = set(made.split()) - known
            assert 1 <= len(unknown) <= 2  # a colour that both groups have is replaced twice, a comma may follow it
            assert len(set(plain.split()) - set(made.split())) <= 2


def test_foreign_texts_are_no_captions_of_anything(galleries):
    rng, known = random.Random(4), _words(galleries[0].items)
    texts = [foreign_text(rng) for _ in range(200)]
    assert all(set(text.split()) - known for text in texts)
    assert len(set(texts)) == 200


def _words(items) -> set[str]:
    return (
        {word for item in items for wording in range(WORDINGS) for word in caption(item.scene, "en", wording).split()}
        | {word for noun in ALL_SHAPES.values() for word in (noun.en, noun.plural)}
        | set(ALL_COLOURS)
    )


def test_what_is_thought_is_read_at_the_heading_and_behind_the_document(processor):
    packer = Packer(processor.tokenizer)
    packed = packer.pack([Ask("Find it", Side("a red mug"), [Side("a blue bag"), Side("一个红色杯子")])])
    decode = processor.tokenizer.decode
    for heading, ending in zip(packed.headings[0].tolist(), packed.endings[0].tolist(), strict=True):
        assert decode(packed.ids[0, heading : heading + HEADING]) == DOCUMENT_HEADING
        assert decode(packed.ids[0, ending : ending + ENDING]) == "<|im_end|>\n<|im_start|>assistant\n"


def test_a_run_of_another_recipe_is_not_gone_on_with(galleries, processor, tmp_path):
    model = build_model(processor.tokenizer, seed=1)
    SightStage(model, *galleries, tmp_path, BRIEF, batch=4).run(until=1)
    with pytest.raises(FileExistsError, match="another recipe"):
        SightStage(model, *galleries, tmp_path, BRIEF, batch=4, seed=8)


def test_what_was_written_after_the_last_checkpoint_is_taken_back(tmp_path):
    log = RunLog(tmp_path)
    for step in (1, 2, 3):
        log.write(step=step, loss=1.0 / step)
    log.cut(2)
    assert [line["step"] for line in RunLog(tmp_path).curve()] == [1, 2]


def test_a_picture_that_asks_is_never_the_very_picture_that_answers(galleries):
    batch = VerdictBatches(galleries[0]).draw(Mode("i", "i"), random.Random(1), size=30)
    for ask in batch.asks:
        assert ask.query.picture not in [document.picture for document in ask.documents]


def test_contrast_is_least_when_what_belongs_together_scores_highest():
    belongs = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    good = torch.where(belongs, 10.0, -10.0)
    assert contrast(good, belongs) == pytest.approx(np.log(2) * 2 / 3, abs=1e-3)  # two right answers share the mass
    assert contrast(-good, belongs) > 10


@pytest.mark.slow
def test_the_encoder_learns(galleries, tmp_path):
    training = EncoderTraining(*galleries, tmp_path, BRIEF, batch=16)
    training.run()
    _falls(training.loop.log.curve())


@pytest.mark.slow
def test_sight_learns_and_goes_on_after_an_interruption(galleries, processor, tmp_path):
    whole = build_model(processor.tokenizer, seed=1)
    undisturbed = SightStage(whole, *galleries, tmp_path / "whole", BRIEF, batch=8)
    undisturbed.run()
    _falls(undisturbed.loop.log.curve())

    SightStage(build_model(processor.tokenizer, seed=1), *galleries, tmp_path / "parts", BRIEF, batch=8).run(until=5)
    resumed_model = build_model(processor.tokenizer, seed=2)  # what it was before does not matter
    resumed = SightStage(resumed_model, *galleries, tmp_path / "parts", BRIEF, batch=8)
    assert resumed.loop.step == 5
    resumed.run()
    for one, other in zip(whole.model.visual.parameters(), resumed_model.model.visual.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


@pytest.mark.slow
def test_the_verdict_learns_and_goes_on_after_an_interruption(galleries, processor, tmp_path):
    model = build_model(processor.tokenizer, seed=1)
    bring_to_size(model, galleries[0].pictures[:20])
    first = VerdictStage(model, processor.tokenizer, *galleries, tmp_path, BRIEF, size=3)
    first.run(until=6)
    again = VerdictStage(model, processor.tokenizer, *galleries, tmp_path, BRIEF, size=3)
    assert again.loop.step == 6
    again.run()
    _falls(again.loop.log.curve())


def test_pictures_come_to_the_language_model_in_the_size_of_its_words(galleries, model):
    bring_to_size(model, galleries[0].pictures[:20])
    with torch.no_grad():
        size = see(model.model.visual, galleries[0].pictures[:20]).square().mean().sqrt()
    assert float(size) == pytest.approx(TOKEN_SIZE, rel=1e-3)


def test_both_sides_agree_in_all_they_say_exactly_where_the_document_is_right(galleries):
    batches = VerdictBatches(galleries[0])
    for mode in (
        Mode("t", "i"),
        Mode("t", "i", loose=1.0),
        Mode("i", "t", loose=1.0),
        Mode("i", "i"),
        Mode("t", "t", loose=1.0),
    ):
        batch = batches.draw(mode, random.Random(2), size=60)
        assert ((batch.agreement != 0).all(-1) == batch.right).all()


def test_a_caption_without_direction_says_first_what_it_names_first():
    row = slots([README_SCENE])[0]
    mugs, bag = row[:4].tolist(), row[4:8].tolist()
    assert said(row, 0, 0).tolist() == row.tolist()
    assert said(row, 4, 0).tolist() == [*mugs, *bag, row[8], UNSAID]
    assert said(row, 5, 0).tolist() == [*bag, *mugs, row[8], UNSAID]
    assert said(row, 6, 0).tolist() == [*bag, *mugs, UNSAID, UNSAID]
    assert said(row, 7, 1).tolist() == [*bag, *[UNSAID] * 6]
    assert said(row, 8, 0).tolist() == [*mugs[:3], *[UNSAID] * 7]
    crossed = agreement(said(row, 5, 0)[None, None], row[None, None], np.array([[True]]))[0, 0]
    assert crossed.tolist() == [1] * 9 + [UNSAID]


def test_the_losses_are_near_zero_for_one_who_knows(galleries, processor, model):
    """A judge whose heads say the truth is not pushed anywhere."""
    gallery = galleries[0]
    batch = VerdictBatches(gallery).draw(Mode("t", "i", loose=0.5), random.Random(1), size=4)
    judge = Judge(model, processor.tokenizer, Heads(128))
    with torch.no_grad():
        thoughts = judge.think(Packer(processor.tokenizer).pack(batch.asks), features(model, gallery))
    known = type(thoughts)(
        verdict=torch.where(torch.from_numpy(batch.right), 30.0, -30.0),
        query=[_sure(one, batch.queries[:, i]) for i, one in enumerate(thoughts.query)],
        document=[_sure(one, batch.documents[..., i]) for i, one in enumerate(thoughts.document)],
        agreement=torch.where(torch.from_numpy(batch.agreement) == 1, 30.0, -30.0),
    )
    assert all(float(part) < 1e-3 for part in losses(known, batch).values())
    assert all(float(part) > 0.1 for part in losses(thoughts, batch).values())


def _sure(told: torch.Tensor, right: np.ndarray) -> torch.Tensor:
    return 30.0 * torch.nn.functional.one_hot(torch.from_numpy(right).clamp(min=0), told.shape[-1]).float()


def _falls(curve: list) -> None:
    values = [line["loss"] for line in curve if "loss" in line]
    assert len(values) == BRIEF.steps
    assert np.mean(values[-3:]) < 0.95 * np.mean(values[:3])


def _seen(model, gallery) -> torch.Tensor:
    """`features` in full precision."""
    return see(model.model.visual, np.concatenate([gallery.pictures, gallery.labels]))


def _content(side, gallery) -> Content:
    shown = [*gallery.pictures, *gallery.labels]
    return Content(text=side.text, image=None if side.picture is None else Image.fromarray(shown[side.picture]))


def _plain_verdict(model, processor, instruction: str, query: Content, document: Content) -> float:
    """Logit of yes less logit of no, as the model card computes them."""
    text = processor.apply_chat_template(
        messages(instruction, query, document), tokenize=False, add_generation_prompt=True
    )
    pictures = [one.image for one in (query, document) if one.image is not None]
    inputs = processor(text=[text], images=pictures or None, return_tensors="pt")
    logits = model(**inputs, logits_to_keep=1).logits[0, -1]
    yes, no = processor.tokenizer.convert_tokens_to_ids(["yes", "no"])
    return float(logits[yes] - logits[no])
