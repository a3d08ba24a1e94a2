"""Stage 2's model changed under a running service: nothing is judged by two, and nothing is lost where it fails."""

import threading

import pytest
from support.toy_reranker import ToyReranker
from support.toy_service import toy_service

from content.errors import Busy, InvalidInput, ModelError, NotFound
from reranker.feature_cache import FeatureCache
from reranker.feature_memory import MemoryFeatures
from reranker.protocol import Judgement
from search.free_memory import free_bytes
from search.intake import Given
from search.rerankers import Rerankers, Stage2
from search.settings import Settings


class Always(ToyReranker):
    """Gives every document the same score."""

    def __init__(self, name, score, error=None):
        super().__init__()
        self.name = name
        self._verdict = Judgement(score, error=error)

    def score(self, instruction, query, documents):
        super().score(instruction, query, documents)
        return [self._verdict] * len(documents)


@pytest.fixture
def service(tmp_path):
    service = toy_service(Settings(collections=tmp_path, collection="toys", reranker="own"), Always("own", 0.1))
    yield service
    service.close()


@pytest.fixture
def change(service):
    """Makes the coordinator for these rerankers by name, instead of the toy service's own, which loads none."""

    def change(*made, others=""):
        by_name = {reranker.name: reranker for reranker in made}

        def load(name):
            if name not in by_name:
                raise ModelError(f"there is no folder {name}")
            return Stage2(by_name[name], FeatureCache(MemoryFeatures(10**6)))

        service.rerankers = Rerankers(service, load, others)
        return service.rerankers

    return change


def score(service):
    return service.rerank(Given("a query"), [Given("a document")]).entries[0].score


def test_requests_that_come_after_the_change_are_judged_by_the_new_one(service, change):
    changed = change(Always("own", 0.9)).change()
    assert (changed.reranker, changed.previous) == ("own", "own")
    assert score(service) == 0.9


def test_going_back_takes_the_one_before_and_a_second_time_undoes_itself(service, change):
    rerankers = change(Always("tuned", 0.9), others="tuned")
    rerankers.change("tuned")
    assert rerankers.go_back().reranker == "own"
    assert score(service) == 0.1
    assert rerankers.go_back().reranker == "tuned"
    assert score(service) == 0.9


def test_there_is_nothing_to_go_back_to_at_first(change):
    with pytest.raises(NotFound, match="no reranker to go back to"):
        change().go_back()


def test_one_that_cannot_be_loaded_changes_nothing(service, change):
    with pytest.raises(ModelError, match="no folder own"):
        change().change()
    assert score(service) == 0.1


def test_one_that_gives_no_verdict_changes_nothing(service, change):
    with pytest.raises(ModelError, match="gives no verdict: the model gave no number"):
        change(Always("own", 0.0, error="the model gave no number")).change()
    assert score(service) == 0.1


@pytest.mark.parametrize("name", ["tuned", "/etc", "../..", "~nobody-of-this-name", "a\0b", "x" * 5000])
def test_nobody_can_make_the_server_read_another_folder(change, name):
    with pytest.raises(InvalidInput, match="other_rerankers"):
        change(Always("tuned", 0.9), others="other, ,also").change(name)


def test_a_folder_that_is_allowed_stands_for_all_that_lie_in_it(tmp_path, service, change):
    models, elsewhere = tmp_path / "models", tmp_path / "elsewhere"
    (models / "tuned").mkdir(parents=True)
    elsewhere.mkdir()
    (models / "link").symlink_to(elsewhere)
    rerankers = change(Always(str(models / "tuned"), 0.9), others=str(models))
    rerankers.change(f"{models}/tuned/../tuned")
    assert score(service) == 0.9
    for outside in (models / "link", models / ".." / "elsewhere", f"{models}-2"):
        with pytest.raises(InvalidInput, match="other_rerankers"):
            rerankers.change(str(outside))


def test_answers_do_not_tell_where_the_servers_folders_lie(tmp_path, change, monkeypatch):
    (tmp_path / "models" / "tuned").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    rerankers = change(Always("models/tuned", 0.9), others="./models")
    assert rerankers.change("models/tuned").reranker == "models/tuned"
    with pytest.raises(InvalidInput, match="there is no folder 'models/none'"):  # and none is fetched from the hub
        rerankers.change("models/none")


def test_a_models_name_allows_no_folder_that_happens_to_be_called_so(tmp_path, service, change, monkeypatch):
    (tmp_path / "demo" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    rerankers = change(Always("demo", 0.9), others="demo")
    for folder in ("demo/inner", "./demo", str(tmp_path / "demo")):
        with pytest.raises(InvalidInput, match="other_rerankers"):
            rerankers.change(folder)
    rerankers.change("demo")
    assert score(service) == 0.9


@pytest.mark.parametrize("folder", ["./models", "models/", ".", "~/models", "../here/models"])
def test_a_folder_is_written_with_a_separator(tmp_path, service, change, monkeypatch, folder):
    (tmp_path / "here" / "models" / "tuned").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path / "here"))
    change(Always("models/tuned", 0.9), others=folder).change("models/tuned")
    assert score(service) == 0.9


