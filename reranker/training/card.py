"""The model card of a run: what was trained, on what, how well it does, and how it is used. Knows no trainer.

In the form of the hub: front matter in YAML, then Markdown. Whatever comes from outside is escaped, and of paths only
the last part is told.
"""

import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import torch
from huggingface_hub import ModelCard, ModelCardData

from reranker.embedded import DEMO
from reranker.examples.ranking import of_passed_over
from reranker.machine import device_name, processor_name
from reranker.training import curves
from reranker.training.options import Arguments, Options
from reranker.training.run import Data, Run

FILE: Final = "README.md"
_MEASURES: Final = ("nDCG@10", "MRR", "recall@1", "loss")
_IMPORTANT: Final = (
    "learning_rate",
    "num_train_epochs",
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "lora_rank",
    "lora_alpha",
    "max_length",
    "seed",
)
_OF_LORA: Final = "lora_"
_WHERE_DEFAULTS_ARE: Final = (Options, Arguments)


def write(run: Run, output_dir: Path) -> Path:
    """Writes `README.md` into the folder of a run that has ended, over one that is there. The picture of the curves is
    shown where it is there."""
    temporary = output_dir / f".{FILE}.partial"
    temporary.write_text(render(run, output_dir), encoding="utf-8")
    return temporary.replace(output_dir / FILE)


def render(run: Run, output_dir: Path) -> str:
    title = escaped(output_dir.resolve().name)
    parts = [
        f"---\n{_front_matter(run)}\n---",
        f"# {title}",
        _what(run),
        _figures(run, (output_dir / curves.FILE).is_file()),
        _data(run),
        _settings(run),
        _use(run),
        _made(run),
    ]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """On one line, and with nothing in it that Markdown or HTML would take for more than text."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return re.sub(r"([\\`*_{}\[\]#!|<>~&$])", r"\\\1", line)


def shown_name(model: str) -> str:
    """A model's name as it may be published: of a folder, here or gone, only its own name."""
    is_of_hub = re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", model) and not Path(model).is_dir()
    return model if is_of_hub else Path(model).resolve().name


def _front_matter(run: Run) -> str:
    own = _of_base(run.base)
    told = ModelCardData(
        base_model=shown_name(run.base),
        base_model_relation="adapter" if run.method == "lora" else "finetune",
        library_name="peft" if run.method == "lora" else "transformers",
        pipeline_tag="text-ranking",
        tags=["lychee-search", "reranker", "multimodal", "qwen2_5_vl", *(["lora"] if run.method == "lora" else [])],
        license=own.get("license"),
        language=own.get("language"),
    )
    return str(told.to_yaml()).strip()


def _of_base(base: str) -> dict[str, Any]:
    """What the card of the base says, where it has one here."""
    card = Path(base).expanduser() / FILE
    if base == DEMO or not card.is_file():
        return {}
    try:
        return dict(ModelCard.load(card, ignore_metadata_errors=True).data.to_dict())
    except Exception:  # noqa: BLE001  # another's card can be broken in any way, and does without
        return {}


def _what(run: Run) -> str:
    kind = "LoRA adapter for" if run.method == "lora" else "full fine-tuning of"
    share = f"{run.trained:,} of {run.parameters:,} weights were trained"
    return (
        f"A {kind} the reranker **{escaped(shown_name(run.base))}**: a Qwen2.5-VL that reads an instruction, a query "
        "and a document, each of text, picture or both, and answers yes or no; the score is its probability of yes.\n\n"
        f"It was trained with Lychee Search on {run.train.examples:,} examples of {run.train.queries:,} queries; "
        f"{share}."
    )


