"""What the page says when something could not be done: what was wrong, and what to do."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "error.busy": (
        "The server is busy with other requests. Wait a few seconds and try again.",
        "服务器正忙。请等几秒后重试。",
    ),
    "error.not_ready": ("The server is not ready: {detail}.", "服务器尚未就绪：{detail}。"),
    "error.loading": (
        "The models are still loading. This takes a little while after the start; try again in a moment.",
        "模型仍在加载，启动后需要一点时间。请稍后再试。",
    ),
    "error.timeout": (
        "This took longer than a request may. Ask for fewer candidates, or try again when the server is less busy.",
        "超过了请求允许的时间。请减少候选数量，或等服务器空闲些再试。",
    ),
    "error.stopped": ("Stopped.", "已停止。"),
    "error.too_large": (
        "This is too large: {detail}. Choose something smaller.",
        "内容太大：{detail}。请换一个小一些的。",
    ),
    "error.not_an_image": (
        "This file is no picture that can be read: it is empty, damaged or of another kind. "
        "Choose a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF.",
        "无法读取此图片：文件为空、已损坏，或不是图片。请选择 JPEG、PNG、WebP、GIF、BMP、TIFF、HEIC 或 AVIF 图片。",
    ),
    "error.truncated_image": (
        "This picture ends too early: it is cut short or damaged. Save or send it again.",
        "图片损坏或不完整。请重新保存或上传。",
    ),
    "error.invalid": ("This cannot be done: {detail}.", "无法执行：{detail}。"),
    "error.empty_query": (
        "Type what you are looking for, or add a picture, or both.",
        "请输入要找的内容，或添加一张图片，也可以两者都用。",
    ),
    "error.not_found": ("This is not there (any more): {detail}.", "找不到：{detail}。"),
    "error.failed": ("This could not be done: {detail}.", "操作失败：{detail}。"),
    "error.unknown": (
        "Something went wrong on the server; its log tells more under {reference}. Try again, or tell who runs it.",
        "服务器出错了，详情见其日志（编号 {reference}）。请重试，或联系服务器管理者。",
    ),
    "error.read_only": (
        "Your API key may only read. To change collections, open the page with a key that may write.",
        "您的 API 密钥只有读取权限。要修改集合，请使用有写入权限的密钥打开页面。",
    ),
}