def with_a_way_back(change, **errors):
    """own -> tuned, and what the third one then fails with: while there are two beside it, and when there is one."""
    rerankers = change(Always("tuned", 0.9), Always("third", 0.5), others="tuned,third")
    rerankers.change("tuned")
    load, tried = rerankers._load, []

    def failing(name):
        tried.append(name)
        error = errors.get("three" if rerankers._previous is not None else "two")
        if error is not None:
            raise ModelError("the model cannot be loaded") from error
        return load(name)

    rerankers._load = failing
    return rerankers, tried


def test_a_change_that_fails_leaves_the_way_back(service, change):
    rerankers, tried = with_a_way_back(change, three=OSError("damaged"))
    with pytest.raises(ModelError):
        rerankers.change("third")
    assert tried == ["third"]
    assert rerankers.go_back().reranker == "own"


def test_one_that_gives_no_verdict_leaves_the_way_back(change):
    rerankers = change(Always("tuned", 0.9), Always("third", 0.0, error="no number"), others="tuned,third")
    rerankers.change("tuned")
    with pytest.raises(ModelError, match="no verdict"):
        rerankers.change("third")
    assert rerankers.go_back().reranker == "own"


def test_where_three_do_not_fit_the_one_before_is_let_go_and_the_change_goes_on(service, change, caplog):
    rerankers, tried = with_a_way_back(change, three=RuntimeError("DefaultCPUAllocator: can't allocate memory"))
    assert rerankers.change("third").previous == "tuned"
    assert tried == ["third", "third"]
    assert score(service) == 0.5
    assert "the way back with it" in caplog.text
    assert rerankers.go_back().reranker == "tuned"


def test_a_trial_that_three_leave_no_memory_for_is_tried_again_with_two(service, change):
    class Large(Always):
        def score(self, instruction, query, documents):
            full = rerankers._previous is not None
            return [Judgement(0.0, error="the device has too little memory for this pair")] if full else [Judgement(1)]

    rerankers = change(Always("tuned", 0.9), Large("third", 0.5), others="tuned,third")
    rerankers.change("tuned")
    assert rerankers.change("third").reranker == "third"


def test_where_not_even_two_fit_the_one_in_use_goes_on(service, change):
    rerankers, _ = with_a_way_back(change, three=MemoryError(), two=MemoryError())
    with pytest.raises(ModelError, match="cannot be loaded"):
        rerankers.change("third")
    assert score(service) == 0.9
    with pytest.raises(NotFound):
        rerankers.go_back()


def test_a_third_is_not_even_tried_where_the_system_might_kill_the_server_for_it(service, change):
    rerankers, tried = with_a_way_back(change, three=AssertionError("three at a time"))
    rerankers._previous.reranker.weight_bytes = 2**60
    assert rerankers.change("third").reranker == "third"
    assert tried == ["third"]


def test_the_memory_of_a_container_is_what_it_may_still_take(tmp_path):
    machine = free_bytes(tmp_path / "none")
    assert machine > 0
    (tmp_path / "memory.current").write_text("300\n")
    for limit, free in (("1000\n", 700), ("200\n", 0)):
        (tmp_path / "memory.max").write_text(limit)
        assert free_bytes(tmp_path) == free
    (tmp_path / "memory.max").write_text("max\n")
    assert free_bytes(tmp_path) > 1000


def test_a_request_under_way_ends_with_the_one_it_began_with(service, change):
    rerankers, first = change(Always("own", 0.9)), service.reranker
    first.gate.clear()
    first.waiting.clear()
    scores = []
    asking = threading.Thread(target=lambda: scores.append(score(service)))
    asking.start()
    assert first.waiting.wait(10)
    changing = threading.Thread(target=rerankers.change)
    changing.start()
    with pytest.raises(Busy, match="another reranker"):
        until_busy(rerankers)
    first.gate.set()
    asking.join(10)
    changing.join(10)
    assert scores == [0.1]
    assert score(service) == 0.9


def until_busy(rerankers):
    """The other thread may not have begun yet; whoever is told that there is nothing to go back to asks again."""
    for _ in range(1000):
        try:
            rerankers.go_back()
        except NotFound:
            continue


def test_the_cache_of_the_one_that_is_let_go_is_closed_and_that_of_the_one_before_is_not(service, change):
    rerankers = change(Always("own", 0.9))
    caches = []
    for _ in range(3):
        rerankers.change()
        caches.append(service.picture_cache)
    closed = [cache._writer._shutdown for cache in caches]
    assert closed == [True, False, False]


def test_where_stage_2_is_switched_off_nothing_is_changed(service, change):
    rerankers = change(Always("own", 0.9))
    service.reranker = None
    with pytest.raises(InvalidInput, match="switched off"):
        rerankers.change()
