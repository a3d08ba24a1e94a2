"""Tokens of examples by a checkpoint's own tokenizer and chat template. Knows no findings, and loads no weights."""

from pathlib import Path

from content import Content
from content.errors import LycheeError
from reranker import files
from reranker.checkpoint import load_processor
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Side
from reranker.instructions import resolve
from reranker.pictures import PictureReader
from reranker.writer import PromptWriter


class TokenCounter:
    """Counts the prompts of one file's examples. folder: that of the file."""

    def __init__(self, model: str, folder: Path) -> None:
        """model: as `LycheeReranker.from_pretrained` takes it. Raises ModelError."""
        processor = load_processor(files.locate(model))
        self._writer = PromptWriter(processor, PictureReader(processor.image_processor))
        self._contents = Contents(folder)

    def count(self, example: Example, document: bool) -> int:
        """The tokens of the whole prompt, uncut; `document` False: of the prompt without its document. A picture that
        cannot be read takes none."""
        query = self._content(example.query)
        answer = self._content(example.document) if document else None
        instruction = self._writer.plain(resolve(example.instruction or None, query))
        pictures = self._writer.pictures(query) + (() if answer is None else self._writer.pictures(answer))
        return len(self._writer.write(instruction, query, answer, pictures))

    def _content(self, side: Side) -> Content:
        try:
            content = self._contents.content(side)
            self._writer.pictures(content)
        except LycheeError:
            content = Content(side.text or "-")
        return content if content.text is None else Content(self._writer.plain(content.text), content.image)
