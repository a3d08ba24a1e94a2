"""The commands of `lychee data`, each from a file of its own. Knows nothing of what they do."""

import typer

from search.cli.data.check import check
from search.cli.data.from_clicks import from_clicks
from search.cli.data.mine import mine
from search.cli.data.split import split

app = typer.Typer(help="Training data: check it, split it, mine it, make it of clicks.", no_args_is_help=True)


@app.callback()
def data() -> None:
    """Training data: check it, split it, mine it, make it of clicks."""


app.command(epilog="Example: lychee data check train.jsonl --against test.jsonl, or --fix mended.jsonl")(check)
app.command(epilog="Example: lychee data split all.jsonl --train train.jsonl --test test.jsonl --share 0.2")(split)
app.command("from-clicks", epilog="Example: lychee data from-clicks log.jsonl --output clicks.jsonl")(from_clicks)
app.command(epilog="Example: lychee data mine labelled.jsonl --collection photos --output mined.jsonl --guard both")(
    mine
)
