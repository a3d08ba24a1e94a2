"""The peer: sentence-transformers' CrossEncoder on the same weights, with the same prompt. Knows no passes of ours.

It batches pairs (32, longest first, left-padded, one position of logits) and reuses nothing between them. A yes/no
judge is set up as its documentation says for generative rerankers: `Transformer(transformer_task="any-to-any")`,
then `LogitScore`; scores are sigmoid(logit of yes - logit of no).
https://sbert.net/docs/cross_encoder/usage/custom_models.html
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image
from transformers.utils import logging as transformers_logging

from content import Content
from demo.training.reranker_layout import build_model, save
from evaluation.bench.checkpoint import Checkpoint
from reranker.prompt import DOCUMENT_HEADING, INSTRUCTION_PREFIX, NO, QUERY_HEADING, SYSTEM, YES

MISSING = "sentence-transformers is not installed, so its CrossEncoder is left out (pip install '.[bench]')"


def _says(text: str) -> str:
    return f"{{{{ {json.dumps(text)} }}}}"  # as an expression: Jinja drops a line break behind a block


# Lychee's prompt out of what CrossEncoder hands to a template: the instruction as a system message, then the roles
# query and document.
_SIDE = (
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}"
    + _says("<|vision_start|><|image_pad|><|vision_end|>")
    + "{% else %}{{ part['text'] }}{% endif %}{% endfor %}"
)
_TEMPLATE = (
    _says(f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{INSTRUCTION_PREFIX}")
    + "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'][0]['text'] }}"
    + "{% elif message['role'] == 'query' %}"
    + _says(QUERY_HEADING)
    + _SIDE
    + "{% else %}"
    + _says(DOCUMENT_HEADING)
    + _SIDE
    + "{% endif %}{% endfor %}"
    + _says("<|im_end|>\n<|im_start|>assistant\n")
)


def installed() -> bool:
    return find_spec("sentence_transformers") is not None


class Peer:
    """Raises ImportError where sentence-transformers is not installed."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        from sentence_transformers import CrossEncoder
        from sentence_transformers.base.modules import Transformer
        from sentence_transformers.cross_encoder.modules import LogitScore

        with tempfile.TemporaryDirectory() as folder, _without_bars():
            save(build_model(checkpoint.processor.tokenizer, seed=0), checkpoint.processor, Path(folder))
            reader: Any = Transformer(
                folder,
                transformer_task="any-to-any",
                processing_kwargs={"chat_template": {"chat_template": _TEMPLATE}},
            )
        reader.model = checkpoint.model  # in place of a small one that it loaded; these weights have no files
        yes, no = (checkpoint.processor.tokenizer.encode(word)[0] for word in (YES, NO))
        self._model: Any = CrossEncoder(modules=[reader, LogitScore(yes, no)], device=str(checkpoint.model.device))

    def score(self, instruction: str, query: Content, documents: Sequence[Content], batch_size: int) -> list[float]:
        pairs = [(_input(query), _input(document)) for document in documents]
        scores = self._model.predict(pairs, prompt=instruction, batch_size=batch_size, show_progress_bar=False)
        return [float(score) for score in scores]


@contextmanager
def _without_bars() -> Iterator[None]:
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _input(content: Content) -> str | Image.Image:
    """Either; the benchmark has no documents with both."""
    return content.image if content.text is None else content.text  # type: ignore[return-value]
