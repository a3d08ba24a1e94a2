"""What the dealer calls the colours of the catalogue, and how a customer asks with these names. Knows no documents."""

from typing import Final, Literal

from demo.catalogue.caption import chinese, english
from demo.catalogue.scene import Group
from demo.catalogue.vocabulary import ALL_COLOURS, Word

Spoken = Literal["en", "zh"]
LANGUAGES: Final[tuple[Spoken, ...]] = ("en", "zh")

NAMES: Final[dict[str, Word]] = {  # none of them is a word of the demo judge's
    "red": Word("crimson", "朱红"),
    "blue": Word("azure", "天蓝"),
    "green": Word("emerald", "翠绿"),
    "yellow": Word("amber", "琥珀"),
}
"""The catalogue's colour -> the dealer's name for it."""


def wanted(group: Group, language: Spoken) -> str:
    """`two crimson striped mugs`, `两个朱红条纹杯子`: the group as the dealer's customers ask for it.

    Raises KeyError for a colour that the dealer has no name for.
    """
    known, new = ALL_COLOURS[group.colour], NAMES[group.colour]
    if language == "zh":
        return chinese(group, number=True).replace(known.zh, new.zh, 1)
    text = english(group, number=True).replace(known.en, new.en, 1)
    return text.replace("a ", "an ", 1) if text.startswith("a ") and new.en[0] in "aeiou" else text
