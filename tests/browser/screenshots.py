"""Remakes docs/screenshots: `python -m tests.browser.screenshots`, with a server and a demo catalogue of its own."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page

from tests.browser.support.served import ROOT, draw_catalogue, index_catalogue, serving
from tests.browser.support.visitor import Visitors, open_tab, search_for, started_browser, wait_settled

FOLDER: Final = ROOT / "docs" / "screenshots"
ITEMS: Final = 2000
MOST_BYTES: Final = 250_000
# Queries on which stage 2 corrects stage 1.
CHAIR: Final = "a green striped chair above two purple boots on a marble counter"
BOOTS: Final = "three black striped boots to the right of two yellow striped bottles on a wooden table"
CHINESE: Final = "三只黑色条纹靴子在两个黄色条纹瓶子的右边，木桌上"
MUGS: Final = "two red striped mugs to the right of a blue bag on a wooden table"
LINES: Final = (
    "a blue bag to the left of two red striped mugs\n"
    "two purple striped mugs to the right of a blue bag\n"
    "a blue bag to the left of two red dotted mugs"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. act: what is done before it is taken. scale: pixels of the picture for each of CSS."""

    name: str
    act: Callable[[Page, Path], None]
    width: int = 1280
    height: int = 900
    lang: str = "en"
    dark: bool = False
    scale: float = 1


def _pictures_only(page: Page) -> None:
    page.locator("#search-options > .label-wrap").click()
    page.locator("#search-target label").nth(1).click()
    page.locator("#search-options > .label-wrap").click()
    wait_settled(page)


def _search(query: str) -> Callable[[Page, Path], None]:
    def act(page: Page, catalogue: Path) -> None:
        _pictures_only(page)
        search_for(page, query)

    return act


def _rerank(page: Page, catalogue: Path) -> None:
    open_tab(page, "rerank")
    page.locator("#rerank-query textarea, #rerank-query input").first.fill(MUGS)
    page.locator("#rerank-documents textarea").fill(LINES)
    pictures = [catalogue / "pictures" / f"readme-{number}.png" for number in range(6)]
    page.locator("#rerank-files input[type=file]").set_input_files(pictures)
    wait_settled(page)
    page.locator("#rerank-start").click()
    page.wait_for_selector("#rerank-result table")
    wait_settled(page)


def _collections(page: Page, catalogue: Path) -> None:
    open_tab(page, "collections")
    page.locator("#collections-list [data-act=browse]").first.click()
    page.wait_for_selector("#collections-browse img")
    wait_settled(page)


def _instructions(page: Page, catalogue: Path) -> None:
    open_tab(page, "instructions")
    page.locator("#instructions-length label").last.click()
    wait_settled(page)


SCENES: Final = (
    Scene("search", _search(CHAIR), height=940),
    Scene("search-dark", _search(BOOTS), height=940, dark=True),
    Scene("search-chinese", _search(CHINESE), height=940, lang="zh"),
    Scene("search-phone", _search(CHAIR), width=390, height=844, scale=2),
    Scene("rerank", _rerank),
    Scene("collections", _collections),
    Scene("instructions", _instructions),
)


def take(scene: Scene, visitors: Visitors, catalogue: Path) -> bytes:
    """The picture of a scene, as PNG."""
    page = visitors.open(scene.lang, scene.width, scene.height, dark=scene.dark, scale=scene.scale)
    scene.act(page, catalogue)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    page.wait_for_function("[...document.images].every((each) => each.complete || each.loading === 'lazy')")
    shot = page.screenshot(animations="disabled")
    visitors.leave()
    return smaller(shot)


def smaller(shot: bytes) -> bytes:
    """The same in fewer bytes: in all its colours where MOST_BYTES allow, else in as many as they do."""
    with Image.open(BytesIO(shot)) as opened:
        picture = opened.convert("RGB")
    fewer = (picture.quantize(colours, Image.Quantize.FASTOCTREE) for colours in (256, 192, 128))
    for each in (picture, *fewer):
        held = BytesIO()
        each.save(held, "PNG", optimize=True)
        if held.tell() <= MOST_BYTES:
            return held.getvalue()
    raise ValueError(f"a picture of {picture.size} does not fit into {MOST_BYTES:,} bytes")


def remake(folder: Path, wanted: Sequence[str]) -> None:
    """Writes the pictures of the scenes that are wanted."""
    with tempfile.TemporaryDirectory(prefix="lychee-screenshots-") as made:
        work = Path(made)
        catalogue = draw_catalogue(work, ITEMS)
        index_catalogue(work, catalogue)
        with serving(work, catalogue) as server, started_browser(work) as browser:
            visitors = Visitors(browser, server.url)
            for scene in SCENES:
                if scene.name in wanted:
                    picture = take(scene, visitors, catalogue)
                    (folder / f"{scene.name}.png").write_bytes(picture)
                    sys.stdout.write(f"{scene.name}.png  {len(picture):,} bytes\n")
            if troubles := visitors.troubles():
                raise SystemExit("\n".join(troubles))


def main() -> None:
    names = [scene.name for scene in SCENES]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="scene", help=f"of {', '.join(names)}; all without any")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    chosen = parser.parse_args()
    if unknown := set(chosen.scenes) - set(names):
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    remake(chosen.folder, chosen.scenes or names)


if __name__ == "__main__":
    main()
