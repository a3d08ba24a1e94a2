"""Pages of PDFs, each with its picture and its text, by PDFium. Knows nothing of records and folders."""

import atexit
import math
import re
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from content.errors import InvalidInput
from content.stored import MAX_PIXELS

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES: Final = 20_000
_KEPT_OPEN: Final = 4
_LARGEST_SCALE: Final = 3.0  # 216 dots per inch; a larger picture of a small page shows nothing more
_PASSWORD_ERROR: Final = 4  # FPDF_ERR_PASSWORD of fpdfview.h

# PDFium is not thread-safe, not even for two documents. The lock may be entered twice: a finalizer can run inside it.
_LOCK: Final = threading.RLock()

_SOFT_HYPHEN: Final = re.compile("[\x02\u00ad\ufffe]\\s*\n")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class OpenPdfs:
    """PDF files, of which the last few stay open so that their pages can be read one after the other.

    Safe to use from several threads, which take turns. All methods raise InvalidInput when PDFium cannot read the file.
    """

    def __init__(self) -> None:
        self._documents: OrderedDict[Path, PdfDocument] = OrderedDict()
        self._finalizer: weakref.finalize[[Callable[[], None]], OpenPdfs] | None = None

    def page_count(self, path: Path) -> int:
        """1 to MAX_PAGES."""
        with self._document(path) as document:
            count = len(document)
        if not 1 <= count <= MAX_PAGES:
            raise InvalidInput(f"the PDF has {count:,} pages; 1 to {MAX_PAGES:,} are read")
        return count

    def text(self, path: Path, page: int) -> str | None:
        """The text of a page, counted from 0; None where there is none (a scan)."""
        with self._page(path, page) as opened, closing(opened.get_textpage()) as text:
            raw = text.get_text_bounded().replace("\r\n", "\n")
        return _CONTROLS.sub("", _SOFT_HYPHEN.sub("", raw)).strip() or None

    def picture(self, path: Path, page: int) -> Image.Image:
        """The page as RGB, white where it is empty, of at most about a million pixels (`MAX_PIXELS`)."""
        with self._page(path, page) as opened, closing(opened.render(scale=_scale(*opened.get_size()))) as bitmap:
            return _rgb(bitmap.to_pil())

    @contextmanager
    def _page(self, path: Path, page: int) -> Iterator["PdfPage"]:
        with self._document(path) as document, closing(document[page]) as opened:
            yield opened

    @contextmanager
    def _document(self, path: Path) -> Iterator["PdfDocument"]:
        from pypdfium2 import PdfiumError

        with _LOCK:
            try:
                yield self._opened(path)
            except PdfiumError as error:
                if error.err_code == _PASSWORD_ERROR:
                    raise InvalidInput("the PDF is locked by a password") from error
                raise InvalidInput("the PDF is damaged and cannot be read") from error

    def _opened(self, path: Path) -> "PdfDocument":
        from pypdfium2 import PdfDocument

        if self._finalizer is None:
            close = partial(_close_all, self._documents)
            atexit.register(close)  # after the import above: PDFium's own handler, which complains, then comes later
            self._finalizer = weakref.finalize(self, _retire, close)
            self._finalizer.atexit = False
        if path not in self._documents:
            while len(self._documents) >= _KEPT_OPEN:
                self._documents.popitem(last=False)[1].close()
            document = PdfDocument(path)
            document.init_forms()  # so that filled-in fields are drawn
            self._documents[path] = document
        self._documents.move_to_end(path)
        return self._documents[path]


def _close_all(documents: OrderedDict[Path, Any]) -> None:
    with _LOCK:
        while documents:
            documents.popitem()[1].close()


def _retire(close: Callable[[], None]) -> None:
    close()
    atexit.unregister(close)


def _scale(width: float, height: float) -> float:
    """Pixels for a point (1/72 inch) of the page; width and height in points."""
    return min(_LARGEST_SCALE, math.sqrt(MAX_PIXELS / (max(1.0, width) * max(1.0, height))))


def _rgb(image: Image.Image) -> Image.Image:
    copy = image.convert("RGB") if image.mode != "RGB" else image.copy()
    copy.info = {}
    return copy
