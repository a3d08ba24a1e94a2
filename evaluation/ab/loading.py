"""Sections out of files of examples. Knows no judge."""

from collections.abc import Sequence
from pathlib import Path

from content.errors import InvalidInput
from evaluation.ab.question import Question, Section
from measures.metrics import RELEVANT, graded
from reranker.examples.contents import Contents
from reranker.examples.example import Group, grouped
from reranker.examples.file import examples
from search.cli.output import one_line


def sections(data: Sequence[Path], guards: Sequence[Path]) -> list[Section]:
    """One section for each file, in the order given; those of `guards` last.

    Raises NotFound and InvalidInput: no file, one that was given twice, or one without a query that has two candidates.
    """
    if not data:
        raise InvalidInput("there is nothing to compare on; name a file of examples with --data", param="--data")
    paths = [*data, *guards]
    for number, path in enumerate(paths):
        if path.resolve() in {earlier.resolve() for earlier in paths[:number]}:
            raise InvalidInput(f"{path} is given twice; a file is either --data or --guard, once", param="--data")
    return [
        section(path, name, guard=number >= len(data))
        for number, (path, name) in enumerate(zip(paths, _names(paths), strict=True))
    ]


def section(path: Path, name: str, *, guard: bool) -> Section:
    """The queries of a file that have at least two candidates. Raises as `sections`."""
    option = "--guard" if guard else "--data"
    questions = [question(group) for group in grouped(examples(path, option)) if len(group.examples) > 1]
    if not questions:
        raise InvalidInput(
            f"{path} has no query with two documents or more, so there is nothing to order; examples of one query have "
            "the same instruction and the same query, letter by letter",
            param=option,
        )
    return Section(name, guard, RELEVANT, tuple(questions), Contents(path.absolute().parent))


def question(group: Group) -> Question:
    """Ids are the places in the group. The worse document comes first, so that equal scores gain nothing."""
    places = sorted(range(len(group.examples)), key=lambda at: (group.examples[at].score, at))
    return Question(
        group.instruction,
        group.query,
        {str(at): group.examples[at].document for at in places},
        {str(at): graded(group.examples[at].score) for at in places},
    )


def _names(paths: Sequence[Path]) -> list[str]:
    """File names, or the paths as they were given where two files have the same name."""
    plain = [path.name for path in paths]
    return [one_line(str(path) if plain.count(path.name) > 1 else path.name) for path in paths]
