"""What can go wrong between a caller and a server, with all that the server said about it. Knows no frameworks."""

import httpx


class LycheeError(Exception):
    """A call that failed.

    status: of HTTP, None where no answer came. type: the server's word for it (`schema_error`, `busy`, ...), or
    `unreachable`, or `not_lychee` for an answer that is none of a Lychee server. param: the field that was wrong.
    request_id: under which the server's log has it. retry_after: seconds, where the server said when to ask again.
    """

    def __init__(
        self,
        message: str,
        *,
        type: str,
        status: int | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.type = type
        self.status = status
        self.param = param
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        kind = self.type if self.status is None else f"{self.status} {self.type}"
        request = "" if self.request_id is None else f" (request {self.request_id})"
        return f"{kind}: {self.message}{request}"


class Unreachable(LycheeError):
    """Nobody answered, or not in time."""

    def __init__(self, url: str, error: httpx.TransportError) -> None:
        why = str(error) or type(error).__name__
        super().__init__(f"no answer from {url}: {why}; is `lychee serve` running there?", type="unreachable")


class Busy(LycheeError):
    """The server had no room, or the key asked too often, also after the retries."""


def retry_after(response: httpx.Response) -> float | None:
    """Seconds; None where the server did not say, or gave a date."""
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None


def refusal(response: httpx.Response) -> LycheeError:
    """The error that an answer without success tells of, whatever stands between here and the server."""
    status, request_id, later = response.status_code, response.headers.get("X-Request-Id"), retry_after(response)
    kind = Busy if status == 429 else LycheeError
    try:
        told = response.json()
        error = told["error"]
        return kind(
            error["message"],
            type=error["type"],
            status=status,
            param=error.get("param"),
            request_id=told.get("request_id", request_id),
            retry_after=later,
        )
    except (ValueError, KeyError, TypeError, AttributeError):  # a proxy's page, or another server's form
        return kind(_quoting(response), type="http_error", status=status, request_id=request_id, retry_after=later)


def stranger(response: httpx.Response) -> LycheeError:
    """For a success that holds something else than was asked for."""
    return LycheeError(
        f"{response.request.url} answered, but not as a Lychee server does: {_quoting(response)}",
        type="not_lychee",
        status=response.status_code,
        request_id=response.headers.get("X-Request-Id"),
    )


def _quoting(response: httpx.Response) -> str:
    moved = response.headers.get("Location")
    if moved:
        return f"moved to {moved}; give the client that URL"
    return " ".join(response.text[:200].split()) or "an empty answer"
