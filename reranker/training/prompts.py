"""Examples as prompts, by the code that writes them where they are served. Knows no model."""

from collections.abc import Sequence

from content.errors import InvalidInput, LycheeError
from reranker.examples.contents import Contents
from reranker.examples.example import Example, Side
from reranker.instructions import resolve
from reranker.request import Prompt, Request
from reranker.writer import PromptWriter


class ExamplePrompts:
    """Writes the prompts of examples of one file."""

    def __init__(self, writer: PromptWriter, contents: Contents) -> None:
        self._writer = writer
        self._contents = contents

    def write(self, examples: Sequence[Example]) -> list[Prompt]:
        """In their order; those of one instruction and query have one `prefix`, as those of one request do.

        Raises InvalidInput, naming the line, for an example that cannot be read.
        """
        requests: dict[tuple[str, Side], Request] = {}
        return [self._prompt(example, requests) for example in examples]

    def _prompt(self, example: Example, requests: dict[tuple[str, Side], Request]) -> Prompt:
        key = (example.instruction, example.query)
        try:
            if key not in requests:
                query = self._contents.content(example.query)
                requests[key] = Request(self._writer, resolve(example.instruction or None, query), query)
            return requests[key].prompt(self._contents.content(example.document))
        except LycheeError as error:
            raise InvalidInput(f"line {example.line} of the examples cannot be used: {error.message}") from error
