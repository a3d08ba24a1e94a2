"""mteb's own evaluation on small tasks of its own layouts, whose right answers the toys know."""

import mteb
import numpy as np
import pytest
from datasets import Dataset
from mteb.abstasks.retrieval import AbsTaskRetrieval
from mteb.abstasks.retrieval_dataset_loaders import RetrievalSplitData
from mteb.abstasks.task_metadata import TaskMetadata
from mteb.models.models_protocols import CrossEncoderProtocol, EncoderProtocol
from PIL import Image
from support.toy_encoder import ToyEncoder
from support.toy_reranker import COLOURS, ToyReranker

from content.errors import InvalidInput, ModelError
from evaluation.mteb_models import MtebCrossEncoder, MtebEncoder
from evaluation.mteb_models.rows import rows
from reranker.protocol import Judgement

pytestmark = pytest.mark.filterwarnings("default")  # mteb and datasets warn of themselves


def picture(colour):
    return Image.new("RGB", (8, 8), COLOURS[colour])


def task(name, category, corpus, queries, *, prompt=None, top_ranked=None, kind="Retrieval"):
    """A task of one right document for each query, of the same place."""
    modalities = ["text", "image"] if "i" in category else ["text"]
    ids = [f"d{n}" for n in range(len(corpus))]

    class Small(AbsTaskRetrieval):
        metadata = TaskMetadata(
            name=name, type=kind, category=category, modalities=modalities, prompt=prompt, description="Small.",
            reference=None, dataset={"path": "none", "revision": "1"}, eval_splits=["test"], eval_langs=["eng-Latn"],
            main_score="ndcg_at_10", date=None, domains=None, task_subtypes=None, license=None,
            annotations_creators=None, dialect=None, sample_creation=None, bibtex_citation=None,
        )  # fmt: skip

        def load_data(self, **_):
            split = RetrievalSplitData(
                corpus=Dataset.from_list([{"id": f"d{n}", **each} for n, each in enumerate(corpus)]),
                queries=Dataset.from_list([{"id": f"q{n}", **each} for n, each in enumerate(queries)]),
                relevant_docs={f"q{n}": {f"d{n}": 1} for n in range(len(queries))},
                top_ranked={f"q{n}": ids for n in range(len(queries))} if top_ranked else None,
            )
            self.dataset = {"default": {"test": split}}
            self.data_loaded = True

    return Small()


TEXTS = [{"title": "", "text": f"a {colour} thing"} for colour in COLOURS]
PICTURES = [{"image": picture(colour)} for colour in COLOURS]
QUERIES = [{"text": f"{colour} thing"} for colour in COLOURS]


def measured(model, task, **options):
    (result,) = mteb.evaluate(model, task, cache=None, show_progress_bar=False, **options).task_results
    return result.get_score()


def test_both_stages_are_what_mteb_takes_for_them():
    assert isinstance(MtebEncoder(ToyEncoder()), EncoderProtocol)
    assert isinstance(MtebCrossEncoder(ToyReranker()), CrossEncoderProtocol)
    assert not isinstance(MtebEncoder(ToyEncoder()), CrossEncoderProtocol)


@pytest.mark.parametrize(("category", "corpus"), [("t2t", TEXTS), ("t2i", PICTURES)])
def test_stage_2_reranks_what_stage_1_recalled_as_mteb_does_it(tmp_path, category, corpus):
    found = task(f"Both{category}", category, corpus, QUERIES)
    measured(MtebEncoder(ToyEncoder()), found, prediction_folder=tmp_path)
    again = task(f"Both{category}", category, corpus, QUERIES).convert_to_reranking(tmp_path, top_k=3)
    assert measured(MtebCrossEncoder(ToyReranker()), again) == 1.0


def test_pictures_that_ask_for_texts_are_judged_by_what_they_show():
    asked = task("Seen", "i2t", [{"text": colour} for colour in COLOURS], PICTURES, top_ranked=True, kind="Reranking")
    assert measured(MtebCrossEncoder(ToyReranker()), asked) == 1.0


def test_a_query_is_read_once_for_all_its_documents_under_the_tasks_own_prompt():
    reranker = ToyReranker()
    prompt = {"query": "Given a colour, retrieve things of it"}
    measured(MtebCrossEncoder(reranker), task("Prompted", "t2t", TEXTS, QUERIES, prompt=prompt, top_ranked=True))
    assert reranker.instructions == ["Given a colour, retrieve things of it"] * len(QUERIES)


def test_a_querys_own_instruction_is_no_part_of_its_text_and_goes_before_the_tasks():
    reranker = ToyReranker()
    queries = [{**each, "instruction": f"Find number {n}"} for n, each in enumerate(QUERIES)]
    options = {"prompt": {"query": "Find"}, "top_ranked": True, "kind": "InstructionReranking"}
    score = measured(MtebCrossEncoder(reranker), task("Told", "t2t", TEXTS, queries, **options))
    assert reranker.instructions == ["Find number 0", "Find number 1", "Find number 2"]
    assert score == 1.0


def test_one_instruction_for_all_goes_before_every_other():
    reranker = ToyReranker()
    measured(MtebCrossEncoder(reranker, "Find it"), task("One", "t2t", TEXTS, QUERIES, top_ranked=True))
    assert {*reranker.instructions} == {"Find it"}


def test_what_was_not_judged_does_not_count_as_irrelevant():
    class Failing(ToyReranker):
        def score(self, instruction, query, documents):
            return [Judgement(0.0, error="no memory")] * len(documents)

    with pytest.raises(ModelError, match="no memory"):
        measured(MtebCrossEncoder(Failing()), task("Failing", "t2t", TEXTS, QUERIES, top_ranked=True))


def test_a_row_with_text_and_picture_has_the_unit_vector_of_their_sum():
    encoder = ToyEncoder()
    batches = [{"text": ["red", "green"], "image": [picture("blue"), picture("red")]}, {"text": ["blue"]}]
    vectors = MtebEncoder(encoder).encode(batches, task_metadata=None, hf_split="test", hf_subset="default")
    both = encoder.encode_texts(["red"]) + encoder.encode_images([picture("blue")])
    np.testing.assert_allclose(vectors[:1], both / np.linalg.norm(both), rtol=1e-5)
    np.testing.assert_allclose(vectors[2:], encoder.encode_texts(["blue"]), rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


def test_sound_and_what_is_no_picture_is_refused():
    with pytest.raises(InvalidInput, match="audio"):
        list(rows([{"audio": [1], "text": ["a"]}]))
    with pytest.raises(InvalidInput, match="PIL"):
        list(rows([{"image": [b"bytes"]}]))


def test_the_revision_is_the_fingerprint_so_that_results_of_other_weights_are_not_taken_for_these():
    encoder, reranker = MtebEncoder(ToyEncoder()).mteb_model_meta, MtebCrossEncoder(ToyReranker()).mteb_model_meta
    assert encoder.revision == ToyEncoder().fingerprint
    assert (reranker.name, reranker.revision) == ("lychee-search/toy-reranker", "toy")
