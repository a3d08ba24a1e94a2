"""The tasks that the judge is asked to do, by name. Knows no model: `from reranker import INSTRUCTIONS` costs no torch.

A Lychee checkpoint judges by the instruction: the same pair can be a `yes` as similar products and a `no` as an answer
to a question. The wordings marked (card) are those that the model's authors and users report as good.
"""

from collections.abc import Mapping
from types import MappingProxyType

from content import Content, Kind, Target

INSTRUCTIONS: Mapping[str, str] = MappingProxyType(
    {
        # (card), and the checkpoint's own default
        "web-search": "Given a web search query, retrieve relevant passages that answer the query",
        # (card)
        "question-answering": "Given a question, retrieve factual passages that answer it",
        "product-similarity": "Given a product image and description, retrieve similar products",
        "product-search": "Given a user's search query, rank products by visual and textual relevance",
        "papers": "Given a research question, retrieve papers whose abstracts and figures best address the question",
        "legal": "Given a legal case description, retrieve precedent cases with similar facts and rulings",
        # ours, in the same form
        "image-search": "Given a text query, retrieve images that match the description",
        "image-description": "Given an image, retrieve texts that describe it",
        "image-similarity": "Given an image, retrieve similar images",
        "image-match": "Given an image, retrieve similar images or texts that describe it",
        "illustration": "Given a passage of an article, retrieve images that illustrate it",
        "document-pages": "Given a question, retrieve document pages whose text, tables or figures answer it",
        "enterprise-documents": "Given an employee's question, retrieve internal documents that answer it",
        "policy-pages": "Given a question about rules, retrieve the policy pages that answer it",
    }
)

_DEFAULTS: Mapping[Kind, Mapping[Target, str]] = {
    "text": {"any": "web-search", "text": "web-search", "image": "image-search"},
    "image": {"any": "image-match", "text": "image-description", "image": "image-similarity"},
    "mixed": {"any": "product-similarity", "text": "product-similarity", "image": "product-similarity"},
}


def default_instruction(query: Content, target: Target = "any") -> str:
    """The instruction for a query of this kind where the user gave none.

    target: what is searched, where that is known: pictures, texts or both.
    """
    return INSTRUCTIONS[_DEFAULTS[query.kind][target]]


def resolve(instruction: str | None, query: Content, target: Target = "any") -> str:
    """The text of an instruction: a name of `INSTRUCTIONS` gives its text, any other text is itself, and None or blank
    text gives the default for this kind of query."""
    if instruction is None or not instruction.strip():
        return default_instruction(query, target)
    return INSTRUCTIONS.get(instruction.strip(), instruction)


def named(instruction: str) -> str:
    """The name that stands for this text in `INSTRUCTIONS`, or else the text itself: what `resolve` turns back."""
    return next((name for name, text in INSTRUCTIONS.items() if text == instruction.strip()), instruction)
