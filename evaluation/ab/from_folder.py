"""A section out of a folder in BEIR form and the candidates that somebody found in it. Knows no judge."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content import Content, Document
from content.errors import InvalidInput
from evaluation.ab.question import Question, Section
from evaluation.folder.folder import BeirFolder
from evaluation.runs.trec import read_run
from search.cli.output import warn


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where candidates of folders come from: runs in TREC's form, one for each folder, in their order. depth: how many
    of each query. split: of the judgements."""

    runs: Sequence[Path] = ()
    depth: int = 100
    split: str = "test"


NO_FOLDERS: Final = Candidates()


def folder_section(path: Path, run: Path, given: Candidates, name: str, *, guard: bool, exits: ExitStack) -> Section:
    """The judged queries that the run has two candidates for, each in the run's order, which decides between equal
    scores. exits: closes the folder. Raises NotFound and InvalidInput."""
    folder = exits.enter_context(BeirFolder(path, given.split))
    found = read_run(run).run
    questions = tuple(
        Question(id, folder.instruction(id) or "", tuple(found[id][: given.depth]), grades)
        for id, grades in folder.qrels.items()
        if len(found.get(id, ())[: given.depth]) > 1
    )
    if not questions:
        raise InvalidInput(
            f"{run} has two candidates or more for no judged query of {path}; is it a run of another folder?",
            param="--candidates-from",
        )
    missing = len(folder.qrels) - len(questions)
    warn([*folder.warnings, *([f"{missing:,} judged queries are not compared: {run} lacks them"] if missing else [])])
    return Section(name, guard, 1, questions, _Folder(folder))


class _Folder:
    """`Reads` of one folder."""

    def __init__(self, folder: BeirFolder) -> None:
        self._folder = folder

    def query(self, question: Question) -> Content:
        return self._folder.query(question.id)

    def document(self, question: Question, candidate: str) -> Document:
        return self._folder.document(candidate)
