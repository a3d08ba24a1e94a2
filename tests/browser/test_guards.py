"""The page where something is in the way: keys, lost connections, large and foreign files, pages of other people."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from api.guards.key_file import change_keys
from api.guards.keys import make_key
from tests.browser.support.served import Server, serving
from tests.browser.support.visitor import WATCH, Visitors, search_box, wait_settled

BANNER = "#offline"
COLOUR = "bar => getComputedStyle(bar).backgroundColor"
HITS = "#search-hits img"
PICTURE = "#search-picture input[type=file]"
LOST = {"en": "The server cannot be reached", "zh": "无法连接服务器"}
ENDED = {"en": "Your session has ended", "zh": "登录已失效"}
BUSY = {"en": "The server is busy", "zh": "服务器正忙"}
TOO_LARGE = {"en": "more than the server takes", "zh": "超出服务器一次能接收的大小"}


@pytest.fixture
def at(browser: Browser) -> Iterator[Callable[[str], Visitors]]:
    """Visitors of a server of the test's own."""
    made: list[Visitors] = []

    def at(url: str) -> Visitors:
        made.append(Visitors(browser, url))
        made[-1].forgive("Failed to fetch|503 from|Unexpected error")  # of which a banner tells, in words
        return made[-1]

    yield at
    for visitors in made:
        visitors.leave()
    assert not [trouble for visitors in made for trouble in visitors.troubles()]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def guarded(server: Server, keys: Path) -> Iterator[Server]:
    """A server that asks for keys, takes small uploads only, and one request at a time: one for all, since each takes
    long to start."""
    keys.write_text("")
    strict = {"LYCHEE_MAX_UPLOAD_BYTES": "50000", "LYCHEE_MAX_REQUESTS": "1"}
    with serving(server.folder, server.catalogue, ["--keys", str(keys)], strict) as guarded:
        yield guarded


@pytest.fixture
def add_key(keys: Path) -> Callable[[str], str]:
    def add(name: str) -> str:
        secret, key = make_key(name)
        change_keys(keys, lambda known: [*known, key])
        return secret

    return add


def door(browser: Browser, url: str, lang: str = "en") -> Page:
    context = browser.new_context(locale={"en": "en-US", "zh": "zh-CN"}[lang])
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(url)
    return page


def enter(page: Page, secret: str) -> None:
    expect(page.locator("#key")).to_be_focused()
    page.keyboard.type(secret)
    page.keyboard.press("Enter")


def wait_let_in(page: Page) -> None:
    """Until the page behind the door is not only drawn, but listens."""
    page.wait_for_selector("#search-text")
    wait_settled(page)


def search_again(page: Page, text: str) -> None:
    search_box(page).fill(text)
    search_box(page).press("Enter")
    expect(page.locator(HITS).first).to_be_visible()


def photo(path: Path, size: tuple[int, int], orientation: int = 1) -> Path:
    exif = Image.Exif()
    exif[0x112] = orientation
    Image.effect_noise(size, 80).convert("RGB").save(path, "JPEG", quality=90, exif=exif)
    return path


def shown_size(page: Page) -> tuple[int, int]:
    picture = page.locator("#search-picture img").first
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('#search-picture img').naturalWidth > 0")
    width, height = picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    return width, height


