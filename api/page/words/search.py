"""What the tab `search` says."""

from typing import Final

from api.page.words import Words

_FORM: Final[Words] = {
    "search.text": ("What are you looking for?", "您想找什么？"),
    "search.placeholder": ("two red striped mugs next to a blue bag", "一个蓝色包旁边有两个红色条纹杯子"),
    "search.picture": ("Picture (optional)", "图片（可选）"),
    "search.start": ("Search", "搜索"),
    "search.collection": ("Collection", "集合"),
    "search.collection_choice": ("{name} ({count})", "{name}（{count}）"),
    "search.options": ("Options", "选项"),
    "search.target": ("Search in", "搜索范围"),
    "search.target_any": ("Everything", "全部"),
    "search.target_image": ("Pictures", "图片"),
    "search.target_text": ("Texts", "文本"),
    "search.candidates": ("Candidates", "候选数量"),
    "search.candidates_hint": (
        "How many stage 1 hands to stage 2, at least as many as are shown.",
        "第一阶段交给第二阶段的数量，不少于显示的结果数。",
    ),
    "search.top_k": ("Results shown", "显示结果数"),
    "search.top_k_hint": ("Takes effect at once, without a new search.", "立即生效，无需重新搜索。"),
    "search.threshold": ("Lowest score shown", "最低分数"),
    "search.threshold_hint": (
        "Hides what scores less. 0 hides nothing. Takes effect at once.",
        "隐藏低于此分数的结果，0 表示不隐藏。立即生效。",
    ),
    "search.filter": ("Filter on metadata (JSON)", "元数据筛选（JSON）"),
    "search.filter_hint": ("Leave empty for none.", "留空表示不筛选。"),
    "search.filter_fields": ("Fields of this collection: {fields}.", "本集合的字段：{fields}。"),
    "search.rerank": ("Stage 2: read and rank every candidate", "第二阶段：逐一细读候选并排序"),
    "search.rerank_hint": (
        "Off shows what stage 1 finds, in its order.",
        "关闭后只按第一阶段的顺序显示结果。",
    ),
    "search.examples": ("Examples", "示例"),
    "search.example_like": ("Search with this picture: {what}", "用这张图片搜索：{what}"),
    "search.liked": ("More like {what}", "与“{what}”相似"),
    "search.liked_list": ("Searching by", "搜索依据"),
    "search.unlike": ("Remove", "移除"),
    "search.hits": ("Results", "结果"),
    "search.code": ("Copy as code", "复制为代码"),
}

_STATE: Final[Words] = {
    "search.waiting": ("Searching…", "正在搜索……"),
    "search.reading": ("Stage 2 is reading: {done} of {total} candidates", "第二阶段细读中：{done} / {total} 个候选"),
    "search.reading_left": ("{reading} · about {seconds} s left", "{reading} · 约剩 {seconds} 秒"),
    "search.over": ("{shown} shown of {total} candidates.", "共 {total} 个候选，显示 {shown} 个。"),
    "search.over_stopped": (
        "Stopped: {read} of {total} were read. {shown} are shown.",
        "已停止：{total} 个候选已细读 {read} 个，显示 {shown} 个。",
    ),
    "search.over_stage_1": (
        "{shown} shown of {total} candidates, in the order of stage 1.",
        "共 {total} 个候选，显示 {shown} 个，按第一阶段的顺序。",
    ),
    "search.task": ("Instruction: {task}", "指令：{task}"),
    "search.took_encode": ("encode {ms} ms", "编码 {ms} 毫秒"),
    "search.took_recall": ("recall {ms} ms", "召回 {ms} 毫秒"),
    "search.took_rerank": ("rerank {ms} ms", "重排 {ms} 毫秒"),
    "search.took_total": ("total {ms} ms", "共 {ms} 毫秒"),
    "search.none_found": (
        "Nothing was found: the collection has nothing of this kind yet. Choose another, or add something to it.",
        "没有找到：集合中还没有这类内容。请换一个集合，或先添加内容。",
    ),
    "search.none_meets": (
        "Nothing in this collection meets the filter. Loosen it, or empty it.",
        "集合中没有符合筛选条件的内容。请放宽或清空筛选。",
    ),
    "search.none_has": (
        "Nothing in this collection meets the filter, and nothing in it has this field: {fields}.",
        "集合中没有符合筛选条件的内容，也没有任何条目含有此字段：{fields}。",
    ),
    "search.no_fields": ("Nothing in it has any fields.", "集合中的条目都没有字段。"),
    "search.none_reaches": (
        "Nothing reaches a score of {threshold}; the best has {best}. Lower the threshold to see more.",
        "没有结果达到 {threshold} 分，最高为 {best}。请降低最低分数。",
    ),
    "search.no_yes": (
        "The judge holds none of these for a match: the best scores {best}, and a match more than 0.5. "
        "They are only the nearest.",
        "模型认为没有真正匹配的结果：最高分仅 {best}（超过 0.5 才算匹配）。以下只是最接近的内容。",
    ),
    "search.no_yes_alike": (
        "The judge holds none of these for a match: the best scores {best}, and a match more than 0.5. "
        "They are only the nearest, and hardly differ; a more specific query or instruction may help.",
        "模型认为没有真正匹配的结果：最高分仅 {best}（超过 0.5 才算匹配）。以下只是最接近的内容，"
        "分数几乎相同；可以尝试更具体的查询或指令。",
    ),
    "search.low_discrimination": (
        "All scores are nearly the same, so their order says little. A more specific instruction or query helps.",
        "所有分数几乎相同，排序参考意义不大。请尝试更具体的指令或查询。",
    ),
    "search.filter_no_json": (
        "The filter is no JSON: look at line {line}, character {column}. "
        'Write names and texts in double quotes, such as {{"price": {{"$lt": 500}}}}.',
        "筛选条件不是有效的 JSON：请检查第 {line} 行第 {column} 个字符。"
        '名称和文本要用双引号，例如 {{"price": {{"$lt": 500}}}}。',
    ),
    "search.filter_too_much": (
        "The filter holds a number that is too long, or is nested too deep. Make it simpler.",
        "筛选条件中的数字过长或嵌套过深，请简化。",
    ),
    "search.filter_wrong": ("The filter cannot be used: {detail}.", "筛选条件无法使用：{detail}。"),
    "search.no_collection": (
        "There is no collection to search yet. Make one in the tab Collections.",
        "还没有可搜索的集合，请先在“集合”页创建。",
    ),
}

