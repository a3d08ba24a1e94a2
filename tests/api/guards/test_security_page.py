"""docs/security.md: its commands work, and its limits are those of the settings."""

import re
import shlex
from pathlib import Path

from api.guards import sessions, uploads
from api.guards.bodies import _GAP_S
from api.guards.key_file import read_keys
from api.json_size import MOST_VALUES
from api.page.login import door
from search.cli.main import run
from search.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "security.md").read_text("utf-8")
SAID = {
    "max_body_bytes": "64 MiB",
    "max_waiting_bytes": "512 MiB",
    "max_documents": "1000",
    "max_query_characters": "20,000 characters",
    "max_text_characters": "1,000,000 characters",
    "max_image_bytes": "20 MiB",
    "max_image_pixels": "50 million pixels",
    "max_upload_bytes": "1024 MiB",
    "max_requests": "64",
    "request_timeout_s": "300 s",
}


def as_number(words):
    number, _, unit = words.replace(",", "").partition(" ")
    return float(number) * {"MiB": 2**20, "million pixels": 10**6}.get(unit, 1)


def test_its_commands_make_the_keys_it_talks_of(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for line in re.findall(r"^lychee (keys .*)$", PAGE, re.MULTILINE):
        assert run(shlex.split(line, comments=True)) == 0
    assert [(each.name, each.scope, each.rate) for each in read_keys(Path("keys.json"))] == [
        ("shop", "read", 600),
        ("importer", "write", None),
    ]
    assert capsys.readouterr().out.count("lychee_") == 2


def test_its_limits_are_the_defaults():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    for name, words in SAID.items():
        assert as_number(words) == Settings.model_fields[name].default
        assert any(f"`{name}`" in row and words in row for row in rows), name
    assert any(f"{MOST_VALUES:,}" in row for row in rows)
    assert any(f"{_GAP_S:g} s without a byte;" in row for row in rows)
    assert any(f"{uploads.GAP_S:g} s without a byte," in row for row in rows)
    assert any("uploads at a time" in row and f"| {uploads.AT_ONCE} |" in row for row in rows)
    assert any("leave to others" in row and f"| {uploads.SPARED / 1e9:g} GB |" in row for row in rows)
    assert any("door" in row and f"| {door._TRIES} of a client, {door._ALL_TRIES} of all |" in row for row in rows)
    assert f"A session ends after {sessions.LASTS_S // 3600} hours".replace("12", "twelve") in PAGE
    named = set(re.findall(r"`((?:max|request)_\w+)`", PAGE))
    assert named == set(SAID)
