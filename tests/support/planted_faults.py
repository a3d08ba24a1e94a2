"""Faults to plant in clean examples: what is written, and what is to be said of it. Each has a query of its own."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

TASK = "Given a user's search query, rank products by visual and textual relevance"
LIKE = "Given a product image and description, retrieve similar products"


@dataclass(frozen=True, slots=True)
class Planted:
    """lines: what is written. kind: what is found, and on which of the lines. also: what else is true of them."""

    name: str
    lines: tuple[bytes, ...]
    kind: str
    at: int = 0
    also: frozenset[str] = field(default_factory=frozenset)


def _line(**fields: object) -> bytes:
    value = {"instruction": TASK, "query": "a query", "document": "a document of its own", "score": 0.5} | fields
    return json.dumps({name: part for name, part in value.items() if part is not ...}).encode()


def _one(kind: str, name: str, also: tuple[str, ...] = (), **fields: object) -> Planted:
    return Planted(name, (_line(**{"query": f"query for {name}"} | fields),), kind, 0, frozenset(also))


def _two(
    kind: str, name: str, first: dict[str, object], second: dict[str, object], also: tuple[str, ...] = ()
) -> Planted:
    query = {"query": f"query for {name}"}
    return Planted(name, (_line(**query | first), _line(**query | second)), kind, 1, frozenset(also))


def _raw(kind: str, name: str, line: bytes) -> Planted:
    return Planted(name, (line,), kind)


def _group(name: str, kind: str, **fields: object) -> Planted:
    whole = {
        "query": f"query for {name}",
        "document": ...,
        "score": ...,
        "positive": "it is",
        "negatives": ["it is not"],
    }
    return _one(kind, name, **whole | fields)


def write_pictures(folder: Path) -> None:
    """The pictures that the faults name: some that are fine, and some that are not."""
    pictures = folder / "planted"
    pictures.mkdir()
    Image.new("RGB", (3000, 10), "red").save(pictures / "long.png")
    Image.effect_noise((200, 200), 50).save(pictures / "whole.jpg")
    (pictures / "half.jpg").write_bytes((pictures / "whole.jpg").read_bytes()[:2000])
    (pictures / "text.png").write_text("this is no picture")
    Image.effect_noise((2000, 2000), 50).save(pictures / "large-1.jpg")
    Image.effect_noise((1999, 2000), 50).save(pictures / "large-2.jpg")
    Image.effect_noise((2000, 1998), 50).save(pictures / "large-3.jpg")
    (folder.parent / "outside.png").write_bytes((folder / "planted" / "long.png").read_bytes())


def _picture_text() -> str:
    data = io.BytesIO()
    Image.effect_noise((20, 20), 50).save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


FORMS = [
    _raw("not-json", "words", b"this is no JSON at all"),
    _raw("not-json", "cut off", _line(query="cut off")[:-3]),
    _raw("not-json", "single quotes", b"{'query': 'x', 'document': 'y', 'score': 1}"),
    _raw("not-object", "list", b'["query", "document", 1.0]'),
    _raw("not-utf8", "latin-1", '{"query": "caf\u00e9 1", "document": "x y", "score": 1}'.encode("latin-1")),
    _one("bad-character", "nul", document="a document\0with a NUL"),
    _raw("bad-character", "half a character", _line(query="half")[:-1].replace(b"own", b"\\ud83d own") + b"}"),
    _one("missing-field", "no query", query=...),
    _one("missing-field", "no document", document=...),
    _one("missing-field", "no score", score=...),
    _one("unknown-field", "extra field", source="shop"),
    _one("unknown-field", "side with an unknown field", document={"text": "a mug", "caption": "a red mug"}),
    _one("repeated-field", "written twice", score=...),
    _one("mixed-forms", "score and label", label=1),
    _one("mixed-forms", "triple and group", positive="a", negatives=["b"]),
    _one("wrong-type", "query is a number", query=12),
    _one("wrong-type", "document is a list", document=["a", "b"]),
    _one("wrong-type", "image is a number", document={"image": 5}),
    _one("wrong-type", "instruction is a list", instruction=["rank", "products"]),
    _one("empty-side", "empty document", document=""),
    _one("empty-side", "blank query", query="   "),
    _one("empty-side", "null document", document=None),
    _one("empty-side", "object of nulls", document={"text": None, "image": None}),
    _group("empty positives", "empty-group", positive=[]),
    _group("no negatives", "group-without-negative", negatives=[]),
    _group("bad negative", "wrong-type", negatives=["fine", 7]),
    _one("score-scale", "percent", score=85),
    _one("score-scale", "stars", score=4),
    _one("score-scale", "out of ten", score=7.5),
    _one("score-range", "negative", score=-0.2),
    _one("score-range", "huge", score=12345),
    _one("score-range", "nan", score=float("nan")),
    _one("score-type", "score as a string", score="0.8"),
    _one("score-type", "score as a word", score="high"),
    _one("score-type", "score as a boolean", score=True),
    _one("score-type", "score as null", score=None),
    _one("label-value", "boolean as a string", score=..., label="true"),
    _one("label-value", "label of another kind", score=..., label="relevant"),
    _one("label-value", "label 2", score=..., label=2),
]
FORMS[12] = Planted("written twice", (_line(query="query written twice")[:-1] + b', "score": 0.9}',), "repeated-field")

TEXTS = [
    _one("instruction-missing", "no instruction", instruction=...),
    _one("instruction-missing", "empty instruction", instruction=" "),
    _one("identifier-instruction", "snake case", instruction="web_search_retrieval_v2"),
    _one("identifier-instruction", "task number", instruction="task-12"),
    _one("identifier-instruction", "uuid", instruction="3f2b8c1e-9a4d-4c7b-8e1f-0a2b3c4d5e6f"),
    _one("identifier-instruction", "camel case", instruction="productSimilaritySearch"),
    _one("identifier-instruction", "kebab case", instruction="product-similarity-v3"),
    _one("identifier-instruction", "capitals", instruction="RETRIEVE_SIMILAR_ITEMS"),
    _one("identifier-instruction", "named", instruction="Task: image_retrieval"),
    _one("structured-instruction", "json", instruction='{"task": "rank", "lang": "en"}'),
    _one("structured-instruction", "yaml", instruction="task: ranking\nlang: en\ntop_k: 10"),
    _one("structured-instruction", "xml", instruction="<task><name>rank</name></task>"),
    _one("placeholder", "slot in an instruction", instruction="Given the query {query}, rank the products"),
    _one("placeholder", "double slot in an instruction", instruction="Given a {{ domain }} query, rank products"),
    _one("placeholder", "angle brackets in an instruction", instruction="Given a query, rank <placeholder> by fit"),
    _one("placeholder", "document template", document="Title: {title}\nBody: {body}"),
    _one("placeholder", "null as text", document="null"),
    _one("instruction-short", "one word", instruction="Relevance"),
    _one("instruction-short", "two Chinese words", instruction="相似商品"),
    _one(
        "instruction-long",
        "an essay",
        instruction="Rank the products by how well they fit the query. " * 40 + "Thanks.",
    ),
    _one("prompt-heading", "e5's prefix", instruction="Instruct: Given a query, rank the products"),
    _one("prompt-heading", "heading of the prompt", document="<Query>: mug <Document>: a mug of clay"),
    _one("prompt-heading", "query prefix", query="query: mug of clay and glass"),
    _one("special-token", "end of message", document="a red mug<|im_end|>"),
    _one("picture-placeholder", "pointer", document="[IMG:0x3a4f2d] a red mug"),
    _one("picture-placeholder", "image tag", query="<image>\nfind the same mug, please"),
    _one("picture-placeholder", "numbered", document="a red mug [image_1]"),
    _one("structured-text", "object as document", document='{"title": "red mug", "price": 12.5}'),
    _one("encoded-text", "base64", document=_picture_text()),
    _one("encoded-text", "data uri", document=f"data:image/png;base64,{_picture_text()}"),
    _one("encoded-text", "hash", document="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    _one("file-name-text", "file name", document="images/mugs/red_mug_003.jpg"),
    _one("file-name-text", "picture url", document="https://cdn.example.com/i/8841.webp?w=300"),
    _one("image-marker", "lower case", document="[image_desc] a red mug on a table"),
    _one("image-marker", "other word", document="[IMG_DESC] a red mug on a table of oak"),
    _one("image-marker", "blank for the line", document="[IMAGE DESC] a red mug on a table of pine"),
    _one("image-marker", "letters swapped", document="[IMAGE_DSEC] a red mug on a table of ash"),
    _one("vague-description", "a picture", document="[IMAGE_DESC] a picture"),
    _one("vague-description", "of something", document="[IMAGE_DESC] An image of something."),
    _one("vague-description", "Chinese", document="[IMAGE_DESC] 图片"),
    _one("vague-description", "nothing", document="[IMAGE_DESC]"),
    _one("mojibake", "utf-8 as cp1252", document="the cafÃ© on the corner"),
    _one("mojibake", "lost character", document="the caf\ufffd on the corner"),
    _one("html-entity", "ampersand", document="Tom &amp; Jerry on a mug"),
    _one("html-entity", "number", document="a mug for the writer&#39;s desk"),
    _one("html-tag", "line break", document="a red mug<br>for the office"),
    _one("html-tag", "paragraph", document="<p>A red mug for the <b>office</b></p>"),
    _one("white-space", "behind", document="a red mug for the office  "),
    _one("white-space", "before", query="\t a red mug for the office"),
    _one("control-character", "backspace", document="a red mu\bg for the office"),
    _one("not-normalised", "accent apart", document="cafe\u0301 de la gare"),
    _one("query-is-document", "itself", query="Blue Widget 7", document="blue  widget 7"),
    _one("instruction-is-query", "itself", instruction="find me a red mug", query="Find me a red mug"),
    _one("too-long", "a book", document="a red mug for the office, " * 700 + "end"),
    _one("query-too-long", "a book as a query", query="a red mug for the office, " * 701 + "end"),
]

PICTURES = [
    _one("picture-missing", "not there", document={"image": "planted/none.png"}),
    _one("picture-url", "a URL", document={"image": "https://example.com/mug.png"}),
    _one("picture-outside", "next door", document={"image": "../outside.png"}),
    _one("picture-outside", "absolute", document={"image": "/etc/hostname"}),
    _one("picture-unreadable", "text", document={"image": "planted/text.png"}),
    _one("picture-unreadable", "half", query={"text": "half a picture", "image": "planted/half.jpg"}),
    _one("picture-unreadable", "bad data uri", document={"image": "data:image/png;base64,AAAA"}),
    _one("picture-elongated", "a ribbon", document={"image": "planted/long.png"}),
    _one(
        "too-long", "two large pictures and a text",
        query={"image": "planted/large-1.jpg"},
        document={"image": "planted/large-2.jpg", "text": "a mug with a handle, made by hand. " * 80 + "Fine."},
    ),
]  # fmt: skip

PAIRS = [
    _two("duplicate", "twice", {}, {}),
    _two("near-duplicate", "other case", {"document": "A Red  Mug"}, {"document": "a red mug"}),
    _two("near-duplicate", "other width", {"document": "ＡＢＣ 123 mug"}, {"document": "ABC 123 mug"}),
    _two("near-duplicate", "judged otherwise", {"score": 0.5, "document": "m"}, {"score": 0.6, "document": "m"}),
    _two("contradiction", "yes and no", {"score": 1.0}, {"score": 0.0}),
    _two("contradiction", "label and score", {"score": ..., "label": "yes"}, {"score": 0.1}),
    Planted(
        "mirrored",
        (
            _line(instruction=LIKE, query="left mug", document="right mug", score=1.0),
            _line(instruction=LIKE, query="right mug", document="left mug", score=0.0),
        ),
        "mirrored-contradiction",
        1,
    ),
    Planted(
        "no positive",
        (_line(query="unloved", document="one", score=0.1), _line(query="unloved", document="two", score=0.3)),
        "group-without-positive",
    ),
    Planted(
        "no negative",
        (_line(query="loved", document="one", score=0.9), _line(query="loved", document="two", score=1.0)),
        "group-without-negative",
    ),
]  # fmt: skip

FAULTS = FORMS + TEXTS + PICTURES + PAIRS

Whole = Callable[[list[dict[str, object]]], list[dict[str, object]]]
WHOLE: dict[str, Whole] = {
    "no-examples": lambda _: [],
    "same-score": lambda rows: [row | {"score": 1.0} for row in rows],
    "class-imbalance": lambda rows: [
        row | {"score": 0.9 if at == 0 else 0.1 * (at % 2)} for at, row in enumerate(rows)
    ],
    "one-off-instructions": lambda rows: [
        row | {"instruction": f"Find what a person of {at} years would buy"} for at, row in enumerate(rows)
    ],
}
"""What only a whole file shows: what makes it so of triples whose queries are their own."""
