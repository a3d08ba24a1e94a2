"""What a filter means, in plain Python: one item's metadata against the filter as written. The reference of the fast
one."""

from datetime import UTC, datetime


def passes(metadata, wanted) -> bool:
    return all(_entry(metadata, key, value) for key, value in wanted.items())


def _entry(metadata, key, value) -> bool:
    match key:
        case "$and":
            return all(passes(metadata, part) for part in value)
        case "$or":
            return any(passes(metadata, part) for part in value)
        case "$nor":
            return not any(passes(metadata, part) for part in value)
        case "$not":
            return not passes(metadata, value)
    tests = value if isinstance(value, dict) else {"$eq": value}
    return all(_test(metadata, key, operator, operand) for operator, operand in tests.items())


def _test(metadata, field, operator, operand) -> bool:
    given = metadata.get(field)
    values = given if isinstance(given, list) else [given] if field in metadata else []
    match operator:
        case "$not":
            return not passes(metadata, {field: operand})
        case "$eq":
            return any(_equal(value, operand) for value in values) or (operand is None and field not in metadata)
        case "$ne":
            return not _test(metadata, field, "$eq", operand)
        case "$in":
            return any(_test(metadata, field, "$eq", one) for one in operand)
        case "$nin":
            return not _test(metadata, field, "$in", operand)
        case "$exists":
            return (field in metadata) == operand
        case "$contains":
            if isinstance(given, list):
                return any(_equal(value, operand) for value in given)
            return isinstance(given, str) and isinstance(operand, str) and _folded(operand) in _folded(given)
        case "$lt":
            return any(_ordered(value, operand) == -1 for value in values)
        case "$gt":
            return any(_ordered(value, operand) == 1 for value in values)
        case "$lte":
            return any(_ordered(value, operand) in (-1, 0) for value in values)
        case "$gte":
            return any(_ordered(value, operand) in (1, 0) for value in values)
    raise AssertionError(operator)


def _equal(value, operand) -> bool:
    if value is None or operand is None:
        return value is operand
    if isinstance(value, bool) or isinstance(operand, bool):
        return isinstance(value, bool) and value is operand
    return _ordered(value, operand) == 0


def _ordered(value, operand) -> int | None:
    """-1, 0 or 1 as the value is less, equal or greater; None where the two cannot be compared."""
    if isinstance(value, bool) or isinstance(value, str) != isinstance(operand, str) or value is None:
        return None
    if isinstance(operand, str) and (moment := _moment(operand)) is not None:
        value, operand = _moment(value), moment
    else:
        value, operand = _number(value), _number(operand)
    return None if value is None else (value > operand) - (value < operand)


def _moment(text) -> datetime | None:
    """As far as the tests write them: fromisoformat takes weeks, too, and days without hyphens."""
    if len(text) < 10 or text[4] != "-" or text[7] != "-" or not text[:4].isdecimal():
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(value):
    """Numbers beyond 64 bits are floats."""
    return float(value) if isinstance(value, int) and not -(2**63) <= value < 2**63 else value


def _folded(text) -> str:
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in text)
