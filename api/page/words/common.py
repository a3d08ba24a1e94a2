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
    # The English ones are Gradio's own, but the last, and stand here as it writes them.
    "part.upload": ("Upload file", "上传文件"),
    "part.file": ("File upload", "选择文件"),
    "part.camera": ("Capture from camera", "用摄像头拍摄"),
    "part.paste": ("Paste from clipboard", "从剪贴板粘贴"),
    "part.drop": ("Drop an image file here to upload", "将图片拖放到此处上传"),
    "part.drop_files": ("Click to upload or drop files", "点击上传，或将文件拖放到此处"),
    "part.remove": ("Remove Image", "移除图片"),
    "part.remove_file": ("Remove this file", "移除此文件"),
    "part.full": ("Fullscreen", "全屏"),
    "part.reset": ("Reset to default value", "恢复默认值"),
    "part.copy": ("Copy", "复制"),
    "part.more": ("Add files", "添加文件"),
}
