"""Every error that a user can cause or must act on. Knows nothing of HTTP or of the command line: `api/errors.py` and
the CLI each hold one table that maps these classes to a status or an exit code."""


class LycheeError(Exception):
    """Base of all errors that are shown to users.

    message: one sentence that says what was wrong and what would be right.
    param: the field, option or file that was wrong, where there is one (`query.image`, `documents[3]`, `--encoder`).
    """

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidInput(LycheeError):
    """A value given by the user is wrong; nothing was changed."""


class TooLarge(InvalidInput):
    """A picture or body over a limit; the message names the limit."""


class TooManyPixels(TooLarge):
    """A picture over the limit of pixels. pixels: how many it has, where that is known; else 0."""

    def __init__(self, message: str, *, pixels: int = 0, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.pixels = pixels


class NotAnImage(InvalidInput):
    """Bytes that were given as a picture and cannot be read as one."""


class TruncatedImage(NotAnImage):
    """A picture that starts well and ends too early."""


class UrlRefused(InvalidInput):
    """An image URL that this installation does not fetch."""


class UrlFailed(InvalidInput):
    """An image URL that was asked and gave no picture."""


class NotFound(LycheeError):
    """A collection, item, picture or file that does not exist."""


class SettingsError(LycheeError):
    """A setting that is unknown, malformed or contradicts another."""


class ModelError(LycheeError):
    """A checkpoint or model name that cannot be loaded: missing, broken, of another kind, or out of reach."""


class CollectionError(LycheeError):
    """A collection that cannot be opened or written: damaged, from a newer version, locked."""


class CollectionBusy(CollectionError):
    """A collection that another process is writing to; the same call goes through when that has finished."""


class CollectionClosed(CollectionError):
    """A collection that was closed, and perhaps removed, while it was in use."""


class EncoderMismatch(CollectionError):
    """A collection that was made by another encoder than the one at hand; the message names both."""


class NotReady(LycheeError):
    """The models are still loading, or failed to load."""


class Busy(LycheeError):
    """More requests than may wait for the models; the same one goes through when some have been answered."""


class DeadlineExceeded(LycheeError):
    """A request that took longer than it may; its work was given up."""


class Cancelled(LycheeError):
    """A request whose caller has left; its work was given up."""
