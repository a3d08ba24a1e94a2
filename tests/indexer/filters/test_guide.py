"""docs/filters.md: what it says that filters find is what they find."""

import json
import re
from pathlib import Path

from support.stored_metadata import StoredMetadata

from indexer.filters.conditions import OPERATORS

GUIDE = (Path(__file__).parents[3] / "docs" / "filters.md").read_text("utf-8")


def test_the_examples_find_what_they_say():
    (block,) = re.findall(r"```jsonl\n(.*?)```", GUIDE, re.DOTALL)
    items = [json.loads(line) for line in block.splitlines()]
    ids = [item.pop("id") for item in items]
    stored = StoredMetadata(*items)
    rows = re.findall(r"^\| `(\{.*\})` \| (.*?) ?\|$", GUIDE, re.MULTILINE)
    assert len(rows) > 15
    found = {wanted: [ids[number - 1] for number in stored.matching(json.loads(wanted))] for wanted, _ in rows}
    assert found == {wanted: [name for name in names.split(", ") if name] for wanted, names in rows}


def test_every_operator_is_described_and_shown():
    for operator in (*OPERATORS, "$and", "$or", "$nor", "$not"):
        assert f"{operator}`" in GUIDE or f'"{operator}"' in GUIDE
