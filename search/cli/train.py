"""`lychee train`: fine-tuning, with the flags of `python -m reranker.train`. Knows none of them."""

import typer


def train(context: typer.Context) -> None:
    """Fine-tune a reranker on graded examples: a LoRA adapter, or all of its weights. --help lists the flags."""
    from reranker.train import run  # what it imports costs torch

    run(context.args or ["--help"], "lychee train")
