"""What stands at pieces of code, and what is said when one is copied."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "code.copy": ("Copy", "复制"),
    "code.copy_what": ("Copy the {name} code", "复制 {name} 代码"),
    "code.copied": ("Copied", "已复制"),
    "code.not_copied": ("Press Ctrl+C to copy", "请按 Ctrl+C 复制"),
}
