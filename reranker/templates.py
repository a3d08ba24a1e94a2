"""Instructions to start from, by scenario: each in four parts, with variants. Knows no model and costs no torch.

The sentence that checkpoints were trained with is the task by itself (`Template.text`). A longer instruction is all
four parts, by one rule (`compose`): role, task, standard, output, in this order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, get_args

from content.errors import NotFound
from reranker.instructions import INSTRUCTIONS
from reranker.template_wordings import WORDINGS, Wording

Scenario = Literal["knowledge", "similar-products", "product-search", "illustration", "legal", "web", "image"]
VariantName = Literal["plain", "strict", "lenient", "chinese"]
VARIANTS: Final[tuple[VariantName, ...]] = get_args(VariantName)
Answers = Literal["yes-no", "rating"]
"""What the judge answers, as the setting `judge` says. The prompt around the instruction fixes its form."""

_SCENARIOS: Final[Mapping[Scenario, tuple[str, ...]]] = {
    "knowledge": ("question-answering", "enterprise-documents", "papers", "document-pages", "policy-pages"),
    "similar-products": ("product-similarity",),
    "product-search": ("product-search",),
    "illustration": ("illustration",),
    "legal": ("legal",),
    "web": ("web-search",),
    "image": ("image-search", "image-description", "image-similarity", "image-match"),
}
# The system message says what may be answered: here stands what decides.
_OUTPUTS: Final[Mapping[Answers, Mapping[VariantName, str]]] = {
    "yes-no": {
        "plain": 'Answer "yes" if the document matches, otherwise "no".',
        "strict": 'Answer "yes" only if the document clearly matches; if in doubt, answer "no".',
        "lenient": 'Answer "no" only if the document clearly does not match; if in doubt, answer "yes".',
        "chinese": "匹配时回答“yes”，否则回答“no”。",
    },
    "rating": {
        "plain": "A document that matches fully is worth 10, one that does not match 0.",
        "strict": "Rate above 5 only what clearly matches; if in doubt, stay below 5.",
        "lenient": "Rate below 5 only what clearly does not match; if in doubt, stay above 5.",
        "chinese": "完全匹配为 10 分，不匹配为 0 分。",
    },
}
_CHINESE_STOPS: Final = ("。", "！", "？")
_STOPS: Final = (".", "!", "?", "…", *_CHINESE_STOPS)
_CLOSING: Final = "\"'”’»)）」"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an instruction; any may be empty.

    role: who judges. task: what is given, and what is wanted. standard: what counts as a match. output: when the judge
    answers what.
    """

    role: str = ""
    task: str = ""
    standard: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same template in another tone or language."""

    name: VariantName
    parts: Parts


@dataclass(frozen=True, slots=True)
class Template:
    """name: also in `INSTRUCTIONS`. variants: the first is `plain`."""

    name: str
    scenario: Scenario
    variants: tuple[Variant, ...]

    @property
    def text(self) -> str:
        """The instruction in one sentence."""
        return INSTRUCTIONS[self.name]

    def parts(self, variant: str = "plain") -> Parts:
        """Raises NotFound for a variant that there is not."""
        for each in self.variants:
            if each.name == variant:
                return each.parts
        raise NotFound(f"the template {self.name} has no variant {variant!r}")


def compose(parts: Parts) -> str:
    """The instruction that these parts come to, in one line: role, task, standard, output, those that are not empty.

    Each becomes a sentence: a part without a full stop is given one. A part that stands alone is taken as it is, so the
    task of a template alone is its `text`. No space follows a Chinese full stop.
    """
    written = [" ".join(part.split()) for part in astuple(parts)]
    written = [part for part in written if part]
    if len(written) < 2:
        return "".join(written)
    sentences = [_sentence(part) for part in written]
    return "".join(part if part.endswith(_CHINESE_STOPS) else f"{part} " for part in sentences).rstrip()


def templates(answers: Answers = "yes-no") -> tuple[Template, ...]:
    """All of them, scenario by scenario. answers: their outputs are for this judge."""
    return tuple(_all(answers).values())


def template(name: str, answers: Answers = "yes-no") -> Template:
    """Raises NotFound for a name that there is not."""
    try:
        return _all(answers)[name]
    except KeyError:
        raise NotFound(f"there is no template {name!r}") from None


@cache
def _all(answers: Answers) -> Mapping[str, Template]:
    return MappingProxyType(
        {
            name: Template(name, scenario, tuple(_variants(INSTRUCTIONS[name], WORDINGS[name], answers)))
            for scenario, names in _SCENARIOS.items()
            for name in names
        }
    )


def _variants(task: str, wording: Wording, answers: Answers) -> Iterator[Variant]:
    outputs = _OUTPUTS[answers]
    role, chinese_task, chinese_standard = wording.chinese
    yield Variant("plain", Parts(wording.role, task, wording.standard, outputs["plain"]))
    yield Variant("strict", Parts(wording.role, task, wording.strict, outputs["strict"]))
    yield Variant("lenient", Parts(wording.role, task, wording.lenient, outputs["lenient"]))
    yield Variant("chinese", Parts(role, chinese_task, chinese_standard, outputs["chinese"]))


def _sentence(part: str) -> str:
    if part.rstrip(_CLOSING).endswith(_STOPS):
        return part
    is_chinese = any("\u3400" <= letter <= "\u9fff" for letter in part)
    return part + ("。" if is_chinese else ".")
