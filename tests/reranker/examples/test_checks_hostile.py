"""Checking and mending of whatever a file may hold: nothing raises, and what is refused is said to be."""

import json
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import InvalidInput
from reranker.examples.checks.checking import check
from reranker.examples.checks.form import form_faults
from reranker.examples.checks.instructions import instruction_faults
from reranker.examples.checks.lines import lines
from reranker.examples.checks.texts import text_faults
from reranker.examples.example import Example
from reranker.examples.file import read
from reranker.examples.fixing import fix_file
from reranker.examples.line import read_value

QUICK = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.sampled_from(
    ["[IMAGE_DESC]", "[img_desc", "<image>", "{query}", "{{", "}}", "&amp;", "&#0;", "<br>", "<|im_end|>", "é",
     "中文", "Ã©", "\ufffd", "\u0301", "\b", "\0", "\ud800", " ", "\n", "_", "a_b", "12", "data:", "base64,", "\ufeff"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
SIDES = st.one_of(TEXTS, VALUES, st.fixed_dictionaries({}, optional={"text": TEXTS | VALUES, "image": TEXTS | VALUES}))
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "instruction": TEXTS | VALUES,
        "query": SIDES,
        "document": SIDES,
        "score": SCALARS,
        "label": SCALARS | st.sampled_from(["yes", "NO", "true"]),
        "positive": SIDES | st.lists(SIDES, max_size=3),
        "negatives": SIDES | st.lists(SIDES, max_size=3),
        "other": VALUES,
    },
)
LINES = st.one_of(
    st.binary(max_size=80),
    (ROWS | VALUES).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"[" * 2_000, b'{"a":' * 2_000, b'{"query": 1, "query": 2}', b'{"score": ' + b"9" * 5_000 + b"}"]),
)  # fmt: skip


@QUICK
@given(st.lists(LINES, max_size=6))
def test_no_file_makes_the_check_or_the_mending_raise(tmp_path, written):
    path = tmp_path / "any.jsonl"
    path.write_bytes(b"\n".join(written))
    for finding in check(path, against=path):
        assert finding.reason
        assert 0 <= finding.line <= b"\n".join(written).count(b"\n") + 1

    fixes = fix_file(path, tmp_path / "mended.jsonl")
    examples = list(read(tmp_path / "mended.jsonl"))
    assert all(isinstance(one, Example) for one in examples)
    assert fixes.written + fixes.dropped == sum(1 for _ in lines(path))
    assert path.read_bytes() == b"\n".join(written)


@QUICK
@given(ROWS | VALUES)
def test_the_form_is_faulty_exactly_where_a_line_is_refused(value):
    value = json.loads(json.dumps(value))
    try:
        read_value(value)
        refused = False
    except InvalidInput:
        refused = True
    assert bool(list(form_faults(value))) == refused


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    ["_" * 200_000, "[" * 100_000, "{" * 100_000, "<" * 100_000, "a_" * 100_000, " " * 200_000 + "x", "&#" * 100_000,
     "[IMG:" + "a" * 100_000, "[image_desc" * 20_000, "<b " * 50_000, "{a" * 50_000, "A1b" * 70_000, "t: x\n" * 9_000,
     "\n \n" * 60_000 + "x", "```" * 50_000, "é" * 100_000, "Ã" * 100_000, "a:" * 100_000, "https://" + "a." * 50_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_no_text_takes_long(text):
    begin = process_time()
    list(text_faults(text, code=False))
    list(instruction_faults(text))
    assert process_time() - begin < 5  # seconds of this process; each takes a tenth of one, and a quadratic one minutes


def test_a_line_beyond_all_measure_is_not_held(tmp_path):
    (tmp_path / "long.jsonl").write_bytes(b"x" * 1000 + b"\nshort\n\n" + b"y" * 100)
    read = list(lines(tmp_path / "long.jsonl", most=64))
    assert [(number, text if isinstance(text, str) else text.kind.code) for number, text, _ in read] == [
        (1, "line-too-long"),
        (2, "short"),
        (4, "line-too-long"),
    ]
    assert sum(size for *_, size in read) == 1000 + 1 + 6 + 1 + 100
