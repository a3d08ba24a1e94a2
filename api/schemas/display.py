"""How scores are shown, in a request and in its answer: the fields that several routes share."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from reranker.display import Normalize, Scale


def _whole(value: object) -> object:
    """As it came; a literal 1 would take `true` and `1.0` too."""
    if type(value) is not int:
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": "1 or 10"})
    return value


ScaleField = Annotated[
    Scale,
    BeforeValidator(_whole),
    Field(description="10 shows ten times the score of stage 2. It changes no order and no cut."),
]
NormalizeField = Annotated[
    Normalize | None,
    Field(
        description="`minmax` shows where a score lies between the lowest (0) and the highest (1) of all that stage 2 "
        "judged, before the cuts. It changes no order, tie or cut, and is no probability."
    ),
]
ShownScale = Annotated[Scale, Field(description="How many times the scores are shown, as asked for.")]
ShownNormalize = Annotated[Normalize | None, Field(description="`minmax` where the scores are no probabilities.")]
MarginField = Annotated[
    float | None,
    Field(
        description="The score of the first minus that of the second, before cuts, `scale` and `normalize`; null where "
        "stage 2 judged fewer than two. Below 0 only where the two are tied."
    ),
]
