"""What a run leaves: an adapter, or a checkpoint. Knows no trainer."""

import shutil
from pathlib import Path

from peft import PeftModel
from torch import nn

from reranker.checkpoint import save
from reranker.training.checkpoints import save_trained
from reranker.training.judge import Judge


def write_result(judge: Judge, output_dir: Path) -> None:
    """Writes an adapter in peft's form, or the whole checkpoint in the Lychee layout, beside all else in the folder.

    The files appear when all of them are written. The weights of a whole checkpoint are rounded to the number format of
    the one that was begun with, in memory too, so that what is measured afterwards is what was written.
    """
    temporary = output_dir / ".result.partial"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    if isinstance(judge.trained, PeftModel):
        save_trained(judge.trained, temporary)
    else:
        trained_in = judge.trained.dtype
        nn.Module.to(judge.trained, judge.stored)
        save(judge.trained, judge.processor, temporary)
        nn.Module.to(judge.trained, trained_in)
    # The configuration last: it is what makes a model of a folder.
    for path in sorted(temporary.iterdir(), key=lambda path: path.name.endswith("config.json")):
        path.replace(output_dir / path.name)
    temporary.rmdir()
