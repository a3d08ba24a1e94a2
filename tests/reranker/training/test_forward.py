"""The packed pass gives the verdicts and the gradients of the plain one, and both those of the served model."""

import pytest
import torch

from reranker.examples.contents import Contents
from reranker.examples.example import grouped
from reranker.examples.file import examples
from reranker.training.forward import packed_tokens, padded_tokens
from reranker.training.loss import soft_label_loss
from reranker.training.prompts import ExamplePrompts

KINDS = {
    "an adapter": {},
    "an adapter on the vision tower too": {"train_vision_tower": True},
    "all weights": {"full_finetuning": True},
    "all weights and the vision tower": {"full_finetuning": True, "train_vision_tower": True},
}


def prompts_of(judge, path):
    groups = grouped(examples(path))
    prompts = ExamplePrompts(judge.writer, Contents(path.parent))
    return prompts.write([example for group in groups for example in group.examples])


def gradients(judge, forward, prompts):
    judge.trained.zero_grad()
    logits = forward(prompts)
    scores = torch.linspace(0, 1, len(prompts))
    soft_label_loss(logits, scores).sum().backward()
    named = judge.trained.named_parameters()
    return logits.detach(), {name: weight.grad.clone() for name, weight in named if weight.grad is not None}


def stirred(judge):
    """An adapter begins as nothing, and half of its gradients with it."""
    torch.manual_seed(0)
    for name, weight in judge.trained.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.02)
    return judge


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_packed_and_plain_have_the_same_verdicts_and_gradients(judge_of, mixed_file, options):
    judge = stirred(judge_of(max_length=300, **options))
    judge.trained.train()
    prompts = prompts_of(judge, mixed_file)
    plain_logits, plain = gradients(judge, judge.forward.plain, prompts)
    packed_logits, packed = gradients(judge, lambda some: judge.forward.packed(some, judge.forward._decoder), prompts)
    torch.testing.assert_close(packed_logits, plain_logits, rtol=1e-4, atol=1e-4)
    assert plain.keys() == packed.keys()
    assert any("visual" in name for name in plain) == options.get("train_vision_tower", False)
    for name, gradient in plain.items():
        assert gradient.isfinite().all()
        difference = (packed[name] - gradient).norm() / gradient.norm().clamp(min=1e-6)
        assert difference < 1e-3, f"{name} differs by {difference:.2g} of its length"


def test_training_sees_the_scores_that_are_served(judge_of, mixed_file):
    judge = stirred(judge_of(max_length=300))
    judge.trained.eval()
    group = grouped(examples(mixed_file))[2]
    contents = Contents(mixed_file.parent)
    prompts = ExamplePrompts(judge.writer, contents).write(group.examples)
    logits = judge.forward(prompts).detach()
    documents = [contents.document(example.document) for example in group.examples]
    served = judge.reranker().score(None, contents.content(group.query), documents)
    torch.testing.assert_close(logits, torch.tensor([one.logits for one in served]), rtol=1e-4, atol=1e-4)


def test_only_the_adapter_of_the_language_model_is_trained(judge_of):
    judge = judge_of()
    trained = {name for name, weight in judge.trained.named_parameters() if weight.requires_grad}
    assert all("lora_" in name and "language_model.layers" in name for name in trained)
    ends = {name.split(".lora_")[0].rpartition(".")[2] for name in trained}
    assert ends == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


def test_documents_of_one_query_are_packed_and_those_of_many_are_not(judge_of, examples_file, monkeypatch):
    judge = judge_of()
    prompts = prompts_of(judge, examples_file(4))
    taken = []
    for name in ("plain", "packed"):
        real = getattr(judge.forward, name)
        monkeypatch.setattr(judge.forward, name, lambda *of, name=name, real=real: taken.append(name) or real(*of))
    judge.forward(prompts[:3])
    judge.forward(prompts[::3])
    assert taken == ["packed", "plain"]
    assert packed_tokens(prompts[::3]) == sum(map(len, prompts[::3]))
    assert packed_tokens(prompts[:3]) < padded_tokens(prompts[:3]) / 2


def test_a_picture_is_seen_once_where_the_vision_tower_is_not_trained(judge_of, mixed_file):
    judge = judge_of(max_length=300)
    prompts = prompts_of(judge, mixed_file)
    first = judge.forward(prompts).detach()
    assert len(judge.features) == 2
    tower = judge.trained.get_base_model().model.visual
    tower.register_forward_pre_hook(lambda *_: pytest.fail("the tower ran"))
    for weight in tower.parameters():
        weight.data.fill_(float("nan"))
    assert torch.equal(judge.forward(prompts).detach(), first)
