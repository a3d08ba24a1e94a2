"""Made-up rows of an evaluation, the same in every pair and language, to be counted in the head."""

from evaluation.demo.figures import figures
from evaluation.demo.outcome import ForeignOutcome, Judged, NearDuplicate, outcome
from evaluation.demo.pairs import Task, languages_named, pairs_named, tasks
from evaluation.demo.plan import Plan
from evaluation.demo.result import Result
from measures.calibration import Verdict

PLAN = Plan(100, 50)


def result(task: Task, repaired: int = 3, queries: int = 4) -> Result:
    """Stage 1 has the right one second, behind a swap; stage 2 first in `repaired` of the queries, else second. Every
    other swap shows a held-out pair."""
    found = [
        outcome(
            f"right-{n}",
            {f"swap-{n}": NearDuplicate("swap", held_out=n % 2 == 0)},
            [Judged(f"swap-{n}", 0.4), Judged(f"right-{n}", 0.9 if n < repaired else 0.2)],
            PLAN,
        )
        for n in range(queries)
    ]
    verdicts = (Verdict(True, 0.95), Verdict(False, 0.05))
    foreign = (ForeignOutcome("季度财务报告", 0.1), ForeignOutcome("cat", 0.7))
    return Result(task, PLAN.candidates, tuple(found), verdicts, foreign)


ALL = [result(task) for task in tasks(pairs_named([]), languages_named([]))]


def rows(results):
    return [(one, figures(one, 50)) for one in results]
