"""`lychee bench`, which gathers its commands. Knows none of their options."""

import typer

from evaluation.bench.cli.concurrency import concurrency
from evaluation.bench.cli.encode import encode
from evaluation.bench.cli.http import http
from evaluation.bench.cli.live import live
from evaluation.bench.cli.load import load
from evaluation.bench.cli.memory import memory
from evaluation.bench.cli.recall import recall
from evaluation.bench.cli.rerank import rerank

app = typer.Typer(help="Measure speed and memory, each beside what others offer.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure speed and memory, each beside what others offer."""


app.command(epilog="Example: lychee bench rerank --threads 2 --json > rerank.json")(rerank)
app.command(epilog="Example: lychee bench memory --documents 100 --documents 1000")(memory)
app.command(epilog="Example: lychee bench concurrency --long 500 --requests 60")(concurrency)
app.command(epilog="Example: lychee bench encode build --architecture ViT-B-32 --images 96")(encode)
app.command(epilog="Example: lychee bench live --items 100000 --upserts 10000")(live)
app.command(epilog="Example: lychee bench recall --size 200000 --against hnsw,ivf --markdown")(recall)
app.command(epilog="Example: lychee bench http --documents 50 --rounds 20")(http)
app.command(epilog="Example: lychee bench load --minutes 10")(load)
