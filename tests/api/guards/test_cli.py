"""`lychee keys`, as its user meets it."""

import json
import stat
import threading

import pytest
from support.error_line import one_error_line

from api.guards.key_file import change_keys, read_keys
from api.guards.keys import digest, make_key
from search.cli.main import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def add(capsys, *arguments):
    assert run(["keys", "add", *arguments]) == 0
    return capsys.readouterr().out.strip()


def refused(capsys, *arguments):
    assert run(["keys", *arguments]) == 2
    return one_error_line(capsys.readouterr().err)


def test_a_key_is_printed_once_and_only_its_digest_is_kept(folder, capsys):
    secret = add(capsys, "shop", "--scope", "write", "--rate", "60")
    assert secret.startswith("lychee_")
    assert len(secret) >= len("lychee_") + 32
    written = (folder / "keys.json").read_text()
    assert secret.removeprefix("lychee_") not in written
    (kept,) = read_keys(folder / "keys.json")
    assert (kept.name, kept.scope, kept.rate, kept.sha256) == ("shop", "write", 60, digest(secret))
    assert add(capsys, "other") != secret


def test_the_file_is_for_its_owner_only_and_replaced_as_a_whole(folder, capsys):
    file = folder / "keys.json"
    add(capsys, "one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    before = file.stat().st_ino
    with file.open() as reader:  # a server that reads it now
        add(capsys, "two")
        assert len(json.load(reader)["keys"]) == 1
    assert file.stat().st_ino != before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in folder.iterdir()] == ["keys.json"]


def test_the_list_tells_all_but_the_keys(capsys):
    secret = add(capsys, "shop", "--rate", "60")
    assert run(["keys", "list"]) == 0
    shown = capsys.readouterr().out
    assert run(["keys", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert {"shop", "read", "60"} <= set(shown.split())
    assert (row["name"], row["scope"], row["rate"]) == ("shop", "read", 60)
    assert digest(secret) not in shown + str(row)


def test_a_revoked_key_is_gone(folder, capsys):
    add(capsys, "shop")
    add(capsys, "other")
    assert run(["keys", "revoke", "shop"]) == 0
    assert [each.name for each in read_keys(folder / "keys.json")] == ["other"]
    capsys.readouterr()
    assert "other" in refused(capsys, "revoke", "shop")


def test_the_file_of_the_settings_is_meant_where_none_is_given(folder, capsys, monkeypatch):
    monkeypatch.setenv("LYCHEE_KEYS", "elsewhere.json")
    add(capsys, "shop")
    add(capsys, "shop", "--file", "third.json")
    assert sorted(each.name for each in folder.iterdir()) == ["elsewhere.json", "third.json"]


@pytest.mark.parametrize("name", ["", "a b", "ключ", "a" * 65, "a\n", "../a"])
def test_a_name_that_is_none_is_refused(folder, capsys, name):
    assert "is no name for a key" in refused(capsys, "add", name)
    assert not list(folder.iterdir())


def test_a_name_is_taken_once(capsys):
    add(capsys, "shop")
    assert "revoke shop" in refused(capsys, "add", "shop")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "the whole"),
        ("[]", "the whole"),
        ('{"version": 2, "keys": []}', "version"),
        ('{"keys": [{"name": "a"}]}', "keys.0"),
        ('{"keys": [], "more": 1}', "more"),
        ("\0", "the whole"),
    ],
)
def test_a_broken_file_is_named_and_left_alone(folder, capsys, text, words):
    file = folder / "keys.json"
    file.write_text(text)
    for arguments in (["list"], ["add", "shop"], ["revoke", "shop"]):
        line = refused(capsys, *arguments)
        assert "keys.json is broken" in line
        assert words in line
    assert file.read_text() == text


def test_a_file_or_folder_that_is_not_there_is_told(capsys):
    assert "lychee keys add" in refused(capsys, "list")
    assert "nowhere" in refused(capsys, "add", "shop", "--file", "nowhere/keys.json")


def test_two_who_add_at_once_lose_nothing(folder):
    def add_many(who):
        for number in range(10):
            key = make_key(f"{who}-{number}")[1]
            change_keys(folder / "keys.json", lambda known, key=key: [*known, key])

    threads = [threading.Thread(target=add_many, args=(who,)) for who in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_keys(folder / "keys.json")) == 30
