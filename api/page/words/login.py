"""What is said of keys, sessions, uploads and the connection."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "login.key": ("API key", "API 密钥"),
    "login.open": ("Open", "打开"),
    "login.help": (
        "This server asks for a key. Whoever runs it makes one for you.",
        "访问本服务需要密钥，请向服务器管理者索取。",
    ),
    "login.wrong": (
        "This key is none of this server's, or it was revoked. Check that you copied all of it.",
        "密钥不正确或已被撤销。请检查是否复制完整。",
    ),
    "login.empty": ("Enter your API key.", "请输入 API 密钥。"),
    "login.too_often": (
        "Too many wrong keys. Wait a minute and try again.",
        "密钥输错次数过多。请等一分钟后重试。",
    ),
    "login.no_keys": (
        "The server cannot read its keys, so nobody gets in. Its log says why; tell whoever runs it.",
        "服务器无法读取密钥，暂时无法登录。原因见服务器日志，请联系管理者。",
    ),
    "login.out": ("Log out", "退出登录"),
    "page.ended": (
        "Your session has ended. Open the page again to enter the key.",
        "登录已失效。请重新打开页面并输入密钥。",
    ),
    "page.reload": ("Reload the page", "重新加载页面"),
    "page.back": (
        "The server is there again. If something does not answer, reload the page.",
        "服务器已恢复。如果页面没有反应，请重新加载。",
    ),
    "page.slower": (
        "That was too often for your API key or for the server just now. Wait a little and try again.",
        "请求过于频繁，或服务器正忙。请稍等片刻再试。",
    ),
    "page.too_large": (
        "This is more than the server takes at once. Choose something smaller, or less at a time.",
        "内容超出服务器一次能接收的大小。请选择小一些的文件，或分批上传。",
    ),
    "page.no_room": (
        "The server's disk is full, so it takes no files now. Tell whoever runs it.",
        "服务器磁盘空间不足，暂时无法接收文件。请联系管理者。",
    ),
    "page.upload_gone": (
        "A file that you added is no longer on the server, which keeps none for long. Add it again.",
        "您添加的文件已不在服务器上（文件不会长期保留）。请重新添加。",
    ),
    "page.stalled": (
        "The upload stopped half-way. Check your connection and add the file again.",
        "上传中断。请检查网络后重新添加文件。",
    ),
    "page.refused": (
        "The server refused this. Reload the page and try again.",
        "服务器拒绝了此请求。请重新加载页面后再试。",
    ),
}
