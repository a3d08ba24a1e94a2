"""P values of several tests made at once. Knows nothing of what was tested."""

from collections.abc import Sequence


def holm(values: Sequence[float]) -> list[float]:
    """The p values as they stand when all tests are counted, in their order; at most 1.

    Below a level, these hold the chance of even one false alarm under that level, whatever the tests have to do with
    one another (Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Stat. 6, 1979).
    """
    order = sorted(range(len(values)), key=lambda place: values[place])
    adjusted, highest = [0.0] * len(values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = highest
    return adjusted
