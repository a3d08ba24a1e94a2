"""What was measured, on what and where, as a table of a report. Counts nothing."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from evaluation.conditions import Conditions
from evaluation.quality.result import Evaluation
from evaluation.report import frame
from evaluation.report.markup import cut, safe

_LONGEST = 400


def facts(evaluation: Evaluation) -> str:
    """HTML. What somebody needs to make the evaluation again."""
    return _table(chain(_measured(evaluation), _made_under(evaluation.conditions)))


def conditions(made_under: Conditions) -> str:
    """HTML. The conditions alone."""
    return _table(_made_under(made_under))


def _table(named: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{safe(cut(value, _LONGEST))}</td></tr>' for name, value in named
    )
    return frame.wide(f'<table class="facts"><tbody>{rows}</tbody></table>', "Table of what was measured, and where")


def _measured(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    models = evaluation.models
    yield "Stage 1", f"{models.encoder}, fingerprint {models.encoder_fingerprint}"
    if models.reranker is None:
        yield "Stage 2", "none"
    else:
        yield "Stage 2", f"{models.reranker}, fingerprint {models.reranker_fingerprint}"
        yield "Instruction", models.instruction or "the default for each kind of query"
    yield "Data", f"{evaluation.title}: {len(evaluation.answered):,} queries, {evaluation.documents:,} documents"
    yield "Judgements", _judgements(evaluation)


def _made_under(made: Conditions) -> Iterator[tuple[str, str]]:
    yield "Machine", f"{made.platform}, {made.processor}, {made.cores} cores, {made.threads} threads of torch"
    yield "Device", f"{made.device}, {made.dtype}"
    yield "Software", f"Python {made.python}, {_listed(made.versions)}"
    yield "Commit", made.commit or "unknown"
    yield "Options", _listed(made.options)
    yield "Duration", f"{made.seconds:,.1f} s"


def _judgements(evaluation: Evaluation) -> str:
    grades = [grade for one in evaluation.answered for grade in one.grades.values()]
    candidates = [len(one.candidates) for one in evaluation.answered]
    return (
        f"{len(grades):,} grades, from {min(grades, default=0)} to {max(grades, default=0)}; "
        f"{min(candidates, default=0):,} to {max(candidates, default=0):,} candidates for a query"
    )


def _listed(named: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in named.items()) or "none"
