"""Both judges asked, one after the other, so that never two are in memory. Knows no measure."""

import gc
from pathlib import Path

from content.errors import InvalidInput, ModelError
from evaluation.ab.ask import Anew, Once
from evaluation.ab.judging import Judged, judge
from evaluation.ab.question import Section
from evaluation.conditions import shown_name
from evaluation.scores.file import ScoreFile
from search.assembly import NO_RERANKER, load_reranker
from search.cli.output import counting, loading, one_line
from search.settings import Settings


def both(
    base: str,
    tuned: str,
    sections: list[Section],
    settings: Settings,
    *,
    instruction: str | None = None,
    scores: ScoreFile | None = None,
) -> tuple[Judged, Judged]:
    """What BASE and TUNED say of all sections. base, tuned: as the setting `reranker`. scores: where judgements
    are kept, and found again.

    Raises InvalidInput for `none`, and ModelError for what cannot be loaded.
    """
    names = shown_names(base, tuned)
    for model, option in ((base, "BASE"), (tuned, "TUNED")):
        _check(model, option)
    judged = []
    for model, name in zip((base, tuned), names, strict=True):
        with loading(name) as progress:
            reranker = load_reranker(settings.model_copy(update={"reranker": model}), progress=progress)
        assert reranker is not None  # _check
        ask = Anew(reranker) if scores is None else Once(reranker, scores)
        with counting(f"Judging by {name}", sum(len(one.questions) for one in sections)) as step:
            judged.append(judge(ask, sections, name=name, instruction=instruction, on_question=step))
        del reranker, ask
        _let_go()
    return judged[0], judged[1]


def shown_names(base: str, tuned: str) -> tuple[str, str]:
    """Of folders their own names only, or, where these are alike, as they were given."""
    shown = one_line(shown_name(base)), one_line(shown_name(tuned))
    return shown if shown[0] != shown[1] else (one_line(base), one_line(tuned))


def _check(model: str, option: str) -> None:
    """What can be seen before an hour of judging by the other one."""
    if model == NO_RERANKER:
        raise InvalidInput(f"{option} is {NO_RERANKER}; name two rerankers to compare", param=option)
    written_as_path = model.startswith((".", "/", "~")) or model.count("/") > 1
    if written_as_path and not Path(model).expanduser().exists():
        raise ModelError(f"{option}: there is no folder {model}", param=option)


def _let_go() -> None:
    """The memory of a model that nothing names any more; its parts name each other."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
