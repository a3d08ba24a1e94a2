"""Numbers as people read them, names of collections, and who may change something. Knows no components."""

from html import escape

from api.page.complaints import Complaint
from api.page.visit import Visit
from content.errors import InvalidInput
from search.library import check_name


def check_may_write(visit: Visit) -> None:
    """Raises Complaint."""
    if not visit.may_write:
        raise Complaint("error.read_only")


def named(name: str) -> str:
    """The name as a collection has it. Raises Complaint, in the visitor's words, for one that none can have."""
    try:
        return check_name(name)
    except InvalidInput as error:
        raise Complaint("collections.bad_name", name=name[:80]) from error


def items_of(visit: Visit, count: int) -> str:
    return visit.say("collections.item") if count == 1 else visit.say("collections.items", count=f"{count:,}")


def button(act: str, text: str, *, kind: str = "", off: bool = False) -> str:
    """A button on a card. off: it is shown, and cannot be pressed."""
    disabled = " disabled" if off else ""
    return f'<button type="button" class="small-button {kind}" data-act="{act}"{disabled}>{escape(text)}</button>'
