"""How prompts are put into batches, and what becomes of a batch that fails."""

import logging
from itertools import chain

import pytest
import torch

from content import Content
from reranker import LycheeReranker
from reranker.checkpoint import load
from reranker.judging import Failure, prepare
from reranker.plain import PlainPass
from reranker.request import Prefix, Prompt

QUERY = Content(text="a mug")


def prompts(*lengths):
    prefix = Prefix(torch.zeros(1, dtype=torch.long), ())
    return [Prompt(torch.zeros(length, dtype=torch.long), (), prefix) for length in lengths]


def judge(judging_pass, batch):
    return prepare(judging_pass, batch)()


def planned(tiny_parts, lengths, **limits):
    judging_pass = PlainPass(tiny_parts.model, None, (0, 1), **limits)
    given = prompts(*lengths)
    plan = list(judging_pass.batches(given))
    assert sorted(map(id, chain(*plan))) == sorted(map(id, given))
    return [[len(prompt) for prompt in batch] for batch in plan]


def test_batches_hold_prompts_of_like_length(tiny_parts):
    assert planned(tiny_parts, [10, 90, 12, 80, 11, 70], batch_size=2) == [[90, 80], [70], [12, 11], [10]]


def test_batches_keep_within_their_tokens_and_a_single_prompt_need_not(tiny_parts):
    assert planned(tiny_parts, [50, 40, 40, 40, 900], batch_size=8, batch_tokens=120) == [[900], [50, 40], [40, 40]]
    assert planned(tiny_parts, []) == []


class BrokenPass:
    """Fails on batches with a prompt of one of the lengths given; the logits of others are their length and 0."""

    def __init__(self, *lengths, error):
        self.lengths, self.error = lengths, error

    def prepare(self, prompts):
        def logits():
            if any(len(prompt) in self.lengths for prompt in prompts):
                raise self.error
            return torch.tensor([[float(len(prompt)), 0.0] for prompt in prompts])

        return logits


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "too little memory for this document of 7 tokens"),
        (MemoryError(), "too little memory"),
        (RuntimeError("shapes differ\nlong story"), "RuntimeError: shapes differ"),
        (KeyError("nothing"), "KeyError"),
    ],
)
def test_a_failing_prompt_fails_alone_and_is_logged(caplog, error, reason):
    with caplog.at_level(logging.WARNING):
        outcomes = judge(BrokenPass(7, error=error), prompts(5, 7, 9))
    assert outcomes[0] == (5.0, 0.0)
    assert outcomes[2] == (9.0, 0.0)
    assert reason in outcomes[1].reason
    assert "\n" not in outcomes[1].reason
    assert "failed on a batch of 3 documents" in caplog.text


def test_a_whole_batch_that_fails_gives_a_failure_each():
    outcomes = judge(BrokenPass(5, 7, error=RuntimeError("no")), prompts(5, 7))
    assert all(isinstance(outcome, Failure) for outcome in outcomes)


def test_an_interrupt_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        judge(BrokenPass(5, error=KeyboardInterrupt()), prompts(5))


def test_a_model_that_fails_on_one_document_answers_the_others(tiny_parts, tiny, monkeypatch):
    documents = [Content(text=text) for text in ("a cup", "a mug " * 40, "a jug")]
    undisturbed = tiny.score(None, QUERY, documents)
    core, forward = tiny_parts.model.model, tiny_parts.model.model.forward

    def fails_on_long_ones(*, input_ids, **inputs):
        if input_ids.shape[1] > 120:
            raise torch.OutOfMemoryError("out of memory")
        return forward(input_ids=input_ids, **inputs)

    monkeypatch.setattr(core, "forward", fails_on_long_ones)
    cup, mug, jug = LycheeReranker(tiny_parts.model, tiny_parts.processor, passes="plain").score(None, QUERY, documents)
    assert "too little memory" in mug.error
    assert (mug.score, mug.logits) == (0.0, None)
    assert [cup.score, jug.score] == pytest.approx([undisturbed[0].score, undisturbed[2].score], abs=1e-5)


def test_a_model_that_gives_no_number_is_an_error(tiny_folder):
    parts = load(tiny_folder, device=torch.device("cpu"), dtype=torch.float32)
    with torch.no_grad():
        parts.model.model.language_model.norm.weight.fill_(torch.nan)
    (result,) = LycheeReranker(parts.model, parts.processor).score(None, QUERY, [Content(text="a cup")])
    assert "no number" in result.error
    assert result.score == 0.0