def test_a_key_opens_the_page_by_keyboard_alone_and_logging_out_closes_it(
    browser: Browser, guarded: Server, add_key: Callable[[str], str]
):
    page = door(browser, guarded.url)
    enter(page, "lychee_wrong")
    expect(page.get_by_role("alert")).to_contain_text("none of this server's")
    enter(page, add_key("keyboard"))
    wait_let_in(page)
    search_again(page, "a red mug")
    page.wait_for_function(f"[...document.querySelectorAll('{HITS}')].some(image => image.naturalWidth > 0)")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("API key")).to_be_focused()
    page.go_back()
    page.reload()
    expect(page.get_by_label("API key")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_session_that_ends_says_so_and_leads_back_to_the_door(
    lang: str, browser: Browser, guarded: Server, add_key: Callable[[str], str], keys: Path
):
    page = door(browser, guarded.url, lang)
    enter(page, add_key(f"short-{lang}"))
    wait_let_in(page)
    change_keys(keys, lambda known: [key for key in known if key.name != f"short-{lang}"])
    search_box(page).fill("a red mug")
    search_box(page).press("Enter")
    expect(page.locator(BANNER)).to_contain_text(ENDED[lang])
    page.locator(f"{BANNER} button").first.click()
    expect(page.locator("#key")).to_be_focused()
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_lost_connection_is_told_and_what_was_typed_is_there_when_it_is_back(
    lang: str, server: Server, at: Callable[[str], Visitors]
):
    page = at(server.url).open(lang=lang)
    page.context.set_offline(True)
    search_box(page).fill("a blue bag")
    search_box(page).press("Enter")
    expect(page.locator(BANNER)).to_contain_text(LOST[lang])
    lost = page.locator(BANNER).evaluate(COLOUR)
    page.context.set_offline(False)
    expect(page.locator(BANNER)).not_to_contain_text(LOST[lang])
    expect(page.locator(BANNER)).to_be_visible()
    assert page.locator(BANNER).evaluate(COLOUR) != lost, "good news look like bad"
    expect(search_box(page)).to_have_value("a blue bag")
    search_again(page, "a blue bag")
    expect(page.locator(BANNER)).to_be_hidden()


def test_a_server_that_dies_in_the_middle_of_a_search_is_used_again_when_it_is_back(
    server: Server, at: Callable[[str], Visitors]
):
    with serving(server.folder, server.catalogue) as first:
        page = at(first.url).open()
        os.kill(first.pid, signal.SIGSTOP)  # so that the search is under way, however quick it is
        search_box(page).fill("a red mug")
        search_box(page).press("Enter")
        page.wait_for_timeout(300)
        os.kill(first.pid, signal.SIGKILL)
        expect(page.locator(BANNER)).to_contain_text(LOST["en"])
    port = first.url.rpartition(":")[2]
    with serving(server.folder, server.catalogue, ["--port", port]):
        expect(page.locator(BANNER)).to_contain_text("there again", timeout=30_000)
        expect(search_box(page)).to_have_value("a red mug")
        search_again(page, "a red mug")


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_phones_photo_is_made_smaller_before_it_is_sent_and_stands_upright(
    orientation: int, page: Page, tmp_path: Path
):
    page.set_input_files(PICTURE, photo(tmp_path / "IMG_0001.JPG", (4500, 3000), orientation))
    assert shown_size(page) == ((2048, 1365) if orientation == 1 else (1365, 2048))


def test_a_picture_of_ordinary_size_goes_as_it_is(page: Page, tmp_path: Path):
    path = photo(tmp_path / "small.jpg", (1000, 700))
    page.set_input_files(PICTURE, path)
    assert shown_size(page) == (1000, 700)
    sent = page.evaluate(
        "fetch(document.querySelector('#search-picture img').src).then(it => it.blob()).then(it => it.size)"
    )
    assert sent == path.stat().st_size


def test_a_file_over_the_servers_limit_is_refused_in_words(
    guarded: Server, add_key: Callable[[str], str], at: Callable[[str], Visitors], tmp_path: Path
):
    visitors = at(guarded.url)
    visitors.forgive("console: .*")  # Gradio's own complaint of the size
    key = {"Authorization": f"Bearer {add_key('uploads')}"}
    large = photo(tmp_path / "large.jpg", (900, 900))
    for lang, words in TOO_LARGE.items():
        page = visitors.open(lang=lang, headers=key)
        page.set_input_files(PICTURE, large)
        expect(page.locator(BANNER)).to_contain_text(words)
        search_again(page, "a red mug")


def test_a_busy_server_is_told_in_words_and_the_same_button_works_later(
    guarded: Server, add_key: Callable[[str], str], at: Callable[[str], Visitors]
):
    key = {"Authorization": f"Bearer {add_key('busy')}"}
    pages = {lang: at(guarded.url).open(lang=lang, headers=key) for lang in BUSY}
    long = {"query": "a red mug", "documents": [f"{n} blue bags on a wooden table " * 20 for n in range(1000)]}

    def rank_at_length() -> int:
        answer = httpx.post(guarded.url + "/v1/rerank", json=long, headers=key, timeout=120)
        return answer.status_code if answer.status_code != 429 else rank_at_length()  # a press below was there first

    with ThreadPoolExecutor(1) as others:
        work = others.submit(rank_at_length)
        for lang, page in pages.items():
            search_box(page).fill("a red mug")
            notice = page.locator("#search-notice")
            while not work.done() and BUSY[lang] not in notice.inner_text():  # it may not have begun at the first press
                page.locator("#search-start").click()
                page.wait_for_timeout(300)
            expect(notice).to_contain_text(BUSY[lang])
        assert work.result() == 200
    for page in pages.values():
        page.locator("#search-start").click()
        expect(page.locator(HITS).first).to_be_visible()
        expect(page.locator("#search-notice")).to_have_text("")
        wait_settled(page)  # or the next page would find the server busy with this one's


def test_one_visitors_upload_is_nothing_to_another(visitors: Visitors, tmp_path: Path):
    one, other = visitors.open(), visitors.open()
    one.set_input_files(PICTURE, photo(tmp_path / "mine.jpg", (300, 200)))
    shown_size(one)
    source = one.locator("#search-picture img").first.get_attribute("src")
    status = "source => fetch(source).then(answer => answer.status)"
    assert one.evaluate(status, source) == 200
    assert other.evaluate(status, source) == 404


FOREIGN = """<!doctype html><title>foreign</title><script>
const form = new FormData(); form.append("files", new File(["x"], "x.txt"));
const send = (path, body) => fetch("{url}" + path, {{ method: "POST", mode: "no-cors", credentials: "include", body }});
Promise.allSettled([
  send("/gradio_api/upload", form),
  send("/gradio_api/queue/join", new Blob(["{{}}"], {{ type: "text/plain" }})),
  fetch("{url}/config", {{ credentials: "include" }}).then(() => document.title = "read"),
]).then(() => document.body.append("done"));
</script><body>"""


class _Foreign(BaseHTTPRequestHandler):
    """Another server on this machine, whose page sends what needs no preflight."""

    def __init__(self, *given: object, target: str) -> None:
        self.target = target
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        body = FOREIGN.format(url=self.target).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        pass


def test_another_page_in_the_same_browser_reaches_nothing(browser: Browser, server: Server):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Foreign, target=server.url)) as foreign:
        threading.Thread(target=foreign.serve_forever, daemon=True).start()
        page = browser.new_context().new_page()
        page.goto(server.url)  # so that there are cookies to misuse
        statuses: dict[str, int] = {}
        page.on("response", lambda answer: statuses.update({answer.url: answer.status}))
        page.goto(f"http://127.0.0.1:{foreign.server_port}/")
        expect(page.locator("body")).to_contain_text("done")
        assert statuses[f"{server.url}/gradio_api/upload"] == 403
        assert statuses[f"{server.url}/gradio_api/queue/join"] == 403
        assert page.title() == "foreign", "it could read an answer"
        page.context.close()
        foreign.shutdown()
