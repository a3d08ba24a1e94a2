"""What callers send, made readable: texts, pictures in a body or behind a URL, items of collections. Knows no HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

from content import Content, Document, Unreadable
from content.errors import InvalidInput, LycheeError, NotFound, TooLarge
from content.limits import ImageLimits
from content.payload import checked_text, image_bytes, read_content
from content.sources import ImageSource, RefusingImageSource
from indexer.pictures import PictureReader
from search.library import Library


@dataclass(frozen=True, slots=True)
class Given:
    """A content as it was sent.

    image: a data URI, base64 or an http(s) URL, or the picture's file itself, not yet looked at; or what reads that
    file once it is needed, so that of many files few are in memory at once. seen: told of the picture that it was.
    """

    text: str | None = None
    image: str | bytes | Callable[[], bytes] | None = None
    seen: Callable[[Image.Image], None] | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An item of a collection in place of a content. collection: None for the default one."""

    id: str
    collection: str | None = None


Source = Document | Given | Stored


def may_have_picture(source: Source) -> bool:
    """Whether a picture may have to be decoded to read it."""
    return isinstance(source, Stored) or (isinstance(source, Given) and source.image is not None)


@dataclass(frozen=True, slots=True)
class TextLimits:
    """The longest texts that are read, in characters, as a query and as anything else."""

    query: int = 20_000
    document: int = 1_000_000


class Intake:
    """Reads sources; safe to use from several threads.

    library, collection: where stored items are, and the collection that is meant where none is named.
    images: fetches pictures by URL. pictures: shared by all that decode at a time, whose memory it bounds together.
    """

    def __init__(
        self,
        library: Library,
        collection: str,
        *,
        images: ImageSource | None = None,
        image_limits: ImageLimits | None = None,
        text_limits: TextLimits | None = None,
        pictures: PictureReader | None = None,
    ) -> None:
        self._library = library
        self._collection = collection
        self._images = images or RefusingImageSource()
        self._image_limits = image_limits or ImageLimits()
        self._text_limits = text_limits or TextLimits()
        self._pictures = pictures or PictureReader(self._image_limits)

    def query(self, source: Source, *, param: str = "query") -> Content:
        """The content of a query. param: the field it stood in, which errors name (`query.image`).

        Raises InvalidInput and its kin for what cannot be read, NotFound for an item that is not there, TooLarge for
        one whose text is longer than a query's.
        """
        content = self._readable(source, param, self._text_limits.query)
        if isinstance(source, Stored) and content.text is not None:
            _within(content.text, self._text_limits.query, param)
        return content

    def content(self, source: Source, *, param: str) -> Content:
        """As `query`, for what is no query: its text may be as long as a document's."""
        return self._readable(source, param, self._text_limits.document)

    def documents(self, sources: Sequence[Source]) -> list[Document]:
        """One per source, in order. One that is empty, gone, or cannot be read becomes Unreadable: it is answered with
        the reason and fails nobody else."""
        return [self._document(source) for source in sources]

    def picture(self, image: str, *, param: str) -> bytes:
        """The file of a picture that is to be stored, not yet looked at. Raises InvalidInput and its kin."""
        return image_bytes(image, param=param, images=self._images, limits=self._image_limits)

    def text(self, text: str, *, param: str) -> str:
        """A text that is to be stored, as it is. Raises TooLarge, and InvalidInput for what is no Unicode."""
        return checked_text(_within(text, self._text_limits.document, param), param=param)

    def _document(self, source: Source) -> Document:
        try:
            return self._readable(source, "document", self._text_limits.document)
        except LycheeError as error:
            return Unreadable(error.message)

    def _readable(self, source: Source, param: str, longest: int) -> Content:
        if isinstance(source, Content):
            return source
        if isinstance(source, Unreadable):
            raise InvalidInput(source.reason, param=param)
        if isinstance(source, Stored):
            return self._stored(source, param)
        if source.text is not None:
            _within(source.text, longest, f"{param}.text")
        image = source.image() if callable(source.image) else source.image
        content = read_content(
            source.text, image, param=param, images=self._images, limits=self._image_limits, look=self._look
        )
        if source.seen is not None and content.image is not None:
            source.seen(content.image)
        return content

    def _look(self, data: bytes, param: str) -> Image.Image:
        return self._pictures.look(data, param=param)

    def _stored(self, source: Stored, param: str) -> Content:
        try:
            collection = self._library.open(self._collection if source.collection is None else source.collection)
        except LycheeError as error:
            error.param = param if source.collection is None else f"{param}.collection"
            raise
        (document,) = collection.documents([source.id])
        if isinstance(document, Unreadable):
            raise NotFound(f"item {source.id[:80]!r} of {collection.name}: {document.reason}", param=param)
        return document


def _within(text: str, longest: int, param: str) -> str:
    if len(text) > longest:
        raise TooLarge(f"the text has {len(text):,} characters; at most {longest:,} are read", param=param)
    return text
