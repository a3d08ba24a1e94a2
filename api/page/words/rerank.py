"""What the tab `rerank` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "rerank.query": ("Query", "查询"),
    "rerank.query_placeholder": ("a red mug", "红色的杯子"),
    "rerank.query_picture": ("Picture in the query (optional)", "查询图片（可选）"),
    "rerank.documents": ("Documents", "文档"),
    "rerank.documents_placeholder": (
        "A red mug on a table.\nA white dog in the snow.",
        "桌上放着一个红色的杯子。\n雪地里有一只白色的狗。",
    ),
    "rerank.split": ("One document is", "每个文档是"),
    "rerank.split_line": ("a line", "一行"),
    "rerank.split_block": ("all up to an empty line", "空行之间的一段"),
    "rerank.files": ("Pictures and tables", "图片和表格"),
    "rerank.files_hint": (
        "Each picture is a document, and each row of a table: CSV, TSV, JSONL or Parquet with a column text, image "
        "(as a data URI or base64) or both; id names the row.",
        "每张图片是一个文档，表格的每一行也是一个文档。表格可以是 CSV、TSV、JSONL 或 Parquet，需有 text 列或 image 列"
        "（data URI 或 base64），也可两列都有；id 列用作名称。",
    ),
    "rerank.start": ("Rerank", "重排"),
    "rerank.empty": (
        "Give a query and the documents to judge. They come back here, the best first. "
        "With one document you see its judgement alone.",
        "输入查询和待判断的文档，结果会按相关程度显示在这里。只有一个文档时，直接显示对它的判断。",
    ),
    "rerank.threshold": ("Lowest score shown", "最低分数"),
    "rerank.top_k": ("Most documents shown", "最多显示几个"),
    "rerank.result": ("Ranking", "排序结果"),
    "rerank.copy": ("Copy as Markdown", "复制为 Markdown"),
    "rerank.csv": ("Download CSV", "下载 CSV"),
    "rerank.json": ("Download JSON", "下载 JSON"),
    "rerank.code": ("Copy as code", "复制为代码"),
    "rerank.code_short": (
        "The code has the first {shown} of {total} documents; the others would stand there in the same way.",
        "代码中只列出 {total} 个文档中的前 {shown} 个，其余文档写法相同。",
    ),
    "rerank.code_none": (
        "The first document is too long to be shown as code.",
        "第一个文档太长，无法以代码形式显示。",
    ),
    "rerank.reading": ("Reading the documents…", "正在读取文档…"),
    "rerank.progress": ("{done} of {total} judged", "已判断 {done}/{total}"),
    "rerank.remaining": ("about {seconds} s left", "约剩 {seconds} 秒"),
    "rerank.done": (
        "{judged} of {total} judged in {seconds} s.",
        "已判断 {judged}/{total} 个文档，用时 {seconds} 秒。",
    ),
    "rerank.cut": ("{shown} of {total} shown.", "显示 {total} 个中的 {shown} 个。"),
    "rerank.nothing_left": (
        "No document has a score of {threshold} or more. Move the slider to the left to see more.",
        "没有分数达到 {threshold} 的文档。向左移动滑块可显示更多。",
    ),
    "rerank.alike": (
        "All scores lie between {low} and {high}, so their order says little. A more specific instruction or query "
        "helps to tell the documents apart.",
        "所有分数都在 {low} 和 {high} 之间，顺序意义不大。把指令或查询写得更具体，有助于区分这些文档。",
    ),
    "rerank.rank": ("Rank", "名次"),
    "rerank.score": ("Score", "分数"),
    "rerank.place": ("Given as no.", "输入序号"),
    "rerank.document": ("Document", "文档"),
    "rerank.tied": ("tied", "并列"),
    "rerank.tied_title": (
        "Closer than 0.005 to a neighbour: the order in which they were given decided.",
        "与相邻文档分差小于 0.005，按输入顺序排列。",
    ),
    "rerank.truncated": ("cut", "已截断"),
    "rerank.truncated_title": (
        "The text is longer than the model reads, and its end was left out.",
        "文本超过模型可读的长度，末尾未被读取。",
    ),
    "rerank.not_judged": ("Not judged: {reason}.", "未能判断：{reason}。"),
    "rerank.no_score": ("no score", "无分数"),
    "rerank.judgement": ("Judgement", "判断详情"),
    "rerank.p_yes": ("P(yes)", "P(yes)"),
    "rerank.logits": ("Logits (yes, no)", "Logits（yes，no）"),
    "rerank.tokens": ("Tokens read", "读取的词元数"),
    "rerank.text_cut": ("Text cut", "文本截断"),
    "rerank.raw": ("The judge wrote", "模型原文"),
    "rerank.yes": ("yes", "是"),
    "rerank.no": ("no", "否"),
    "rerank.fits": ("The model judges that the document fits the query.", "模型判断：文档符合查询。"),
    "rerank.does_not_fit": (
        "The model judges that the document does not fit the query.",
        "模型判断：文档不符合查询。",
    ),
    "rerank.picture_of": ("Picture: {name}", "图片：{name}"),
    "rerank.no_documents": (
        "There is nothing to rerank. Type a document, or add pictures or a table.",
        "没有可重排的内容。请输入文档，或添加图片或表格。",
    ),
    "rerank.too_many": (
        "These are more than {most} documents, and {most} are read at once. Leave some out.",
        "文档超过 {most} 个，一次最多读取 {most} 个。请减少一些。",
    ),
    "rerank.too_much": (
        "The rows of {name} up to {origin} have more than {most} MB of text and pictures together. Split the table.",
        "{name} 到 {origin} 为止，文本和图片合计超过 {most} MB。请拆分表格。",
    ),
    "rerank.bad_table": ("This table cannot be used: {reason}.", "表格无法使用：{reason}。"),
    "rerank.bad_query": ("The query cannot be used. {reason}", "查询无法使用。{reason}"),
    "rerank.forgotten": (
        "This ranking is no longer kept. Press Rerank to make it again.",
        "此结果已不再保存。请点击“重排”重新生成。",
    ),
}
