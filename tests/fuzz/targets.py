"""What is fuzzed: all that reads what strangers send before a model sees it. Knows not where inputs come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from fastapi.routing import APIRoute
from fuzz import seeds

from api.app import create_app
from api.body import parse_json
from api.complaint import complain
from content.data_uri import decode_data_uri_or_base64
from content.errors import InvalidInput
from content.images import load_image
from content.payload import read_content
from indexer.pictures import PictureReader
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """take: says in a word what became of an input, and raises nothing but InvalidInput."""

    name: str
    seeds: Callable[[], Sequence[bytes]]
    take: Callable[[bytes], str]


def _image(data: bytes) -> str:
    image = load_image(data)
    assert image.mode == "RGB"
    assert min(image.size) > 0
    assert not image.info
    return "a picture"


def _look(data: bytes) -> str:
    """As a request's picture is read."""
    _pictures().look(data, param="query.image")
    return "a picture"


def _content(data: bytes) -> str:
    """The same string as text and as image, since a caller may send anything as either."""
    written = data.decode("utf-8", "surrogateescape" if len(data) % 2 else "replace")
    reader = _pictures()
    return read_content(
        written, written, param="query", look=lambda picture, param: reader.look(picture, param=param)
    ).kind


def _data_uri(data: bytes) -> str:
    decode_data_uri_or_base64(data.decode("latin-1"), param="image")
    return "bytes"


def _body(data: bytes) -> str:
    """JSON, read as the body of every route that has one; what is wrong with it must be put in words."""
    value = parse_json(data)
    right = 0
    for route in routes_with_body():
        assert route.body_field is not None
        _, errors = route.body_field.validate(value, {}, loc=("body",))
        if errors:
            sentence, field = complain(errors)
            assert 0 < len(sentence) < 2000
            assert field is None or len(field) < 200
        else:
            right += 1
    return "right for a route" if right else "wrong for all routes"


TARGETS = (
    Target("image", seeds.pictures, _image),
    Target("look", seeds.pictures, _look),
    Target("content", seeds.contents, _content),
    Target("data URI", seeds.contents, _data_uri),
    Target("body", seeds.bodies, _body),
)
# Pictures, whose codecs are written in C, get most of the inputs.
SHARES = (50, 10, 20, 5, 15)


@cache
def _pictures() -> PictureReader:
    return PictureReader()


@cache
def routes_with_body() -> tuple[APIRoute, ...]:
    included = [router for each in create_app(Settings()).routes if (router := getattr(each, "original_router", None))]
    return tuple(
        route for router in included for route in router.routes if isinstance(route, APIRoute) and route.body_field
    )


def outcome(target: Target, data: bytes) -> str:
    """What became of the input, in a word. Raises what a user must never see."""
    try:
        return target.take(data)
    except InvalidInput as error:
        kind, length = type(error).__name__, len(error.message)
    assert 0 < length < 2000
    return kind
