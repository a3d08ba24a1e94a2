import json
import math
from datetime import date, datetime

import pytest

from content.errors import InvalidInput
from indexer.checks import metadata_json


def test_scalars_and_lists_of_them_are_taken():
    metadata = {
        "": "",
        "n": -1.5,
        "big": 10**300,
        "no": None,
        "yes": True,
        "list": ["a", 1, None, False],
        "a.b": [],
        "价": "格",
    }
    assert json.loads(metadata_json(metadata)) == metadata
    assert len(json.loads(metadata_json({f"{key:>256}": [0] * 1000 for key in range(256)}))) == 256


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"maker": {"name": "x"}}, "'maker' is an object, and metadata is flat: make `maker.name` a key of its own"),
        ({"maker": {"\ud800": "x"}}, "make `maker.?` a key of its own"),
        ({"sizes": [{"eu": 42}]}, "make `sizes.eu` a key of its own"),
        ({"grid": [[1]]}, "'grid' is a list inside a list"),
        ({"price": math.nan}, "'price' is no finite number"),
        ({"price": [math.inf]}, "'price' is no finite number"),
        ({"price": 10**400}, "'price' is no finite number"),
        ({"day": date(2024, 5, 1)}, 'write it as "2024-05-01"'),
        ({"day": [datetime(2024, 5, 1, 12)]}, 'write it as "2024-05-01T12:00:00"'),
        ({"thing": object()}, "'thing' is of the type object"),
        ({"thing": b"x"}, "'thing' is of the type bytes"),
        ({"text": "a\0b"}, "'text' holds U+0000 or a lone surrogate"),
        ({"text": ["\ud800"]}, "'text' holds U+0000 or a lone surrogate"),
        ({3: "x"}, "the keys of metadata must be strings, and 3 is not"),
        ({"\ud800": 1}, "holds U+0000 or a lone surrogate"),
        ({"k" * 257: 1}, "at most 256 characters"),
        ({"list": [1] * 1001}, "a list of 1001 values, and may have 1000"),
        ({str(key): 1 for key in range(257)}, "at most 256 keys, not 257"),
        ({"text": "x" * 2**20}, "at most 1048576 bytes as JSON"),
    ],
    ids=lambda value: ascii(value)[:50],
)
def test_what_no_filter_could_compare_is_refused(metadata, said):
    with pytest.raises(InvalidInput) as caught:
        metadata_json(metadata)
    assert caught.value.param == "metadata"
    assert said in caught.value.message
    caught.value.message.encode()
