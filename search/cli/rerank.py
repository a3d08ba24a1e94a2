"""`lychee rerank`: stage 2 alone, on documents from the command line or a file. Knows nothing of collections."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from content.errors import InvalidInput
from reranker.display import Display
from reranker.ranking import Ranked, Ranking, raise_first_error, rank
from search.cli.failures import NOTHING_DONE
from search.cli.options import (
    ConfigOption,
    DeviceOption,
    DtypeOption,
    InstructionOption,
    JsonOption,
    JudgeOption,
    NormalizeOption,
    QuantizationOption,
    RaiseOption,
    RerankerOption,
    ScaleOption,
    ThresholdOption,
)
from search.cli.output import as_json, loading, one_line, plain_table, stdout, warn
from search.load_settings import load_settings
from search.settings import Settings, SettingValue

if TYPE_CHECKING:
    from content import Content
    from reranker.protocol import Judgement, Reranker
    from search.cli.documents import Given

ImageOption = Annotated[Path | None, typer.Option("--image", help="The query's picture.", metavar="FILE")]
DocumentImageOption = Annotated[
    list[Path] | None, typer.Option("--document-image", help="A picture to judge; may be repeated.", metavar="FILE")
]
InputOption = Annotated[
    Path | None,
    typer.Option(
        "--input",
        help="A JSONL file of documents: each line a text, or an object with text, image or both. An image is a path "
        "in the file's folder or a data URI.",
        metavar="FILE",
    ),
]


def rerank(
    query: Annotated[str | None, typer.Argument(help='The query; "" where --image is all of it.')] = None,
    documents: Annotated[list[str] | None, typer.Argument(help="Texts to judge.")] = None,
    image: ImageOption = None,
    document_image: DocumentImageOption = None,
    input_file: InputOption = None,
    instruction: InstructionOption = None,
    top_k: Annotated[int | None, typer.Option("--top-k", help="How many to show (default: all).", min=1)] = None,
    threshold: ThresholdOption = None,
    scale: ScaleOption = 1,
    normalize: NormalizeOption = None,
    raise_on_error: RaiseOption = False,
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    reranker: RerankerOption = None,
    judge: JudgeOption = None,
    quantization: QuantizationOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Order documents by how well they answer a query: texts, pictures or both."""
    overrides: dict[str, SettingValue] = {
        "reranker": reranker, "judge": judge, "quantization": quantization, "device": device, "dtype": dtype,
    }  # fmt: skip
    settings = load_settings(config, overrides)
    if json and markdown:
        raise InvalidInput("choose one of --json and --markdown", param="--markdown")
    # Imported here: `lychee --help` must not wait for PIL, nor a mistake in an option for torch.
    from search.cli.documents import given_in_file, given_on_command_line, read_query

    content = read_query(query, image, settings.image_limits)
    given = given_on_command_line(documents or [], document_image or [])
    given += given_in_file(input_file) if input_file else []
    if not given:
        raise InvalidInput("there is nothing to judge; give documents, --document-image or --input", param="documents")
    with loading("the model") as progress:
        from search.assembly import load_reranker

        model = load_reranker(settings, progress=progress)
    if model is None:
        raise InvalidInput("stage 2 is switched off; name a model with --reranker", param="--reranker")
    judgements = _judgements(model, instruction, content, given, settings)
    if raise_on_error:
        raise_first_error(judgements)
    ranking = rank(judgements, score_threshold=threshold, top_k=top_k, display=Display(scale, normalize))
    if json:
        typer.echo(as_json(_as_dict(model.name, ranking, given)))
    elif markdown:
        from search.markdown import markdown_table

        typer.echo(markdown_table(ranking, [each.label for each in given]))
    else:
        _show(ranking, given)
    warn(ranking.warnings)
    if all(judgement.error is not None for judgement in judgements):
        raise typer.Exit(NOTHING_DONE)


def _judgements(
    model: "Reranker", instruction: str | None, query: "Content", given: "list[Given]", settings: Settings
) -> "list[Judgement]":
    from reranker.instructions import resolve
    from search.cli.documents import read_document
    from search.stage2 import judge
    from search.worker import DeviceWorker

    with closing(DeviceWorker()) as worker, worker.lane() as lane:
        return judge(
            lane,
            model,
            resolve(instruction, query),
            query,
            given,
            lambda part: [read_document(each, settings.image_limits) for each in part],
        )


def _as_dict(model: str, ranking: "Ranking", given: "list[Given]") -> dict[str, object]:
    results = [
        {
            "rank": entry.rank,
            "index": entry.index,
            "score": entry.score,
            "text": given[entry.index].text,
            "image": given[entry.index].image_label,
            "tied": entry.tied,
            "truncated": entry.judgement.truncated,
            "error": entry.judgement.error,
            "raw": entry.judgement.raw,
        }
        for entry in ranking.entries
    ]
    return {
        "model": model,
        "scale": ranking.display.scale,
        "normalize": ranking.display.normalize,
        "margin": ranking.margin,
        "results": results,
        "warnings": ranking.warnings,
    }


def _show(ranking: "Ranking", given: "list[Given]") -> None:
    table = plain_table("#", ranking.display.label, "# input", "document", numbers=3)
    for entry in ranking.entries:
        table.add_row(*_row(entry, given[entry.index]))
    stdout().print(table)


def _row(entry: "Ranked", given: "Given") -> list[Text]:
    document = Text(one_line(given.label, 160))
    if entry.judgement.error is not None:
        document.append(f" not judged: {one_line(entry.judgement.error)}", style="red")
    score = f"{'≈ ' if entry.tied else ''}{entry.score:.4f}"
    return [Text(str(entry.rank)), Text(score), Text(str(entry.index)), document]
