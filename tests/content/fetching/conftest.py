"""A public server, a trap that nobody may reach, and a source that is as guarded as the real one."""

from collections.abc import Callable, Iterator

import pytest
from support.pictures import encoded, picture
from support.web import PUBLIC, Answer, LoopbackServer, Names, Web, http

from content.fetching.policy import read_policy
from content.fetching.source import GuardedImageSource

PNG = encoded(picture(8, 8), "PNG")


@pytest.fixture
def png() -> bytes:
    return PNG


@pytest.fixture
def serve() -> Iterator[Callable[..., LoopbackServer]]:
    """Starts servers, and ends them with the test."""
    servers: list[LoopbackServer] = []

    def serve(answer: Callable[[str], Answer], **options) -> LoopbackServer:
        servers.append(LoopbackServer(answer, **options))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


@pytest.fixture
def trap(serve) -> LoopbackServer:
    """Gives a picture to whoever reaches it: a guard with a hole must not look like one without."""
    return serve(lambda target: http(PNG))


@pytest.fixture
def pages() -> dict[str, Answer]:
    """What the public server has: target -> answer. A page that is not there is a 404."""
    return {"/cat.png": http(PNG)}


@pytest.fixture
def public(serve, pages) -> LoopbackServer:
    def answer(target: str) -> Answer:
        page = pages.get(target, http(status="404 Not Found"))
        return page() if callable(page) else page

    return serve(answer)


@pytest.fixture
def web(public, trap) -> Web:
    return Web({PUBLIC: public}, trap)


@pytest.fixture
def names() -> Names:
    return Names({"public.example": [PUBLIC], "other.example": [PUBLIC]})


@pytest.fixture
def make_source(web, names) -> Callable[..., GuardedImageSource]:
    def make(policy: str = "public", **options) -> GuardedImageSource:
        read = read_policy(policy)
        assert read is not None
        return GuardedImageSource(read, **{"resolve": names, "network": web, "timeout_s": 5, **options})

    return make


@pytest.fixture
def source(make_source) -> GuardedImageSource:
    return make_source()
