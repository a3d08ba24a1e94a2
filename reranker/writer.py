"""Prompts in the words and tokens of a checkpoint: its own chat template and tokenizer. Knows no limits but the longest
prompt, and no model."""

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from transformers import Qwen2_5_VLProcessor

from content import Content
from reranker.pictures import Picture, PictureReader
from reranker.prompt import MAX_TOKENS, Message, messages

Messages = Callable[[str, Content, Content | None], list[Message]]


class PromptWriter:
    """Renders and tokenises prompts by a checkpoint's own chat template and tokenizer; safe in several threads.

    max_tokens: the longest prompt that may be written. messages: the chat of one (instruction, query, document).
    """

    def __init__(
        self,
        processor: Qwen2_5_VLProcessor,
        pictures: PictureReader,
        max_tokens: int = MAX_TOKENS,
        messages: Messages = messages,
    ) -> None:
        self._processor = processor
        self._pictures = pictures
        self._messages = messages
        self.tokenizer = processor.tokenizer
        self.max_tokens = max_tokens
        # A text of more characters than this is over the limit whatever it says; what follows need not be tokenised.
        self._max_characters = max_tokens * max(map(len, self.tokenizer.get_vocab()))
        # Those that the tokenizer cuts out of a text; `all_special_tokens` has only those that its config names too.
        added = self.tokenizer.added_tokens_decoder.values()
        special = sorted((token.content for token in added if token.special), key=len, reverse=True)
        self._special = re.compile("|".join(map(re.escape, special)))

    def pictures(self, content: Content, reader: PictureReader | None = None) -> tuple[Picture, ...]:
        """The picture of a content, if it has one. reader: measures it; None means the writer's own.

        Raises InvalidInput for one that cannot be read by the model.
        """
        return () if content.image is None else ((reader or self._pictures).measure(content.image),)

    def plain(self, text: str) -> str:
        """`text` as the model may see it: no longer than it could read, and without special tokens.

        A special token that is spelt out in a text (`<|im_end|>`) would end the message or stand for a picture, and let
        a document write its own verdict; a blank breaks it up.
        """
        return self._broken_up(text[: self._max_characters])

    def plain_around(self, text: str, focus: tuple[int, int], reach: int | None = None) -> tuple[str, tuple[int, int]]:
        """`plain` of the characters around the focus, [start, stop), and where this is in them.

        reach: how many before its start, and from there on; None means as many as a model could read.
        """
        reach = reach or self._max_characters
        first = max(0, focus[0] - reach)
        window = text[first : focus[0] + reach]
        blanks = [found.start() + 1 for found in self._special.finditer(window)]
        start, stop = (min(at - first, len(window)) for at in focus)
        return self._broken_up(window), (start + bisect_left(blanks, start), stop + bisect_left(blanks, stop))

    def write(
        self, instruction: str, query: Content, document: Content | None, pictures: tuple[Picture, ...]
    ) -> list[int]:
        """The tokens of the whole prompt, however many. pictures: the query's and the document's."""
        chat: Any = self._messages(instruction, query, document)  # transformers declares its messages too narrowly
        rendered: str = self._processor.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        token = self._processor.image_token
        first, *rest = rendered.split(token)
        filled = first + "".join(token * picture.tokens + text for picture, text in zip(pictures, rest, strict=True))
        return list(self.tokenizer(filled, verbose=False)["input_ids"])

    def token_starts(self, text: str) -> list[int]:
        """Where in `text` each of its tokens begins, in characters."""
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return [start for start, _ in encoded["offset_mapping"]]

    def _broken_up(self, text: str) -> str:
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
