"""What the tab `instructions` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "instruction.default": ("Default for this kind of query", "默认（随查询类型而定）"),
    "instruction.info": ("Choose a template, or type your own.", "选择模板，或直接输入。"),
    "instructions.write": ("Write an instruction", "编写指令"),
    "instructions.write.about": (
        "The instruction tells the judge what counts as a match. Start from a template, change its parts, and use it.",
        "指令告诉重排模型怎样才算匹配。从模板开始，修改各个部分，然后使用。",
    ),
    "instructions.scenario": ("Scenario", "场景"),
    "instructions.template": ("Template", "模板"),
    "instructions.variant": ("Variant", "版本"),
    "instructions.role": ("Role: who judges", "角色：由谁来评判"),
    "instructions.task": ("Task: what is given, and what is wanted", "任务：给定什么，要找什么"),
    "instructions.standard": ("Standard: what counts as a match", "标准：怎样才算匹配"),
    "instructions.output": ("Output: when the judge answers what", "输出：何时作何回答"),
    "instructions.output.yes-no": (
        "The prompt fixes the answer to “yes” or “no”; the score is how likely “yes” is. Write here what decides.",
        "提示词规定只能回答 yes 或 no，得分是回答 yes 的概率。这里只写判断的依据。",
    ),
    "instructions.output.rating": (
        "The prompt fixes the answer to a number from 0 to 10; the score is a tenth of it. Write here what decides.",
        "提示词规定回答 0 到 10 的数字，得分是它的十分之一。这里只写打分的依据。",
    ),
    "instructions.length": ("How much of it", "使用哪些部分"),
    "instructions.sentence": ("The task alone, as Lychee was trained", "仅任务一句（与 Lychee 的训练一致）"),
    "instructions.all_parts": ("All four parts", "全部四个部分"),
    "instructions.composed": ("The instruction, as the judge reads it", "模型读到的指令"),
    "instructions.characters": ("{count} characters", "{count} 个字符"),
    "instructions.named": ("{count} characters, known as {name}", "{count} 个字符，名称为 {name}"),
    "instructions.to_search": ("Use in Search", "用于搜索"),
    "instructions.to_rerank": ("Use in Rerank", "用于重排"),
    "instructions.to_first": ("Compare as A", "作为 A 比较"),
    "instructions.to_second": ("Compare as B", "作为 B 比较"),
    "instructions.compare": ("Compare two instructions", "比较两条指令"),
    "instructions.compare.about": (
        "The same query over the same candidates, judged once under A and once under B.",
        "同一查询、同一批候选，分别按 A 和 B 评判一次。",
    ),
    "instructions.demo": (
        "The built-in demo judge does not follow instructions: under any short sentence like the templates' it scores "
        "alike, under longer or Chinese ones mostly near 0. To see what an instruction does, use a Lychee checkpoint.",
        "内置的演示模型并不真正理解指令：用任何模板那样的短句，得分都差不多；用更长或中文的指令，得分大多接近 0。"
        "要看到指令的实际作用，请使用 Lychee 模型。",
    ),
    "instructions.query": ("Query", "查询"),
    "instructions.picture": ("Picture (optional)", "图片（可选）"),
    "instructions.collection": ("Collection", "集合"),
    "instructions.candidates": ("Candidates", "候选数量"),
    "instructions.first": ("Instruction A", "指令 A"),
    "instructions.second": ("Instruction B", "指令 B"),
    "instructions.start": ("Compare", "比较"),
    "instructions.first_hits": ("Hits under A", "A 的结果"),
    "instructions.second_hits": ("Hits under B", "B 的结果"),
    "instructions.progress": ("{side}: {done} of {total} judged", "{side}：已评判 {done} / {total}"),
    "instructions.remaining": ("about {seconds} s left", "约剩 {seconds} 秒"),
    "instructions.same": (
        "A and B are the same instruction. Change one of them, so that there is something to compare.",
        "A 和 B 是同一条指令。请修改其中一条再比较。",
    ),
    "instructions.no_judge": (
        "Stage 2 is switched off on this server, so instructions change nothing. Whoever runs it can set a reranker.",
        "本服务器关闭了第二阶段，指令不起作用。请联系管理者设置重排模型。",
    ),
    "instructions.empty": (
        "The instruction is empty. Write at least the task.",
        "指令为空。请至少填写任务。",
    ),
    "instructions.nothing_found": (
        "Nothing was found. Try another query or another collection.",
        "没有找到任何内容。请换一个查询或集合。",
    ),
    "instructions.verdict": (
        "{moved} of {count} hits stand elsewhere under B; {rescored} have clearly another score.",
        "{count} 个结果中，{moved} 个在 B 下名次不同，{rescored} 个得分明显不同。",
    ),
    "instructions.measure": ("Measure", "指标"),
    "instructions.highest": ("Highest score", "最高分"),
    "instructions.lowest": ("Lowest score", "最低分"),
    "instructions.spread": ("Spread (highest minus lowest)", "跨度（最高减最低）"),
    "instructions.margin": ("Lead of the first over the second", "第一名领先第二名"),
    "instructions.yes": ("Scores above 0.5", "得分高于 0.5"),
    "instructions.yes.value": ("{yes} of {judged}", "{judged} 个中有 {yes} 个"),
    "instructions.time": ("Time of stage 2", "第二阶段用时"),
    "instructions.time.about": (
        "A is judged first, and what was seen in its pictures is kept: B may therefore take less time.",
        "A 先评判，已读取的图片信息会保留下来，因此 B 的用时可能更短。",
    ),
    "instructions.low_discrimination": (
        "Under {side} the scores hardly differ, so their order says little. Make the instruction or the query more "
        "specific.",
        "在 {side} 下各项得分几乎没有差别，名次意义不大。请把指令或查询写得更具体。",
    ),
    "instructions.elsewhere": ("{side}: {rank}", "{side}：第 {rank}"),
    "instructions.up": ("{places} higher than under {side}", "比 {side} 高 {places} 位"),
    "instructions.down": ("{places} lower than under {side}", "比 {side} 低 {places} 位"),
    "instructions.gained": ("{points} to the score under {side}", "比 {side} 的得分 {points}"),
    "instructions.unmoved": ("same place", "名次相同"),
    "instructions.absent": ("not among the candidates of {side}", "不在 {side} 的候选中"),
    "instructions.unjudged": ("could not be judged", "无法评判"),
    "instructions.waiting": ("not judged yet", "尚未评判"),
}
