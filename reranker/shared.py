"""The shared-prefix pass: system, instruction and query are read once, all documents of a batch in one sequence behind
them, without padding. Knows no text and no scores.

Each document sees the prefix and itself only, and its positions start where the prefix ended, so its logits are those
of the plain pass up to rounding.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration

from reranker.attention import pack
from reranker.decoder import Decoder, PrefixState
from reranker.judging import Logits, PrefixFailed
from reranker.pictures import Picture
from reranker.prefix_cache import PrefixCache
from reranker.request import Prefix, Prompt
from reranker.vision import Look, VisionTower

BATCH_TOKENS = {"cpu": 2048, "cuda": 8192}
PREFIX_BYTES = 256 * 2**20  # kept between requests: three prefixes with the largest picture on an 8B model


def default_batch_tokens(device: torch.device) -> int:
    """As many tokens as keep the device busy: more only take memory, and make others wait."""
    return BATCH_TOKENS.get(device.type, BATCH_TOKENS["cpu"])


@dataclass(frozen=True, slots=True, eq=False)
class _Sequence:
    """Tokens as the language model takes them. ids: (n,) int64. positions: (3, n) int64: time, height, width."""

    ids: Tensor
    positions: Tensor
    looks: list[Look]


@dataclass(slots=True, eq=False)
class _Prefix:
    """One request's. key: what tells it from other prefixes. end: the position of what follows it. state: None until
    the device's thread has read it; it lives as long as the request, however many others there are."""

    key: bytes
    sequence: _Sequence
    end: int
    state: PrefixState | None = None


class SharedPass:
    """Runs a Qwen2.5-VL over a prefix once and over its documents in batches.

    verdict_ids: the tokens of (yes, no). batch_tokens: of documents per batch, pictures included, the prefix not; a
    longer document is a batch alone.
    Raises ModelError for a checkpoint that only the plain pass can run.
    """

    def __init__(
        self,
        model: Qwen2_5_VLForConditionalGeneration,
        tower: VisionTower,
        verdict_ids: tuple[int, int],
        *,
        batch_tokens: int,
    ) -> None:
        self._core = model.model
        self._decoder = Decoder(model.model.language_model)
        self._head: Tensor = model.lm_head.weight.detach()[list(verdict_ids)].float()  # (2, hidden)
        self._image_id = model.config.image_token_id
        self._tower = tower
        self._batch_tokens = batch_tokens
        self._ready: WeakKeyDictionary[Prefix, _Prefix] = WeakKeyDictionary()
        self._states = PrefixCache(PREFIX_BYTES)
        self._one_at_a_time = threading.Lock()

    def batches(self, prompts: Iterable[Prompt]) -> Iterator[list[Prompt]]:
        batch: list[Prompt] = []
        room = 0
        for prompt in prompts:
            size = len(prompt.own_ids)
            if batch and (size > room or prompt.prefix is not batch[0].prefix):
                yield batch
                batch = []
            if not batch:
                room = self._batch_tokens
            batch.append(prompt)
            room -= size
        if batch:
            yield batch

    def prepare(self, prompts: Sequence[Prompt]) -> Logits:
        try:
            prefix = self._prefix(prompts[0].prefix)
        except Exception as error:
            raise PrefixFailed from error
        parts = [self._sequence(prompt.own_ids, prompt.own_pictures, prefix.end) for prompt in prompts]
        documents = _Sequence(
            torch.cat([part.ids for part in parts]),
            torch.cat([part.positions for part in parts], dim=1),
            [look for part in parts for look in part.looks],
        )
        return partial(self._logits, prefix, documents, [len(part.ids) for part in parts])

    def _prefix(self, prefix: Prefix) -> _Prefix:
        ready = self._ready.get(prefix)
        if ready is None:
            sequence = self._sequence(prefix.input_ids, prefix.pictures, 0)
            key = b"".join([prefix.input_ids.numpy().tobytes(), *(picture.key for picture in prefix.pictures)])
            ready = self._ready[prefix] = _Prefix(key, sequence, int(sequence.positions.max()) + 1)
        return ready

    def _sequence(self, ids: Tensor, pictures: Sequence[Picture], start: int) -> _Sequence:
        return _Sequence(ids, start + self._positions(ids, pictures), self._tower.look(pictures))

    def _positions(self, ids: Tensor, pictures: Sequence[Picture]) -> Tensor:
        """(3, n) int64, from 0. M-RoPE (arXiv 2409.12191, section 2.1): a picture's tokens are placed by row and
        column, and text goes on after the largest of them."""
        if not pictures:
            return torch.arange(len(ids)).expand(3, -1)
        grids = torch.tensor([picture.grid for picture in pictures])
        kinds = (ids == self._image_id).int()
        positions: Tensor = self._core.get_rope_index(ids[None], kinds[None], image_grid_thw=grids)[0]
        return positions[:, 0]

    def _logits(self, prefix: _Prefix, documents: _Sequence, lengths: Sequence[int]) -> Tensor:
        with self._one_at_a_time, torch.inference_mode():
            try:
                state = self._state(prefix)
            except Exception as error:
                raise PrefixFailed from error
            return self._verdicts(state, documents, lengths)

    def _verdicts(self, state: PrefixState, documents: _Sequence, lengths: Sequence[int]) -> Tensor:
        device = self._head.device
        hidden = self._embedded(documents)
        packing = pack(lengths, len(state), device, hidden.dtype)
        last = self._decoder.read_documents(hidden, documents.positions.to(device), packing, state)
        return (last.float() @ self._head.T).cpu()  # (documents, 2)

    def _state(self, prefix: _Prefix) -> PrefixState:
        state = self._states.get(prefix.key) if prefix.state is None else prefix.state
        if state is None:
            ids = prefix.sequence.ids
            pictures = (ids == self._image_id).nonzero()
            words = int(pictures[0]) if len(pictures) else len(ids)
            before = self._states.beginning(ids, min(words, len(ids) - 1))  # one at least is left to read
            state = self._read(prefix.sequence, before)
            self._states.put(prefix.key, ids, state)
        prefix.state = state
        return state

    def _read(self, sequence: _Sequence, before: PrefixState | None) -> PrefixState:
        known = 0 if before is None else len(before)
        rest = _Sequence(sequence.ids[known:], sequence.positions[:, known:], sequence.looks)
        return self._decoder.read_prefix(self._embedded(rest), rest.positions.to(self._head.device), before)

    def _embedded(self, sequence: _Sequence) -> Tensor:
        """(n, hidden): the tokens' embeddings, and in the pictures' places what the tower saw."""
        hidden = self._decoder.embed(sequence.ids.to(self._head.device))
        if sequence.looks:
            places = (sequence.ids == self._image_id).nonzero()[:, 0].to(hidden.device)
            hidden[places] = self._tower.features(sequence.looks).to(hidden.dtype)
        return hidden
