"""Files of examples whose order can be worked out in the head, and judges that stand for folders."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.table_reranker import TableReranker
from support.toy_reranker import ToyReranker

from content import Content, Document
from content.errors import ModelError
from evaluation.ab.from_folder import Candidates
from evaluation.ab.loading import sections
from evaluation.ab.question import Question, Section
from reranker.progress import Progress, nobody
from reranker.protocol import Reranker
from search.settings import Settings

Line = Mapping[str, object]


def triple(query: str, document: object, score: float, instruction: str = "") -> Line:
    return {"instruction": instruction, "query": query, "document": document, "score": score}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Iterable[Line]], Path]:
    """Writes lines under a name, and gives the path."""

    def written(name: str, lines: Iterable[Line]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return path

    return written


class Nothing:
    """Reads for questions of which nobody asks what they stand for."""

    def query(self, question: Question) -> Content:
        raise NotImplementedError

    def document(self, question: Question, candidate: str) -> Document:
        raise NotImplementedError


NOTHING = Nothing()


class Backwards(TableReranker):
    """Likes best what ToyReranker likes least."""

    name = fingerprint = "backwards"

    def __init__(self) -> None:
        super().__init__({"red mug": 0.0, "red bag": 0.5, "blue bag": 1.0})


@pytest.fixture
def judges(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Reranker]]:
    """Rerankers by the names under which commands find them: loading a checkpoint is not what is tested."""
    known: dict[str, Callable[[], Reranker]] = {"toy": ToyReranker, "backwards": Backwards}

    def load_reranker(settings: Settings, *, progress: Progress = nobody) -> Reranker:
        if settings.reranker not in known:
            raise ModelError(f"there is no {settings.reranker}")
        return known[settings.reranker]()

    monkeypatch.setattr("evaluation.ab.both.load_reranker", load_reranker)
    return known


def mugs(queries: int = 8) -> list[Line]:
    """Of each query's three documents one is right; ToyReranker puts it first, Backwards last."""
    grades = {"red mug": 1.0, "red bag": 0.2, "blue bag": 0.0}
    return [
        triple("red mug", document, score, f"task {number}")
        for number in range(queries)
        for document, score in grades.items()
    ]


def sections_of(*paths: Path) -> list[Section]:
    """Of files, which need not be closed."""
    return sections(paths, (), Candidates(), ExitStack())
