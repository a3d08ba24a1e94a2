"""What the templates of instructions are called, and what each is for."""

from collections.abc import Mapping
from typing import Final

from api.page.words import Words
from reranker.templates import templates

_SCENARIOS: Final[Words] = {
    "knowledge": ("Knowledge base", "知识库问答"),
    "similar-products": ("Similar products", "相似商品"),
    "product-search": ("Product search", "商品搜索"),
    "illustration": ("Article illustrations", "文章配图"),
    "legal": ("Legal", "法律"),
    "web": ("Web search", "网页搜索"),
    "image": ("Pictures", "图片"),
}
_VARIANTS: Final[Words] = {
    "plain": ("Plain", "普通"),
    "strict": ("Strict", "从严"),
    "lenient": ("Lenient", "从宽"),
    "chinese": ("In Chinese", "中文"),
}
# name -> its title in English and in Chinese, what it is for in English and in Chinese
_TEMPLATES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "question-answering": (
        "Facts",
        "事实问答",
        "A question finds the passages that answer it.",
        "用问题查找能够回答它的段落。",
    ),
    "enterprise-documents": (
        "Enterprise documents",
        "企业文档",
        "An employee's question finds manuals, reports and minutes that answer it.",
        "用员工的问题查找能够回答它的手册、报告和会议纪要。",
    ),
    "papers": (
        "Papers and figures",
        "论文与图表",
        "A research question finds papers, by abstract and figures.",
        "用研究问题查找论文，依据摘要和图表。",
    ),
    "document-pages": (
        "Pages with tables and charts",
        "含表格与图表的页面",
        "A question finds scanned or drawn pages whose text, tables or charts answer it.",
        "用问题查找页面，答案可以在文字、表格或图表里。",
    ),
    "policy-pages": (
        "Policy pages",
        "制度与政策",
        "A question about rules finds the page with the rule that decides it.",
        "用关于规定的问题查找起决定作用的条文所在页面。",
    ),
    "product-similarity": (
        "Similar products",
        "相似商品",
        "A product's picture and description find products like it.",
        "用商品的图片和描述查找相似的商品。",
    ),
    "product-search": (
        "Products by wish",
        "按需求找商品",
        "A customer's wish finds products that fulfil it, by picture and text.",
        "用顾客的需求查找符合的商品，兼看图片和文字。",
    ),
    "illustration": (
        "Article illustrations",
        "文章配图",
        "A passage of an article finds pictures to set beside it.",
        "为文章中的一段文字查找配图。",
    ),
    "legal": (
        "Precedent cases",
        "相似判例",
        "A case finds precedents with similar facts and rulings.",
        "用案情查找事实和裁判相似的判例。",
    ),
    "web-search": (
        "Web search",
        "网页搜索",
        "A few words, as one types them, find passages that answer them.",
        "用随手输入的几个词查找相关段落。",
    ),
    "image-search": (
        "Pictures by description",
        "以文搜图",
        "A description finds the pictures that show it.",
        "用一段描述查找符合的图片。",
    ),
    "image-description": (
        "Texts for a picture",
        "以图搜文",
        "A picture finds the texts that describe it.",
        "用一张图片查找描述它的文字。",
    ),
    "image-similarity": (
        "Similar pictures",
        "相似图片",
        "A picture finds pictures like it.",
        "用一张图片查找相似的图片。",
    ),
    "image-match": (
        "Pictures and texts for a picture",
        "以图搜图文",
        "A picture finds pictures like it and texts that describe it.",
        "用一张图片查找相似的图片和描述它的文字。",
    ),
}


def _choice(scenario: str, name: str) -> tuple[str, str]:
    """A template among all the others. Those of a knowledge base are short, and say too little without it."""
    title, chinese_title, _, _ = _TEMPLATES[name]
    if scenario != "knowledge":
        return title, chinese_title
    place, chinese_place = _SCENARIOS[scenario]
    return f"{place}: {title[0].lower()}{title[1:]}", f"{chinese_place}：{chinese_title}"


WORDS: Final[Words] = {
    **{f"scenario.{name}": both for name, both in _SCENARIOS.items()},
    **{f"variant.{name}": both for name, both in _VARIANTS.items()},
    **{f"template.{name}": (english, chinese) for name, (english, chinese, _, _) in _TEMPLATES.items()},
    **{f"template.{name}.about": (english, chinese) for name, (_, _, english, chinese) in _TEMPLATES.items()},
    **{f"choice.{each.name}": _choice(each.scenario, each.name) for each in templates()},
}
