"""The commands of `lychee evaluate`. Knows nothing of what they do."""

import typer

from evaluation.cli.demo import demo
from evaluation.cli.folder import folder
from evaluation.cli.runs import runs
from evaluation.depth.cli import depth
from evaluation.mrb.cli import mrb

app = typer.Typer(help="Measure ranking quality: stage 1 beside stage 2.", no_args_is_help=True)
app.command(
    epilog="Example: lychee evaluate demo --pair 'T->I' --language en --queries 100 --json > figures.json",
)(demo)
app.command(epilog="Example: lychee evaluate folder ./my-data --measure nDCG@10 --measure recall@50 --report out.html")(
    folder
)
app.command(epilog="Example: lychee evaluate runs qrels/test.tsv stage1.trec stage2.trec")(runs)
app.command(epilog="Example: lychee evaluate depth ./my-data --at 20 --at 100 --keep 20 --report depth.html")(depth)
app.command(epilog="Example: lychee evaluate mrb ./mbeir_cirr_task7 ./cirr --type 'IT->I'")(mrb)


@app.callback()
def evaluate() -> None:
    """Measure ranking quality: stage 1 beside stage 2."""
