"""`lychee search --channel`: how much each list of stage 1 counts."""

import json

import pytest
from support.error_line import one_error_line


def hits(lychee, *options: str):
    code, out, err = lychee("search", "red mug", "--collection", "toys", "--no-rerank", "--json", *options)
    assert code == 0, err
    return json.loads(out)["hits"]


def channels_of(hits) -> set[str]:
    return {place["channel"] for hit in hits for place in hit["retrieval"]["channels"]}


def test_channels_are_switched_off_and_weighted(lychee, indexed):
    assert channels_of(hits(lychee)) == {"image", "text", "words"}
    assert channels_of(hits(lychee, "--channel", "words=0")) == {"image", "text"}
    assert channels_of(hits(lychee, "--channel", "image=0", "--channel", "text=0")) == {"words"}
    assert hits(lychee, "--channel", "image=100")[0]["id"] == "red.png"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("words", "words=0"),
        ("words=much", "words=0"),
        ("pictures=1", "no channel"),
        ("words=-1", "0 to 100"),
        ("=", "words=0"),
    ],
)
def test_what_is_no_weight_is_refused_in_one_line(lychee, indexed, given, said):
    code, out, err = lychee("search", "red", "--collection", "toys", "--channel", given)
    assert (code, out) == (2, "")
    assert said in one_error_line(err)
