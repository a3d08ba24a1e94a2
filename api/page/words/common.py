"""What stands around the tabs, and what several of them say."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "page.title": ("Lychee Search", "荔枝搜索"),
    "page.subtitle": (
        "Two-stage multimodal search: recall fast, then read every candidate.",
        "两阶段多模态搜索：先快速召回，再逐一细读。",
    ),
    "page.api": ("HTTP API", "HTTP 接口"),
    "tab.search": ("Search", "搜索"),
    "tab.rerank": ("Rerank", "重排"),
    "tab.collections": ("Collections", "集合"),
    "tab.instructions": ("Instructions", "指令"),
    "tab.about": ("About this server", "关于本服务"),
    "page.stop": ("Stop", "停止"),
    "instruction.label": ("Instruction", "指令"),
    "page.starting": (
        "The page is being put together; it opens by itself in a moment.",
        "页面正在准备，马上会自动打开。",
    ),
    "page.failed": (
        "The page could not be built; the server's log says why. The HTTP API works all the same: see /docs.",
        "页面无法生成，原因见服务器日志。HTTP 接口仍可使用：见 /docs。",
    ),
    "page.offline": (
        "The server cannot be reached. Check that it runs and that you are connected; then try again.",
        "无法连接服务器。请确认服务正在运行、网络正常，然后重试。",
    ),
}
