"""Whether a text, or the task it stands in, is about code, where tags, entities and braces mean themselves. It knows by
words and signs only: in doubt a text is code, and nothing is said of its tags."""

import re
from typing import Final

_LOOKED_AT: Final = 4_000  # characters
_TASK: Final = re.compile(
    r"\b(?:code|coding|program(?:s|mer|mers|ming)?|software|developers?|html5?|xml|svg|css|json|yaml|toml|java|javascript"
    r"|typescript|python|rust|golang|php|perl|ruby|c\+\+|c#|sql|regexp?|regex(?:es)?|apis?|scripts?|scripting|markup"
    r"|markdown|latex|jinja2?|react|vue|stack ?overflow|bash|shell|snippets?|llms?|tokenizers?|prompts?|f-strings?"
    r"|compilers?|linux|unix|git)\b|代码|代碼|编程|程式|编译|脚本|网页|前端|后端|正则",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"`|=>|\(\)|\);|[;{]\s*$|^\s*(?:def|class|import|from|return|const|let|var|function|#include)\b"
    r"|<!--|<\?|<!doctype|<html|<script|<style|<svg|<xml",
    re.MULTILINE | re.IGNORECASE,
)


def speaks_of_code(text: str) -> bool:
    """Whether a query or an instruction names code, or a language that it is written in."""
    return _TASK.search(text[:_LOOKED_AT]) is not None


def looks_like_code(text: str) -> bool:
    start = text[:_LOOKED_AT]
    return _CODE.search(start) is not None or _TASK.search(start) is not None
