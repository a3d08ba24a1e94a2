"""What a session remembers, and when it is over."""

import pytest
from support.guarded import add_key

from api.guards.key_file import change_keys
from api.guards.key_ring import KeyRing
from api.guards.sessions import LASTS_S, Sessions
from content.errors import NotReady


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def file(tmp_path):
    return tmp_path / "keys.json"


def test_a_session_is_found_by_its_token_for_twelve_hours(file):
    secret, clock = add_key(file, "reader"), Clock()
    sessions = Sessions(KeyRing(file), clock=clock)
    token = sessions.begin(secret)
    assert LASTS_S == 12 * 3600
    clock.now = LASTS_S - 1
    assert sessions.find(token).name == "reader"
    clock.now = LASTS_S
    assert sessions.find(token) is None
    clock.now = 0.0
    assert sessions.find(token) is None, "an ended session is forgotten"


def test_no_session_begins_without_a_key_and_none_is_found_by_a_guess(file):
    secret = add_key(file, "reader")
    sessions = Sessions(KeyRing(file))
    sessions.begin(secret)
    assert sessions.begin("lychee_guessed") is None
    assert sessions.begin("") is None
    for guess in ("", "x", secret):
        assert sessions.find(guess) is None


def test_neither_keys_nor_tokens_are_kept(file):
    secret = add_key(file, "reader")
    sessions = Sessions(KeyRing(file))
    token = sessions.begin(secret)
    kept = repr(vars(sessions))
    assert token not in kept
    assert secret not in kept


def test_a_session_sees_what_becomes_of_its_key(file):
    secret = add_key(file, "one", "write")
    sessions = Sessions(KeyRing(file))
    token = sessions.begin(secret)
    assert sessions.find(token).scope == "write"
    add_key(file, "another")
    assert sessions.find(token).name == "one"
    file.write_text(file.read_text().replace('"write"', '"read"'))
    assert sessions.find(token).scope == "read"
    kept = file.read_text()
    file.write_text("{")
    with pytest.raises(NotReady):
        sessions.find(token)
    file.write_text(kept)
    assert sessions.find(token).name == "one"
    change_keys(file, lambda known: known[1:])
    assert sessions.find(token) is None


def test_there_are_only_so_many_and_the_oldest_ends_first(file):
    secret = add_key(file, "reader")
    sessions = Sessions(KeyRing(file), most=3)
    tokens = [sessions.begin(secret) for _ in range(5)]
    assert [sessions.find(token) is not None for token in tokens] == [False, False, True, True, True]
