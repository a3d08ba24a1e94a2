"""How long a visitor waits: for the page, and for the first pictures after Enter. Told by the browser's own clock."""

from dataclasses import dataclass
from statistics import median
from typing import Final

from playwright.sync_api import Page

from tests.browser.support.visitor import Visitors, search_box, wait_settled

# Stage 1 has a picture among the first of each, which fit the window.
QUERIES: Final = (
    "two red striped mugs next to a blue bag", "three yellow clocks on a wooden table", "a blue umbrella",
    "a purple bag on a sandy beach", "two pink dotted books", "an orange striped bag", "three black hats on marble",
)  # fmt: skip

# Usable: the box takes text, the button is there, and what the page asks for when it opens has been answered.
_USABLE: Final = """
(() => {
  const look = () => {
    const box = document.querySelector("#search-text textarea, #search-text input");
    const start = document.querySelector("#search-start");
    if (box?.offsetHeight && !box.disabled && start?.offsetHeight && !window.lycheeWatch.pending.size)
      window.usableAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
# Painted: hits are there, every picture of theirs in the window is loaded, and a frame has been drawn since.
_PAINTED: Final = """
() => {
  const inWindow = (picture) => {
    const { top, bottom, height } = picture.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };
  addEventListener("keydown", ({ timeStamp }) => {
    const look = () => {
      const pictures = [...document.querySelectorAll("#search-hits img")].filter(inWindow);
      const hits = document.querySelector("#search-hits .card");
      if (hits && pictures.every((each) => each.complete && each.naturalWidth))
        requestAnimationFrame(() => (window.painted = [performance.now() - timeStamp, pictures.length]));
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true, once: true });
}
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """In milliseconds. opening: from going to the address until the page can be used, nothing cached. pictures: from
    pressing Enter until the first pictures that fit the window are painted, none of them cached."""

    opening: float
    pictures: float


def wait_of(visitors: Visitors, query: str) -> Wait:
    """Of somebody who was never here."""
    page = visitors.open(script=_USABLE)
    opening: float = page.wait_for_function("window.usableAt").json_value()
    pictures = ms_to_pictures(page, query)
    wait_settled(page)
    visitors.leave()
    return Wait(opening, pictures)


def ms_to_pictures(page: Page, query: str) -> float:
    """From pressing Enter, for the first search on a page."""
    search_box(page).fill(query)
    page.evaluate(_PAINTED)
    search_box(page).press("Enter")
    told: float
    told, pictures = page.wait_for_function("window.painted").json_value()
    assert pictures, f"no picture is among the first hits of {query!r}, so its wait says nothing"
    return told


def waits(visitors: Visitors) -> list[Wait]:
    """One for each query, after one that warms the server up."""
    wait_of(visitors, "a red mug")
    return [wait_of(visitors, query) for query in QUERIES]


def medians(waits: list[Wait]) -> Wait:
    return Wait(median(each.opening for each in waits), median(each.pictures for each in waits))
