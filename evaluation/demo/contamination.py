"""Whether a model may be judged on this catalogue: not where its training says that it saw what it would be asked."""

import json
from pathlib import Path

import demo
from content.errors import InvalidInput
from demo.catalogue.split import HELD_OUT
from reranker.embedded import DEMO

NOTE = "training.json"
"""What `python -m demo.train` leaves beside the weights; models of other origin have none."""


def refuse_trained_on(model: str, part: str) -> None:
    """Raises InvalidInput for a model of this project whose training did not hold back every pair of the test split.

    model: as in the settings. part: `encoder` or `reranker`. A model without a note passes: it knows other pictures.
    """
    note = folder_of(model, part) / NOTE
    if not note.is_file():
        return
    try:
        told = json.loads(note.read_text("utf-8"))["held_out"]["test"]
        unseen = {(shape, colour) for shape, colour in told}
    except (ValueError, KeyError, TypeError):
        unseen = set()  # weights from before the note told
    seen = sorted(HELD_OUT["test"] - unseen)
    if seen:
        named = ", ".join(f"{colour} {shape}" for shape, colour in seen)
        raise InvalidInput(
            f"the {part} {model!r} cannot be judged here: its {NOTE} does not say that its training held back what the "
            f"test asks for ({named}); take weights that `python -m demo.train {part}` made with this catalogue",
            param=f"--{part}",
        )


def folder_of(model: str, part: str) -> Path:
    """Where the files of a model are if it is the embedded one or a folder; else a path that does not exist."""
    if model == DEMO:
        return Path(str(demo.__file__)).parent / "models" / part
    return Path(model).expanduser()
