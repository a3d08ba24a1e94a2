"""Whatever stands in a line, reading it ends in a row or in a sentence."""

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from content.errors import InvalidInput
from evaluation.folder.row import Row, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("_id", "title", "text", "image", "instruction")


def read(line: bytes) -> Row | None:
    with suppress(InvalidInput):
        return parse(line)
    return None


@given(st.binary(max_size=60))
def test_bytes(line):
    read(line)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, JSON)))
def test_objects(value):
    row = read(json.dumps(value).encode())
    if row is not None:
        assert row.id
        assert (row.words or row.image or "").strip()


@given(st.text(min_size=1, max_size=20).filter(str.isprintable), st.text(min_size=1).filter(str.strip))
def test_what_is_right_is_read_as_it_is(row_id, text):
    with suppress(InvalidInput):  # a NUL
        assert parse(json.dumps({"_id": row_id, "text": text}).encode()) == Row(row_id, text=text)
