"""Nobody waits long: for the page to open, and for the first pictures after Enter."""

from playwright.sync_api import Page

from tests.browser.support.pace import medians, ms_to_pictures, waits
from tests.browser.support.visitor import Visitors

PICTURES_MS = 500
OPENING_MS = 3000
ROUNDS = 3  # something else may run on the machine during one of them


def test_the_page_opens_and_the_first_pictures_come_in_good_time(visitors: Visitors):
    rounds = []
    while len(rounds) < ROUNDS:
        rounds.append(medians(waits(visitors)))
        if rounds[-1].opening < OPENING_MS and rounds[-1].pictures < PICTURES_MS:
            return
    raise AssertionError(f"the medians of {ROUNDS} rounds: {rounds}")


def test_the_measure_sees_what_comes_late(page: Page):
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": PICTURES_MS, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    assert ms_to_pictures(page, "a red mug") > PICTURES_MS