def _figures(run: Run, has_curves: bool) -> str:
    lines = ["## How well it does", ""]
    if run.held_out is None or run.before is None or run.after is None:
        lines += ["Nothing was held out, so there are no figures. `lychee evaluate` and `lychee ab` make some."]
    else:
        before, after = run.before, run.after
        rows = [(name, _shown(before, name), _shown(after, name)) for name in _MEASURES if name in after]
        apart = "that were not trained on"
        if run.shared:
            apart = f"({run.shared:,} of the queries were trained on, too, so these figures are too good)"
        passed = run.held_out.groups - run.held_out.telling
        lines += [
            f"On {run.held_out.queries:,} queries with {run.held_out.examples:,} examples {apart}"
            f"{f'; {of_passed_over(passed, run.held_out.groups)}' if passed else ''}:",
            "",
            *_table(("", "before", "after"), rows),
            "",
            "In brackets: what the mean over the queries may be by chance (bootstrap, 95 %). `lychee ab` compares two "
            "models query by query, which tells more. Each query's documents are those of the file alone: a real "
            "search has more.",
        ]
    if has_curves:
        lines += ["", f"![Loss and nDCG@10 over the steps of the training]({curves.FILE})"]
    return "\n".join(lines)


def _shown(figures: Mapping[str, float], name: str) -> str:
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    around = "" if low is None or high is None else f" ({low:.3f} to {high:.3f})"
    return f"{figures[name]:.3f}{around}" if name in figures else ""


def _data(run: Run) -> str:
    heads = ("", "file", "queries", "examples", "scores 0 to ¼", "¼ to ½", "½ to ¾", "¾ to 1", "BLAKE2b of the file")
    parts = [("trained on", run.train), *([("held out", run.held_out)] if run.held_out else [])]
    rows = [_data_row(what, data) for what, data in parts]
    notes = []
    if run.held_out is not None and run.held_out.digest == run.train.digest:
        notes = ["", f"{run.held_out.share:.0%} of the file's queries were held out, drawn by the seed."]
    return "\n".join(["## Data", "", *_table(heads, rows), *notes])


def _data_row(what: str, data: Data) -> Sequence[str]:
    grades = [f"{count:,}" for count in data.grades] or [""] * 4
    return what, escaped(Path(data.path).name), f"{data.queries:,}", f"{data.examples:,}", *grades, f"`{data.digest}`"


def _settings(run: Run) -> str:
    defaults = _defaults()
    rows = []
    for name, value in run.options.items():
        differs = name in defaults and defaults[name] is not None and value != defaults[name]
        if run.method == "full" and name.startswith(_OF_LORA):
            continue
        if name in _IMPORTANT or differs:
            rows.append((f"`--{name}`", escaped(str(value)), escaped(str(defaults[name])) if differs else ""))
    about = "The important ones, and all that differ from their defaults."
    return "\n".join(["## Settings", "", about, "", *_table(("", "value", "default, where another"), rows)])


def _defaults() -> dict[str, object]:
    return {one.name: one.default for kind in _WHERE_DEFAULTS_ARE for one in fields(kind)}


def _use(run: Run) -> str:
    """FOLDER stands for wherever these files are."""
    lines = [
        "## How to use it",
        "",
        "```python",
        "from reranker import LycheeReranker",
        "",
        'reranker = LycheeReranker.from_pretrained("FOLDER")',
        'ranked = reranker.rerank("a red mug", documents=["a mug, red", "a blue bag"])',
        "```",
        "",
        "```shell",
        "lychee serve --reranker FOLDER",
    ]
    if run.method == "lora":
        lines += ["lychee merge FOLDER WHOLE_MODEL  # adapter and base as one checkpoint, for other programs"]
    return "\n".join([*lines, "```", "", "FOLDER is where these files are. Ask with the instruction of the examples."])


def _made(run: Run) -> str:
    device = torch.device(run.device)
    minutes = f"{run.seconds / 60:,.1f} minutes"
    kept = "" if run.best_step is None else f"; the weights are those of step {run.best_step:,}"
    rows = [
        ("steps", f"{run.steps:,} in {run.epochs:,.4g} epochs{kept}"),
        ("time", minutes),
        ("device", escaped(f"{device_name(device)}, computing in {run.dtype}")),
        ("processor", escaped(f"{processor_name()}, {os.cpu_count() or 1} cores, {platform.system()}")),
        ("seed", str(run.options.get("seed", ""))),
        ("base", f"fingerprint `{run.base_fingerprint}`"),
        ("versions", ", ".join(f"{escaped(name)} {escaped(version)}" for name, version in run.versions.items())),
        ("", f"Python {platform.python_version()}"),
    ]
    return "\n".join(["## How it was made", "", *_table(("", ""), rows)])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]
