"""A long text is found by the passage that answers, and that is what stage 2 reads of it: with the demo's models."""

from pathlib import Path

import pytest
from support.table_reranker import add_texts

from indexer.collection import Collection
from indexer.encoder import OpenClipEncoder
from indexer.ingest import Ingest
from indexer.record import Record
from reranker import LycheeReranker
from reranker.prompt import MAX_TOKENS
from reranker.writer import PromptWriter
from search.engine import SearchEngine
from search.worker import DeviceWorker

DEMO = Path(__file__).parents[2] / "demo" / "models"
ANSWER = "On the wooden table stand two red striped mugs next to a blue bag."
PLACE = 19


def paragraph(number: int) -> str:
    return (
        f"Paragraph {number} of the inventory tells where everything was in the year {1900 + number}. It goes on about "
        "cupboards, shelves and drawers at some length, and it ends without having said what anybody would ask for."
    )


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    encoder = OpenClipEncoder.from_pretrained(str(DEMO / "encoder"), device="cpu")
    reranker = LycheeReranker.from_pretrained(DEMO / "reranker", device="cpu")
    worker = DeviceWorker()
    with Collection.create(tmp_path_factory.mktemp("long") / "things", encoder) as collection:
        paragraphs = [paragraph(number) for number in range(30)]
        paragraphs[PLACE] = ANSWER
        Ingest(collection, encoder).upsert(
            [
                Record("long", "\n\n".join(paragraphs), None, b"0" * 32),
                Record("other", "\n\n".join(paragraph(number) for number in range(40, 70)), None, b"0" * 32),
            ]
        )
        add_texts(collection, encoder, {"short": "a green bottle on a white shelf"})
        yield SearchEngine(collection, encoder, reranker, worker)
    worker.close()


@pytest.fixture
def written(engine, monkeypatch):
    """Every prompt that is written, in words."""
    prompts: list[str] = []
    write = PromptWriter.write

    def noted(writer, *arguments):
        tokens = write(writer, *arguments)
        if len(tokens) <= MAX_TOKENS:
            prompts.append(writer.tokenizer.decode(tokens))
        return tokens

    monkeypatch.setattr(PromptWriter, "write", noted)
    return prompts


@pytest.mark.parametrize("channels", [{"words": 0}, {"image": 0, "text": 0}, None], ids=["vectors", "words", "both"])
def test_a_hit_names_the_passage_that_answers(engine, channels):
    answer = engine.search("two red striped mugs next to a blue bag", rerank=False, channels=channels)

    hit = answer.hits[0]
    assert (hit.id, hit.passage.source) == ("long", "text")
    assert "two red striped mugs next to a blue bag" in hit.passage.text
    assert len(hit.passage.text) < 200
    assert hit.text[hit.passage.start : hit.passage.stop] == hit.passage.text


def test_stage_2_reads_the_passage_with_its_neighbours(engine, written):
    answer = engine.search("two red striped mugs next to a blue bag", channels={"words": 0})

    (hit,) = [hit for hit in answer.hits if hit.id == "long"]
    assert hit.truncated
    (prompt,) = [prompt for prompt in written if ANSWER in prompt]
    assert paragraph(PLACE - 1) in prompt
    assert paragraph(PLACE + 1) in prompt
    assert paragraph(0) not in prompt


def test_a_short_text_is_its_own_passage(engine):
    answer = engine.search("a green bottle", rerank=False, channels={"words": 0})

    (hit,) = [hit for hit in answer.hits if hit.id == "short"]
    assert (hit.passage.start, hit.passage.text) == (0, hit.text)
