"""A digest changes whenever the content changes, and only then."""

from itertools import combinations

from indexer.record import digest


def test_different_contents_have_different_digests():
    contents = [
        (None, None, {}),
        ("", None, {}),
        ("a", None, {}),
        ("ab", b"c", {}),
        ("a", b"bc", {}),
        (None, b"abc", {}),
        ("abc", None, {}),
        (None, b"", {}),
        ("a", None, {"b": 1}),
        ("a", None, {"b": "1"}),
        ("a", None, {"b": 1.0}),
        ("a", None, {"b": True}),
        ("a", None, {"b": None}),
        ('a{"b":1}', None, {}),
    ]
    assert all(digest(*one) != digest(*other) for one, other in combinations(contents, 2))


def test_the_order_of_metadata_does_not_count():
    assert digest("a", b"b", {"x": 1, "y": [2]}) == digest("a", b"b", {"y": [2], "x": 1})


def test_it_is_the_same_tomorrow():
    # collections on disk hold digests: another function would have all of them encoded again
    assert (
        digest("荔枝", b"\0\1", {"n": 1.5}).hex() == "eb119b8f2f7cc9182fef693051203c7cd130eaebaf1f8dd7445b1478f4bb74b6"
    )
    assert len(digest(None, None, {})) == 32
