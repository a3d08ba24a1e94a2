"""What the page says is there in both languages, and nothing is said that no table has."""

import re
import string
from pathlib import Path

import pytest

from api.page.words import all_words, language_of, say

ROOT = Path(__file__).parents[3]
WORDS = all_words()
SOURCES = [
    path.read_text(encoding="utf-8")
    for path in (ROOT / "api" / "page").rglob("*")
    if path.suffix in (".py", ".js") and "words" not in path.parts[:-1]
]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", WORDS)
def test_words_are_there_in_both_languages_and_hold_the_same_values(key):
    english, chinese = WORDS[key]
    assert english.strip() == english != ""
    assert chinese.strip() == chinese != ""
    assert names(english) == names(chinese)
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_every_key_that_the_page_asks_for_is_in_a_table():
    asked = {
        key for text in SOURCES for key in re.findall(r'(?:\bsay|\blabel|Complaint)\(\s*"([a-z_.-]+\.[a-z_.-]+)"', text)
    }
    assert len(asked) >= 10
    assert asked <= WORDS.keys()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("en;q=0.3, zh-TW;q=0.7", "zh"),
        ("de-DE,de;q=0.9,zh;q=0.5", "zh"),
        ("de", "en"),
        ("zh;q=0", "en"),
        ("zh;q=a, ;;, en", "en"),
    ],
)
def test_the_language_is_the_first_that_the_page_knows(accepted, language):
    assert language_of(accepted) == language


def test_values_are_filled_in_as_they_are():
    assert say("en", "error.not_found", detail="{x} %s <b>") == "This is not there (any more): {x} %s <b>."


def test_unknown_words_are_a_mistake():
    with pytest.raises(KeyError):
        say("zh", "no.such.words")
