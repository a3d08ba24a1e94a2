"""Sections out of files of examples, and of folders. Knows no judge."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from content import Content, Document
from content.errors import InvalidInput
from evaluation.ab.from_folder import Candidates, folder_section
from evaluation.ab.question import Question, Section
from measures.metrics import RELEVANT, graded
from reranker.examples.contents import Contents
from reranker.examples.example import Group, grouped
from reranker.examples.file import examples
from reranker.examples.ranking import of_passed_over, telling
from search.cli.output import one_line, warn


def sections(data: Sequence[Path], guards: Sequence[Path], candidates: Candidates, exits: ExitStack) -> list[Section]:
    """One section for each file or folder, in the order given; those of `guards` last. exits: closes what is opened.

    Raises NotFound and InvalidInput: none at all, one that is not there or was given twice, one without a query
    that tells, and folders that are more or fewer than the runs.
    """
    if not data:
        raise InvalidInput("there is nothing to compare on; name a file of examples with --data", param="--data")
    paths = [*data, *guards]
    for number, path in enumerate(paths):
        if path.resolve() in {earlier.resolve() for earlier in paths[:number]}:
            raise InvalidInput(f"{path} is given twice; it is either --data or --guard, once", param="--data")
    folders = [path for path in paths if path.is_dir()]
    if len(folders) != len(candidates.runs):
        raise InvalidInput(
            f"a folder needs the run that has its candidates: there are {len(folders)} folders, and --candidates-from "
            f"names {len(candidates.runs)} runs",
            param="--candidates-from",
        )
    runs = dict(zip(folders, candidates.runs, strict=True))
    return [
        folder_section(path, runs[path], candidates, name, guard=number >= len(data), exits=exits)
        if path in runs
        else section(path, name, guard=number >= len(data))
        for number, (path, name) in enumerate(zip(paths, _names(paths), strict=True))
    ]


def section(path: Path, name: str, *, guard: bool) -> Section:
    """The queries of a file that tell; of the others the user is told. Raises as `sections`."""
    option = "--guard" if guard else "--data"
    every = grouped(examples(path, option))
    groups = telling(every)
    if not groups:
        raise InvalidInput(
            f"{path} has no query with documents of two grades, so no order is better than another; examples of one "
            "query have the same instruction and the same query, letter by letter",
            param=option,
        )
    if len(groups) < len(every):
        warn([f"{name}: {of_passed_over(len(every) - len(groups), len(every))}"])
    questions = tuple(question(str(number), group) for number, group in enumerate(groups))
    return Section(name, guard, RELEVANT, questions, _Groups(groups, Contents(path.absolute().parent)))


def question(id: str, group: Group) -> Question:
    """Candidates' ids are their places in the group. The worse document comes first, so that equal scores gain
    nothing."""
    places = sorted(range(len(group.examples)), key=lambda at: (group.examples[at].score, at))
    grades = {str(at): graded(group.examples[at].score) for at in places}
    return Question(id, group.instruction, tuple(grades), grades)


class _Groups:
    """`Reads` of one file."""

    def __init__(self, groups: Sequence[Group], contents: Contents) -> None:
        self._groups = groups
        self._contents = contents

    def query(self, question: Question) -> Content:
        return self._contents.content(self._groups[int(question.id)].query, "query")

    def document(self, question: Question, candidate: str) -> Document:
        return self._contents.document(self._groups[int(question.id)].examples[int(candidate)].document)


def _names(paths: Sequence[Path]) -> list[str]:
    """File names, or the paths as they were given where two files have the same name."""
    plain = [path.name for path in paths]
    return [one_line(str(path) if plain.count(path.name) > 1 else path.name or str(path)) for path in paths]