_CARD: Final[Words] = {
    "search.new_tab": ("(opens the picture in a new tab)", "（在新标签页打开图片）"),
    "search.tied": ("tied", "并列"),
    "search.tied_hint": (
        "Scores as much as its neighbour, so stage 1 decided which comes first.",
        "与相邻结果分数几乎相同，先后由第一阶段决定。",
    ),
    "search.truncated": ("cut", "已截断"),
    "search.truncated_hint": ("Its text was too long for the judge and was cut.", "文本过长，模型只读了一部分。"),
    "search.error": ("not judged", "无法判定"),
    "search.error_hint": ("The judge could not read this.", "模型无法读取此项。"),
    "search.lead_clear": ("clearly first", "明显领先"),
    "search.lead_close": ("neck and neck", "难分高下"),
    "search.lead_nearest": ("nearest", "最接近"),
    "search.unread": ("not read yet", "尚未细读"),
    "search.moved_up": (
        "Stage 1 ranked it {before}; it moved up by {places}",
        "第一阶段排第 {before}，上升 {places} 位",
    ),
    "search.moved_down": (
        "Stage 1 ranked it {before}; it moved down by {places}",
        "第一阶段排第 {before}，下降 {places} 位",
    ),
    "search.moved_same": ("Stage 1 ranked it {before} too", "第一阶段也排第 {before}"),
    "search.fused": ("stage 1: {score}", "第一阶段：{score}"),
    "search.probability": ("P(yes) {score}", "P(是) {score}"),
    "search.share": ("score {score}", "分数 {score}"),
    "search.read_off": ("In the picture:", "图中文字："),
    "search.like": ("More like this", "找相似"),
    "search.like_what": ("More like this: {what}", "找相似：{what}"),
}

_FOLD: Final[Words] = {
    "search.fold": ("Details", "详情"),
    "search.fold_judge": ("Stage 2", "第二阶段"),
    "search.fold_state": ("State", "状态"),
    "search.not_judged": ("not read", "未细读"),
    "search.fold_logits": ("Logits yes / no", "Logit 是 / 否"),
    "search.fold_score": ("Score", "分数"),
    "search.fold_raw": ("The judge wrote", "模型原文"),
    "search.fold_tokens": ("Tokens", "词元数"),
    "search.fold_cut": ("Text cut", "文本截断"),
    "search.yes": ("yes", "是"),
    "search.no": ("no", "否"),
    "search.fold_recall": ("Stage 1", "第一阶段"),
    "search.fold_channel": ("List", "列表"),
    "search.fold_rank": ("Rank", "名次"),
    "search.channel_image": ("Pictures", "图片向量"),
    "search.channel_text": ("Texts", "文本向量"),
    "search.channel_words": ("Words", "关键词"),
    "search.channel_fused": ("All, fused", "融合"),
    "search.side_text": ("by text", "按文本"),
    "search.side_image": ("by picture", "按图片"),
    "search.fold_item": ("Item", "条目"),
    "search.fold_id": ("Id", "编号"),
    "search.fold_passage": ("Found passage", "命中段落"),
    "search.fold_text": ("Text", "文本"),
    "search.fold_ocr": ("In the picture", "图中文字"),
    "search.fold_caption": ("Caption", "标题"),
    "search.fold_more": ("({count} more characters)", "（另有 {count} 个字符）"),
}

WORDS: Final[Words] = {**_FORM, **_STATE, **_CARD, **_FOLD}
