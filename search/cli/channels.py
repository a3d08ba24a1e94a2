"""`--channel NAME=WEIGHT` as numbers. Knows neither which channels there are nor which weights they take."""

from collections.abc import Iterable

from content.errors import InvalidInput


def channel_weights(given: Iterable[str]) -> dict[str, float]:
    """By name; of one that is given twice the last counts. Raises InvalidInput for what is no name and number."""
    weights = {}
    for each in given:
        name, _, weight = each.partition("=")
        try:
            weights[name.strip()] = float(weight)
        except ValueError as error:
            raise InvalidInput(
                f"--channel takes a name and a number, such as words=0 or image=2, not {each[:80]!r}", param="channels"
            ) from error
    return weights
