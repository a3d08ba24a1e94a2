"""Clients of a Lychee server: one that waits for its answers, and one for asyncio. Know no frameworks."""

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar, get_args
from weakref import finalize

import httpx

from clients import calls
from clients.calls import Call
from clients.errors import Unreachable, refusal, retry_after, stranger

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_WAIT = 30.0  # seconds before a retry; who is told to wait longer had better be told so


def _waiting(make: Callable[P, Call[T]]) -> Callable[Concatenate["LycheeClient", P], T]:
    def method(self: "LycheeClient", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._answer(make(*args, **kwargs))

    _describe(method, make)
    return method


def _awaitable(make: Callable[P, Call[T]]) -> Callable[Concatenate["AsyncLycheeClient", P], Awaitable[T]]:
    async def method(self: "AsyncLycheeClient", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._answer(make(*args, **kwargs))

    _describe(method, make)
    return method


def _describe(method: Callable[..., object], make: Callable[..., Call[T]]) -> None:
    """Gives a method the name, help and parameters of what makes its call, so that editors and `help` show them."""
    made = inspect.signature(make)
    (answer,) = get_args(made.return_annotation)
    this = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    method.__name__, method.__doc__ = make.__name__, make.__doc__
    method.__signature__ = made.replace(  # type: ignore[attr-defined]  # which `inspect` looks for
        parameters=[this, *made.parameters.values()], return_annotation=answer
    )


class LycheeClient:
    """Speaks to a server at `url`; safe to use from several threads. Its methods are those of `clients.calls`.

    timeout: seconds to wait for an answer. retries: how often a request that found no room (429) is sent again, each
    time after as long as the server says; where that is more than half a minute it is not waited for.
    """

    def __init__(self, url: str, api_key: str | None = None, *, timeout: float = 120, retries: int = 3) -> None:
        self.url = _checked(url)
        self._retries = retries
        self._http = httpx.Client(base_url=self.url, headers=_headers(api_key), timeout=timeout)
        finalize(self, self._http.close).atexit = False  # for frameworks, which close nothing

    search = _waiting(calls.search)
    rerank = _waiting(calls.rerank)
    create = _waiting(calls.create)
    upsert = _waiting(calls.upsert)
    picture = _waiting(calls.picture)

    def _answer(self, call: Call[T]) -> T:
        left, content = self._retries, _encoded(call)
        while True:
            try:
                response = self._http.request(call.method, call.path, content=content)
            except httpx.TransportError as error:
                raise Unreachable(self.url, error) from error
            pause = _pause(response)
            if pause is None or left <= 0:
                return _read(call, response)
            left -= 1
            time.sleep(pause)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncLycheeClient:
    """As LycheeClient, with methods to be awaited."""

    def __init__(self, url: str, api_key: str | None = None, *, timeout: float = 120, retries: int = 3) -> None:
        self.url = _checked(url)
        self._retries = retries
        self._http = httpx.AsyncClient(base_url=self.url, headers=_headers(api_key), timeout=timeout)

    search = _awaitable(calls.search)
    rerank = _awaitable(calls.rerank)
    create = _awaitable(calls.create)
    upsert = _awaitable(calls.upsert)
    picture = _awaitable(calls.picture)

    async def _answer(self, call: Call[T]) -> T:
        left, content = self._retries, _encoded(call)
        while True:
            try:
                response = await self._http.request(call.method, call.path, content=content)
            except httpx.TransportError as error:
                raise Unreachable(self.url, error) from error
            pause = _pause(response)
            if pause is None or left <= 0:
                return _read(call, response)
            left -= 1
            await asyncio.sleep(pause)

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _checked(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"`url` must start with http:// or https://, got {url!r}")
    return url.rstrip("/")


def _headers(api_key: str | None) -> dict[str, str]:
    key = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
    return {"Content-Type": "application/json", **key}


def _encoded(call: Call[T]) -> bytes | None:
    """In ASCII, so that a text that is no Unicode is refused by the server with a reason and not here without."""
    return None if call.body is None else json.dumps(call.body, allow_nan=False).encode()


def _read(call: Call[T], response: httpx.Response) -> T:
    if not response.is_success:
        raise refusal(response)
    try:
        return call.read(response)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise stranger(response) from error


def _pause(response: httpx.Response) -> float | None:
    """Seconds until the request is worth sending again; None where it is not."""
    if response.status_code != 429:
        return None
    told = retry_after(response)
    return 1.0 if told is None else told if told <= LONGEST_WAIT else None
