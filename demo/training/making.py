"""The two recipes from end to end: galleries, stages, finished folders. Knows no command line."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import torch

from demo.catalogue import CatalogueItem, generate
from demo.catalogue.scene import ALONE
from demo.catalogue.split import HELD_OUT
from demo.training import encoder_layout, encoder_training, reranker_layout, sight_stage, verdict_stage
from demo.training.encoder_recall import recall
from demo.training.encoder_training import EncoderTraining
from demo.training.gallery import Gallery, open_gallery
from demo.training.loop import Schedule
from demo.training.sight_stage import SightStage, bring_to_size
from demo.training.verdict_check import check
from demo.training.verdict_stage import VerdictStage

_SEED, _MODEL_SEED = 1, 7
_CPU = torch.device("cpu")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many scenes to draw and how long to train; as it stands, that of the shipped weights."""

    train: int = 40_000
    validation: int = 1_000
    wide: float = 0.5  # of the families; the more pairs of shape and colour, the less they are learned by heart
    alone: float = ALONE
    encoder: Schedule = encoder_training.SCHEDULE
    sight: Schedule = sight_stage.SCHEDULE
    verdict: Schedule = verdict_stage.SCHEDULE


RECIPE = Recipe()


def use_threads(count: int) -> None:
    torch.set_num_threads(count)


def make_encoder(runs: Path, folder: Path, recipe: Recipe = RECIPE, device: torch.device = _CPU) -> None:
    """Trains in `runs`, or goes on there, and writes the finished encoder into `folder`."""
    train, validation = galleries(runs, recipe)
    training = EncoderTraining(train, validation, runs / "encoder", recipe.encoder, device=device)
    training.run()
    training.model.cpu()
    encoder_layout.save(training.model, training.tokenizer, folder)
    _note(folder, training.loop.log.curve(), {"validation": recall(training.model, training.tokenizer, validation)})


def make_reranker(runs: Path, folder: Path, recipe: Recipe = RECIPE, device: torch.device = _CPU) -> None:
    """Trains in `runs`, or goes on there, and writes the finished reranker into `folder`."""
    train, validation = galleries(runs, recipe)
    processor = reranker_layout.build_processor()
    model = reranker_layout.build_model(processor.tokenizer, _MODEL_SEED)
    model.to(device)  # type: ignore[arg-type]
    sight = SightStage(model, train, validation, runs / "sight", recipe.sight)
    sight.run()
    bring_to_size(model, validation.pictures[:200])
    verdict = VerdictStage(model, processor.tokenizer, train, validation, runs / "verdict", recipe.verdict)
    verdict.run()
    reranker_layout.save(model, processor, folder)
    figures = check(verdict.judge, verdict.packer, validation, verdict.seen_validation, queries=recipe.validation // 2)
    _note(folder, [*sight.loop.log.curve(), *verdict.loop.log.curve()], {"validation": figures})


def galleries(runs: Path, recipe: Recipe = RECIPE) -> tuple[Gallery, Gallery]:
    """The pictures to train on, and those to watch: around pairs of shape and colour that no training scene shows."""
    folder = runs / "pictures"
    return (
        open_gallery(folder, training_items(recipe), again=recipe.train // 4, labels=recipe.train // 20),
        open_gallery(folder, watched_items(recipe), again=recipe.validation),
    )


def training_items(recipe: Recipe) -> list[CatalogueItem]:
    return list(generate("train", recipe.train, _SEED, wide=recipe.wide, alone=recipe.alone))


def watched_items(recipe: Recipe) -> list[CatalogueItem]:
    return list(generate("validation", recipe.validation, _SEED, held_out=True, alone=recipe.alone))


def _note(folder: Path, curve: list[dict[str, object]], figures: dict[str, dict[str, float]]) -> None:
    """Leaves beside the weights how they came about: the pairs they never saw, the last figures, and about a hundred
    points of the curve."""
    thin = curve[:: max(1, len(curve) // 100)]
    rounded = {of: {name: round(value, 4) for name, value in table.items()} for of, table in figures.items()}
    unseen = {split: sorted(map(list, pairs)) for split, pairs in HELD_OUT.items()}
    (folder / "training.json").write_text(
        json.dumps({"held_out": unseen, "figures": rounded, "curve": thin}, indent=1) + "\n"
    )
    _log.info("%s: %s", folder, rounded)
