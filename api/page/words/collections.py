"""What the tab `collections` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "collections.list": ("Collections", "集合列表"),
    "collections.none": (
        "There is no collection yet. Add files, and one is made of them.",
        "还没有集合。添加文件即可创建。",
    ),
    "collections.read_only": (
        "Your API key may only read: collections can be browsed here, but not changed.",
        "您的 API 密钥只有读取权限：可以浏览集合，但不能修改。",
    ),
    "collections.items": ("{count} items", "{count} 条"),
    "collections.item": ("1 item", "1 条"),
    "collections.default": ("default", "默认"),
    "collections.encoder": ("Encoder: {name}", "编码器：{name}"),
    "collections.foreign": ("made with another encoder, so not searched here", "由其他编码器建立，此处无法搜索"),
    "collections.image_index": ("Pictures: {count}, {recall}", "图片向量：{count}，{recall}"),
    "collections.text_index": ("Texts: {count}, {recall}", "文本向量：{count}，{recall}"),
    "collections.exact": ("exact", "精确检索"),
    "collections.measured": ("measured recall {recall}", "实测召回率 {recall}"),
    "collections.unreadable": ("Cannot be read: {reason}.", "无法读取：{reason}。"),
    "collections.browse": ("Browse", "浏览"),
    "collections.add": ("Add files", "添加文件"),
    "collections.add_to": ("Add files to “{name}” here.", "在此处向“{name}”添加文件。"),
    "collections.delete": ("Delete…", "删除…"),
    "collections.keep": ("Keep it", "保留"),
    "collections.delete_really": ("Delete for good", "永久删除"),
    "collections.ask": (
        "Delete “{name}” with {items} from the server’s disk? This cannot be undone.",
        "要从服务器磁盘上删除“{name}”（{items}）吗？此操作无法撤销。",
    ),
    "collections.ask_unread": (
        "Delete “{name}”, whatever it holds, from the server’s disk? This cannot be undone.",
        "要从服务器磁盘上删除“{name}”及其全部内容吗？此操作无法撤销。",
    ),
    "collections.deleted": ("“{name}” is deleted.", "已删除“{name}”。"),
    "collections.new_name": ("New, empty collection", "新建空集合"),
    "collections.create": ("Create", "创建"),
    "collections.created": ("“{name}” is there now, and empty.", "已创建空集合“{name}”。"),
    "collections.there_already": ("There is a collection “{name}” already.", "已有名为“{name}”的集合。"),
    "collections.no_name": (
        "Type a name: letters, digits, dots, dashes or underlines.",
        "请输入名称：可用文字、数字、点、短横线或下划线。",
    ),
    "collections.bad_name": (
        "“{name}” cannot be a name. Take up to 64 letters, digits, dots, dashes or underlines, without spaces and with "
        "no dot in front.",
        "“{name}”不能用作名称。请使用不超过 64 个文字、数字、点、短横线或下划线，不含空格，且不以点开头。",
    ),
    "collections.into": ("Index into", "索引到"),
    "collections.new_one": ("A new collection", "新集合"),
    "collections.target_name": ("Name of the new collection", "新集合的名称"),
    "collections.files": (
        "Files: a ZIP, pictures, texts, PDFs, tables",
        "文件：ZIP、图片、文本、PDF、表格",
    ),
    "collections.ocr": ("Read the text in pictures (slower)", "识别图片中的文字（较慢）"),
    "collections.index": ("Index", "开始索引"),
    "collections.no_files": (
        "Add files first (a ZIP, pictures, texts, PDFs or tables), and wait until they are uploaded.",
        "请先添加文件（ZIP、图片、文本、PDF 或表格），并等待上传完成。",
    ),
    "collections.no_target": (
        "Type a name for the new collection, or choose one that is there.",
        "请输入新集合的名称，或选择已有的集合。",
    ),
    "collections.unpacking": ("Looking at the files…", "正在查看文件……"),
    "collections.open_page": ("Keep this page open until it is done.", "完成前请勿关闭本页面。"),
    "collections.progress": (
        "{done} of {total} · {rate} a second · {left}",
        "{done} / {total} · 每秒 {rate} 条 · {left}",
    ),
    "collections.progress_begun": ("0 of {total}", "0 / {total}"),
    "collections.progress_open": ("{done} · {rate} a second", "{done} · 每秒 {rate} 条"),
    "collections.so_far": (
        "{indexed} indexed, {unchanged} unchanged, {refused} refused.",
        "已索引 {indexed}，未变 {unchanged}，拒收 {refused}。",
    ),
    "collections.left_seconds": ("{count} s left", "剩余 {count} 秒"),
    "collections.left_minutes": ("{count} min left", "剩余 {count} 分钟"),
    "collections.left_hours": ("{count} h left", "剩余 {count} 小时"),
    "collections.halting": ("The current batch is still stored…", "正在保存当前批次……"),
    "collections.done": (
        "Done: {indexed} indexed, {unchanged} unchanged, {refused} refused, in {seconds} s. “{name}” has {items} now.",
        "完成：已索引 {indexed}，未变 {unchanged}，拒收 {refused}，用时 {seconds} 秒。“{name}”现有 {items}。",
    ),
    "collections.stopped": (
        "Stopped: {indexed} indexed, {unchanged} unchanged, {refused} refused, in {seconds} s. What is indexed is "
        "kept: “{name}” has {items} now. To go on, add the same files again.",
        "已停止：已索引 {indexed}，未变 {unchanged}，拒收 {refused}，用时 {seconds} 秒。已索引的内容会保留，"
        "“{name}”现有 {items}。再次添加相同文件即可继续。",
    ),
    "collections.stopped_empty": ("Stopped before anything was indexed.", "已停止，尚未索引任何内容。"),
    "collections.nothing": (
        "Nothing could be indexed: every file was refused, for these reasons.",
        "没有可索引的内容：所有文件均被拒收，原因如下。",
    ),
    "collections.nothing_there": (
        "Nothing could be indexed: there is no picture, text, PDF or table in it.",
        "没有可索引的内容：其中没有图片、文本、PDF 或表格。",
    ),
    "collections.texts_found": ("Text was found in {count} pictures.", "在 {count} 张图片中识别出文字。"),
    "collections.refused": ("Refused files", "拒收的文件"),
    "collections.refused_file": ("File or row", "文件或行"),
    "collections.refused_reason": ("Reason", "原因"),
    "collections.refused_more": ("and {count} more", "另有 {count} 个"),
    "collections.contents": ("Items of the collection", "集合内容"),
    "collections.place": ("{name}: items {first} to {last} of {total}", "{name}：第 {first}–{last} 条，共 {total} 条"),
    "collections.place_empty": ("{name} is empty", "{name} 是空的"),
    "collections.previous": ("Previous", "上一页"),
    "collections.next": ("Next", "下一页"),
    "collections.close": ("Close", "关闭"),
    "collections.metadata": ("Metadata", "元数据"),
    "collections.read_off": ("Text in the picture", "图片中的文字"),
    "collections.picture": ("Picture", "图片"),
    "collections.delete_item": ("Delete…", "删除…"),
    "collections.item_deleted": ("“{id}” is deleted.", "已删除“{id}”。"),
    "collections.forgotten": (
        "The server no longer knows where you were in the collection. Press Browse on it again.",
        "服务器已不记得您浏览到哪里。请在该集合上重新点击“浏览”。",
    ),
}
