"""`lychee data split`: a file of examples becomes files that share no query. Knows no model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from content.errors import InvalidInput
from search.cli.data.options import ExamplesArgument
from search.cli.options import JsonOption
from search.cli.output import as_json, plain_table, stdout

if TYPE_CHECKING:
    from reranker.examples.example import Example

TrainOption = Annotated[Path, typer.Option("--train", help="Where most examples go.", metavar="OUT")]
TestOption = Annotated[Path, typer.Option("--test", help="Where those go that a judge is measured by.", metavar="OUT")]
EvalOption = Annotated[
    Path | None, typer.Option("--eval", help="Where as many go that are looked at during training.", metavar="OUT")
]
ByOption = Annotated[
    Literal["query", "document"],
    typer.Option(
        "--by",
        help="query keeps together what has the same query; document also what shares a document, however indirectly.",
    ),
]


def split(
    file: ExamplesArgument,
    train: TrainOption,
    test: TestOption,
    evaluation: EvalOption = None,
    share: Annotated[float, typer.Option(help="The share of the queries for --test, and for --eval.")] = 0.1,
    by: ByOption = "query",
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 0,
    json: JsonOption = False,
) -> None:
    """Split examples into training and test files without leakage: one query is in one file only, however it is written
    and under whatever instruction; so is a query picture. The files are alike in their instructions."""
    outputs = {"train": train, "test": test} | ({} if evaluation is None else {"eval": evaluation})
    _check(outputs, file, share)
    from reranker.examples.beside import Carried
    from reranker.examples.contents import Contents
    from reranker.examples.file import examples, write
    from reranker.examples.splitting import Sameness, clusters
    from reranker.examples.splitting import split as split_examples

    contents = Contents(file.absolute().parent)
    found = clusters(examples(file), Sameness(contents), by)
    shares = {"train": 1 - share * (len(outputs) - 1)} | {name: share for name in outputs if name != "train"}
    parts = split_examples(found, shares, seed=seed)
    for name, path in outputs.items():
        write(path, map(Carried(contents, path).example, parts[name]))
    _tell(outputs, parts, len(found), json)


def _check(outputs: Mapping[str, Path], file: Path, share: float) -> None:
    if not 0 < share * (len(outputs) - 1) < 1:
        raise InvalidInput(
            f"--share is {share:g}; it is above 0 and leaves something for training (as 0.1 does)", param="--share"
        )
    places = [path.absolute() for path in (file, *outputs.values())]
    if len({path.resolve() for path in places}) < len(places):
        raise InvalidInput("FILE and the files to write are all different files", param="--train")


def _tell(outputs: Mapping[str, Path], parts: "Mapping[str, Sequence[Example]]", sets: int, json: bool) -> None:
    counts = {name: _counts(examples) for name, examples in parts.items()}
    if json:
        told = {name: {"file": str(outputs[name]), **counts[name]} for name in outputs}
        typer.echo(as_json({"parted_into": sets, **told}))
        return
    table = plain_table("examples", "queries", "instructions", "part", "file", numbers=3)
    for name, path in outputs.items():
        table.add_row(*(f"{count:,}" for count in counts[name].values()), name, str(path))
    stdout().print(table)


def _counts(examples: "Sequence[Example]") -> dict[str, int]:
    from reranker.examples.example import grouped

    instructions = {example.instruction for example in examples}
    return {"examples": len(examples), "queries": len(grouped(examples)), "instructions": len(instructions)}
