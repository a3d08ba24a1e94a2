"""`lychee data mine`: labelled queries get hard negatives out of a collection. Knows nothing of how they are found."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from content import Target
from content.errors import InvalidInput
from search.cli.data.options import ExamplesArgument, OutputOption
from search.cli.options import (
    CollectionOption,
    ConfigOption,
    DeviceOption,
    DtypeOption,
    EncoderOption,
    JsonOption,
    JudgeOption,
    RerankerOption,
)
from search.cli.output import as_json, counting, loading, one_line, stdout, warn
from search.load_settings import load_settings
from search.settings import Settings, SettingValue

if TYPE_CHECKING:
    from reranker.examples.contents import Contents
    from reranker.examples.example import Example, Group, Side
    from search.mining import Mined, Miner, Mining

Guard = Literal["score", "judge", "both", "none"]
_TOLD = 5
_REASONS = {
    "positive": "a positive itself",
    "known": "in the file already",
    "close": "scored nearly as a positive or higher by stage 1",
    "judged": "a match to stage 2",
    "unreadable": "not readable",
}


def mine(
    file: ExamplesArgument,
    output: OutputOption,
    collection: CollectionOption = None,
    negatives: Annotated[int, typer.Option(help="How many a query gets, at most.", min=1)] = 7,
    skip_first: Annotated[int, typer.Option(help="Pass over so many of the hardest.", min=0)] = 0,
    candidates: Annotated[int, typer.Option(help="How many stage 1 recalls.", min=1, max=1000)] = 100,
    target: Annotated[Target, typer.Option(help="Look among pictures, texts or both.")] = "any",
    guard: Annotated[
        Guard,
        typer.Option(
            help="What is taken for a positive that nobody marked: what stage 1 scores nearly as a positive or higher "
            "(score), what stage 2 says yes to (judge), both, or none."
        ),
    ] = "score",
    share: Annotated[float, typer.Option(help="Of the positive's score: the bound of the guard score.")] = 0.95,
    above: Annotated[float, typer.Option(help="P(yes): the bound of the guard judge.")] = 0.5,
    json: JsonOption = False,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    judge: JudgeOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Add hard negatives to labelled queries: what stage 1 recalls for them in a collection and nobody has marked as
    right. Pictures are written to OUT.pictures/ beside the new file."""
    overrides: dict[str, SettingValue] = {
        "collection": collection, "encoder": encoder, "reranker": reranker, "judge": judge, "device": device,
        "dtype": dtype,
    }  # fmt: skip
    settings = load_settings(config, overrides)
    if file.absolute() == output.absolute():
        raise InvalidInput("FILE and --output are different files", param="--output")
    from reranker.examples.contents import Contents
    from reranker.examples.example import grouped
    from reranker.examples.file import examples, write
    from search.mining import Mining

    mining = Mining(negatives, skip_first, candidates, target, share if guard in ("score", "both") else None, above)
    groups = grouped(examples(file))
    contents = Contents(file.absolute().parent, settings.image_limits)
    with ExitStack() as stack:
        miner = _miner(settings, mining, contents, output, stack, with_judge=guard in ("judge", "both"))
        tally = _Tally()
        write(output, _rows(miner, groups, contents, output, tally))
    _tell(tally, output, negatives, json)


@dataclass(slots=True)
class _Tally:
    queries: int = 0
    mined: int = 0
    short: int = 0
    skipped: int = 0
    left: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def add(self, mined: "Mined", line: int, wanted: int) -> None:
        self.queries += 1
        self.mined += len(mined.negatives)
        self.skipped += mined.skipped
        self.left.update(mined.left)
        if mined.refused is not None:
            self.refused.append((line, mined.refused))
        else:
            self.short += len(mined.negatives) < wanted


def _miner(
    settings: Settings, mining: "Mining", contents: "Contents", output: Path, stack: ExitStack, *, with_judge: bool
) -> "Miner":
    from indexer.collection import Collection
    from reranker.examples.beside import PictureFolder
    from search.assembly import NO_RERANKER, index_policy, load_encoder, load_reranker, with_own_encoder
    from search.library import check_name
    from search.mining import Miner

    if with_judge and settings.reranker == NO_RERANKER:
        raise InvalidInput("the guard judge asks stage 2's model, and the reranker is none", param="--guard")
    folder = settings.collections / check_name(settings.collection)
    Collection.open(folder).close()  # nobody should wait for models to hear that there is no collection
    with loading("the models") as progress:
        encoder = load_encoder(with_own_encoder(settings, folder))
        judge = load_reranker(settings, progress=progress) if with_judge else None
    opened = stack.enter_context(Collection.open(folder, encoder, index_policy(settings)))
    return Miner(opened, encoder, contents, PictureFolder(output), mining, judge)


def _rows(
    miner: "Miner", groups: "Sequence[Group]", contents: "Contents", output: Path, tally: _Tally
) -> "Iterator[Example]":
    """Each query's examples and, behind them, what was mined for it."""
    from reranker.examples.beside import Carried
    from search.mining import positives

    carried = Carried(contents, output)
    with counting("Mining", len(groups)) as step:
        for group, right in zip(groups, positives(groups), strict=True):
            mined = miner.mine(group, right)
            tally.add(mined, group.examples[0].line, miner.mining.negatives)
            yield from map(carried.example, group.examples)
            for negative in mined.negatives:  # its picture lies beside the output already, the query's may not
                yield _with_query(negative, carried.side(negative.query))
            step()


def _with_query(example: "Example", query: "Side") -> "Example":
    from dataclasses import replace

    return replace(example, query=query)


def _tell(tally: _Tally, output: Path, wanted: int, json: bool) -> None:
    if json:
        refused = [{"line": line, "reason": reason} for line, reason in tally.refused]
        told = {"queries": tally.queries, "mined": tally.mined, "short": tally.short, "skipped": tally.skipped}
        left = {reason: tally.left[reason] for reason in _REASONS}
        typer.echo(as_json({"file": str(output), **told, "left_out": left, "refused": refused}))
        return
    more = [f"and {len(tally.refused) - _TOLD:,} more"] if len(tally.refused) > _TOLD else []
    warn([*(f"line {line}: nothing was mined: {reason}" for line, reason in tally.refused[:_TOLD]), *more])
    console = stdout()
    console.print(
        f"{tally.mined:,} negatives for {tally.queries:,} queries are in {one_line(str(output))}", markup=False
    )
    reasons = [f"{tally.left[reason]:,} {said}" for reason, said in _REASONS.items() if tally.left[reason]]
    if tally.skipped:
        reasons.append(f"{tally.skipped:,} among the hardest, passed over")
    if reasons:
        console.print(f"candidates left out: {'; '.join(reasons)}", markup=False)
    if tally.short:
        console.print(
            f"{tally.short:,} queries have fewer than {wanted}: no more was recalled and passed", markup=False
        )
