"""Training reads the very prompts that are judged when the model is served."""

import torch

from reranker import LycheeReranker
from reranker.checkpoint import load
from reranker.examples.contents import Contents
from reranker.examples.example import grouped
from reranker.examples.file import examples
from reranker.examples.ranking import rank_groups
from reranker.pictures import PictureReader
from reranker.training.prompts import ExamplePrompts
from reranker.writer import PromptWriter


def served(folder, groups, contents, monkeypatch, max_tokens):
    """The prompts that a served model is given for the groups, by their tokens."""
    checkpoint = load(folder, device=torch.device("cpu"), dtype=torch.float32)
    reranker = LycheeReranker(checkpoint.model, checkpoint.processor, passes="plain", max_tokens=max_tokens)
    seen = []
    prepare = reranker._pass.prepare
    monkeypatch.setattr(reranker._pass, "prepare", lambda prompts: seen.extend(prompts) or prepare(prompts))
    ranked = rank_groups(reranker, groups, contents)
    assert any(judgement.truncated for one in ranked for judgement in one.judgements)
    return sorted(told(prompt) for prompt in seen)


def told(prompt):
    return prompt.input_ids.numpy().tobytes(), tuple(picture.key for picture in prompt.pictures)


def test_training_and_inference_prompts_are_the_same_to_the_byte(tiny_folder, tiny_parts, mixed_file, monkeypatch):
    groups, contents = grouped(examples(mixed_file)), Contents(mixed_file.parent)
    processor, max_tokens = tiny_parts.processor, 400
    writer = PromptWriter(processor, PictureReader(processor.image_processor), max_tokens)
    trained = [prompt for group in groups for prompt in ExamplePrompts(writer, contents).write(group.examples)]
    assert len(trained) == 12
    expected = served(tiny_folder, groups, contents, monkeypatch, max_tokens)
    assert sorted(told(prompt) for prompt in trained) == expected


def test_the_examples_of_a_query_share_their_prefix(tiny_writer, mixed_file):
    groups = grouped(examples(mixed_file))
    prompts = ExamplePrompts(tiny_writer, Contents(mixed_file.parent)).write(groups[0].examples + groups[1].examples)
    assert len({id(prompt.prefix) for prompt in prompts}) == 2
