"""What `lychee ab run` does: asks both, compares, and prints. Measures nothing itself."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.text import Text

from evaluation.ab.both import both
from evaluation.ab.comparison import Compared, compare
from evaluation.ab.from_folder import NO_FOLDERS, Candidates
from evaluation.ab.judging import Judged
from evaluation.ab.loading import sections
from evaluation.ab.outcome import Outcome, Rule, outcome
from evaluation.ab.question import Section
from evaluation.ab.shown import as_dict, grid, notes
from evaluation.pages.grid import terminal
from evaluation.scores.file import ScoreFile
from measures.metrics import measure
from search.cli.output import as_json, one_line, stdout, warn
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """base, tuned: as the setting `reranker`. data, guards: files of examples, or folders in BEIR form. candidates: of
    the folders. instruction: instead of theirs. scores: the file that keeps judgements."""

    base: str
    tuned: str
    data: tuple[Path, ...]
    guards: tuple[Path, ...] = ()
    candidates: Candidates = NO_FOLDERS
    instruction: str | None = None
    scores: Path | None = None

    @contextmanager
    def judged(self, settings: Settings) -> Iterator[tuple[list[Section], Judged, Judged]]:
        """The sections, to be read until the end of the block, and what each said of them. Raises as `sections` and
        `both`."""
        with ExitStack() as exits:
            parts = sections(self.data, self.guards, self.candidates, exits)
            scores = None if self.scores is None else exits.enter_context(ScoreFile(self.scores))
            base, tuned = both(self.base, self.tuned, parts, settings, instruction=self.instruction, scores=scores)
            if base.fingerprint == tuned.fingerprint:
                warn(["BASE and TUNED are the same model: they have the same fingerprint"])
            yield parts, base, tuned


def compare_models(asked: Asked, settings: Settings, rule: Rule, names: tuple[str, ...], *, json: bool) -> bool:
    """Prints tables, or JSON, and gives whether TUNED is better. names: of measures; the first decides."""
    for name in names:
        measure(name)  # a slip is told before any work
    with asked.judged(settings) as (parts, base, tuned):
        compared = compare(parts, base, tuned, names)
    found = outcome(compared, rule, tuned.name)
    if json:
        _print_json(compared, base, tuned, rule, found)
    else:
        _print_tables(compared, base, tuned, found)
    return found.better


def _print_json(compared: list[Compared], base: Judged, tuned: Judged, rule: Rule, found: Outcome) -> None:
    typer.echo(as_json(as_dict(compared, base, tuned, rule, found)))


def _print_tables(compared: list[Compared], base: Judged, tuned: Judged, found: Outcome) -> None:
    console = stdout()
    console.print(Text(f"BASE is {base.name}, TUNED is {tuned.name}."))
    for one in compared:
        console.print(terminal(grid(one)))
        for note in notes(one):
            console.print(Text(note))
    console.print()
    console.print(Text(one_line(found.sentence), style="bold"), soft_wrap=True)
