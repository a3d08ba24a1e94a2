"""The two recipes from end to end: galleries, stages, finished folders. Knows no command line."""

import json
import logging
from pathlib import Path

import torch

from demo.training import encoder_layout, reranker_layout
from demo.training.encoder_recall import recall
from demo.training.encoder_training import EncoderTraining
from demo.training.gallery import Gallery, open_gallery
from demo.training.sight_stage import SightStage, bring_to_size
from demo.training.verdict_check import check
from demo.training.verdict_stage import VerdictStage

_TRAIN, _VALIDATION, _TEST = 40_000, 1_000, 2_000
_SEED, _TEST_SEED, _MODEL_SEED = 1, 1000, 7
_log = logging.getLogger(__name__)


def use_threads(count: int) -> None:
    torch.set_num_threads(count)


def make_encoder(runs: Path, folder: Path) -> None:
    training = EncoderTraining(*galleries(runs), runs / "encoder")
    training.run()
    encoder_layout.save(training.model, training.tokenizer, folder)
    figures = recall(training.model, training.tokenizer, held_out(runs))
    _note(folder, training.loop.log.curve(), {"held-out test items": figures})


def make_reranker(runs: Path, folder: Path) -> None:
    train, validation = galleries(runs)
    processor = reranker_layout.build_processor()
    model = reranker_layout.build_model(processor.tokenizer, _MODEL_SEED)
    sight = SightStage(model, train, validation, runs / "sight")
    sight.run()
    bring_to_size(model, validation.pictures[:200])
    verdict = VerdictStage(model, processor.tokenizer, train, validation, runs / "verdict")
    verdict.run()
    reranker_layout.save(model, processor, folder)
    figures = check(verdict.judge, verdict.packer, validation, verdict.seen_validation, queries=500)
    _note(folder, [*sight.loop.log.curve(), *verdict.loop.log.curve()], {"validation families": figures})


def galleries(runs: Path) -> tuple[Gallery, Gallery]:
    """The pictures to train on and those to watch, drawn on the first call."""
    folder = runs / "pictures"
    train = open_gallery(folder, "train", _TRAIN, _SEED, again=_TRAIN // 4, odd=_TRAIN // 4)
    return train, open_gallery(folder, "validation", _VALIDATION, _SEED, again=_VALIDATION)


def held_out(runs: Path) -> Gallery:
    """The items of `evaluation_set()`."""
    return open_gallery(runs / "pictures", "test", _TEST, _TEST_SEED, held_out=True)


def _note(folder: Path, curve: list[dict[str, object]], figures: dict[str, dict[str, float]]) -> None:
    """Leaves beside the weights how they came about: the last figures, and about a hundred points of the curve."""
    thin = curve[:: max(1, len(curve) // 100)]
    (folder / "training.json").write_text(json.dumps({"figures": figures, "curve": thin}, indent=1) + "\n")
    _log.info("%s: %s", folder, figures)
