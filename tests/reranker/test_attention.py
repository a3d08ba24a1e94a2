"""Packed attention equals attention over each document's whole sequence, prefix first."""

import pytest
import torch
from torch.nn import functional

from reranker.attention import Grouped, pack
from reranker.packing import Seen
from reranker.varlen import merge

LENGTHS = [[1], [7], [3, 3, 3], [5, 1, 40, 2, 19, 1], [64, 60, 33, 30, 2]]
HEADS, KEY_HEADS, DIM, PREFIX = 4, 2, 16, 11


def parts(tokens, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(tokens, heads, DIM, generator=generator) for heads in (HEADS, KEY_HEADS, KEY_HEADS)]


def reference(own, prefix, start, stop):
    """The outputs of one document's tokens, computed the plain way: (tokens, heads, dim)."""
    query = own[0][start:stop].transpose(0, 1)
    key, value = (
        torch.cat([before, part[start:stop]]).transpose(0, 1).repeat_interleave(HEADS // KEY_HEADS, dim=0)
        for before, part in zip(prefix[1:], own[1:], strict=True)
    )
    seen = torch.ones(stop - start, PREFIX + stop - start, dtype=torch.bool).tril(PREFIX)
    return functional.scaled_dot_product_attention(query, key, value, attn_mask=seen).transpose(0, 1)


@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
def test_documents_see_the_prefix_and_themselves_only(lengths):
    own, prefix = parts(sum(lengths), 1), parts(PREFIX, 2)
    packing = Grouped(lengths, PREFIX, torch.device("cpu"), torch.float32)
    seen = Seen(*own[1:], *prefix[1:])
    whole, last = packing.attend(own[0], seen), packing.attend_last(own[0][packing.ends], seen)
    start = 0
    for number, length in enumerate(lengths):
        expected = reference(own, prefix, start, start + length)
        torch.testing.assert_close(whole[start : start + length], expected, atol=2e-6, rtol=0)
        torch.testing.assert_close(last[number], expected[-1], atol=2e-6, rtol=0)
        start += length


def test_parts_merge_to_the_attention_over_both():
    query, key, value = (part.transpose(0, 1) for part in parts(30, 4))  # (heads, tokens, dim)
    key, value = (part.repeat_interleave(HEADS // KEY_HEADS, dim=0) for part in (key, value))
    attended = []
    for some in (slice(0, 12), slice(12, 30)):
        scores = query @ key[:, some].transpose(1, 2) * DIM**-0.5
        out = scores.softmax(-1) @ value[:, some]
        attended.append((out.transpose(0, 1), scores.logsumexp(-1).transpose(0, 1)))
    expected = functional.scaled_dot_product_attention(query, key, value).transpose(0, 1)
    torch.testing.assert_close(merge(*attended), expected, atol=2e-6, rtol=0)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
def test_the_kernels_of_cuda_attend_as_the_cpu_does(lengths):
    own, prefix = parts(sum(lengths), 1), parts(PREFIX, 2)
    exact = Grouped(lengths, PREFIX, torch.device("cpu"), torch.float32)
    here = Seen(*own[1:], *prefix[1:])
    there = Seen(*(part.to("cuda", torch.bfloat16) for part in (*own[1:], *prefix[1:])))
    packing = pack(lengths, PREFIX, torch.device("cuda"), torch.bfloat16)
    query = own[0].to("cuda", torch.bfloat16)
    whole, last = packing.attend(query, there), packing.attend_last(query[packing.ends], there)
    torch.testing.assert_close(whole.float().cpu(), exact.attend(own[0], here), atol=2e-2, rtol=0)
    torch.testing.assert_close(last.float().cpu(), exact.attend_last(own[0][exact.ends], here), atol=2e-2, rtol=0)


def test_copies_of_the_prefix_are_bounded(monkeypatch):
    copied = []
    whole = functional.scaled_dot_product_attention

    def counting(query, key, value, **options):
        copied.append(key.shape[0] * key.shape[2])
        return whole(query, key, value, **options)

    monkeypatch.setattr(functional, "scaled_dot_product_attention", counting)
    lengths = [20] * 100
    own, prefix = parts(sum(lengths), 3), parts(1000, 2)
    Grouped(lengths, 1000, torch.device("cpu"), torch.float32).attend(own[0], Seen(*own[1:], *prefix[1:]))
    assert sum(copied) == 100 * 1020
    assert max(copied) <= 32_768


def test_padding_is_at_most_a_half(monkeypatch):
    padded = []

    def counting(query, *rest, **options):
        padded.append(query.shape[0] * query.shape[2])
        return query

    monkeypatch.setattr(functional, "scaled_dot_product_attention", counting)
    lengths = [3000, 1, 2, 700, 31, 90, 4, 1500, 64, 1]
    own, prefix = parts(sum(lengths), 3), parts(PREFIX, 2)
    Grouped(lengths, PREFIX, torch.device("cpu"), torch.float32).attend(own[0], Seen(*own[1:], *prefix[1:]))
    assert sum(padded) <= 2 * sum(lengths)
