"""Descriptions that stand for pictures, behind [IMAGE_DESC]: the marker's spelling, and whether they say anything."""

import re
from collections.abc import Iterator
from typing import Final

from reranker.examples.checks.finding import Fault, shown
from reranker.examples.checks.kinds import IMAGE_MARKER, VAGUE_DESCRIPTION
from reranker.examples.example import IMAGE_DESCRIPTION

_PICTURE: Final = r"(?:image|img|imgae|iamge|picture|pic|photo)s?"
_DESCRIPTION: Final = r"(?:desc|dsec|decs|dessc|descr|descrip|desription|discription|desciption|description|caption)s?"
MISSPELT: Final = re.compile(
    rf"[\[【]\s*{_PICTURE}[_\-.\s]?{_DESCRIPTION}\s*[\]】]"
    rf"|\A\s*[<({{]{{1,2}}\s*{_PICTURE}[_\-.\s]?{_DESCRIPTION}\s*[>)}}]{{1,2}}"
    rf"|\A\s*\[?{_PICTURE}_{_DESCRIPTION}\b\]?[:：]?(?!\])",
    re.IGNORECASE,
)
_ARTICLE: Final = r"(?:(?:this|it|here|there)\s+is\s+)?(?:an?|the|some|one)?\s*"
_VAGUE: Final = re.compile(
    rf"{_ARTICLE}(?:(?:product|stock|nice|good|beautiful|sample)\s+)?"
    r"(?:image|images|img|picture|pictures|pic|photo|photos|photograph|screenshot|illustration|figure|visual)"
    r"(?:\s+(?:of|showing|with|that\s+shows|depicting)\s+(?:an?\s+|the\s+|some\s+)?"
    r"(?:something|things?|objects?|items?|products?|stuff|people|person|it|scene|image|picture|content|various\s+\w+))?"
    r"|n/?a|none|null|unknown|tbd|todo|description|no\s+(?:image\s+)?description(?:\s+available)?|image\s+not\s+(?:available|found)"
    r"|(?:这|這)?(?:是|里是)?(?:一)?(?:张|張|幅|个|個)?(?:某个|某些|关于某物的|产品|商品)?(?:东西|物品|产品|商品)?的?(?:图片|圖片|图像|圖像|照片|相片|图)"
    r"|无|暂无|没有描述|暂无描述|未知",
    re.IGNORECASE,
)


def description_faults(text: str) -> Iterator[Fault]:
    spelt = with_marker(text)
    if spelt != text:
        found = next(found for found in MISSPELT.finditer(text) if found[0] != IMAGE_DESCRIPTION)
        yield Fault(IMAGE_MARKER, f"the text has {shown(found[0])} for {IMAGE_DESCRIPTION}")
    _, marker, description = spelt.rpartition(IMAGE_DESCRIPTION)
    if marker:
        said = description.strip(" \t\r\n.,:;!?-。，：；！？…\"'")
        if len(said) < 100 and (not said or _VAGUE.fullmatch(" ".join(said.split()))):
            yield Fault(
                VAGUE_DESCRIPTION, f"behind {IMAGE_DESCRIPTION} stands {shown(description) if said else 'nothing'}"
            )


def with_marker(text: str) -> str:
    """The text with each misspelt marker put right."""
    return MISSPELT.sub(IMAGE_DESCRIPTION, text)
