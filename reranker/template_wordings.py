"""What the templates say to the judge, in English and in Chinese. Knows neither the sentences that stand for their
tasks in English, which are `INSTRUCTIONS`, nor how parts become a text.

A standard speaks of "the document", as the prompt does: a text, a picture or both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Wording:
    """role: who judges. standard, strict, lenient: what counts as a match, in three tones.

    chinese: role, task and standard in Chinese.
    """

    role: str
    standard: str
    strict: str
    lenient: str
    chinese: tuple[str, str, str]


WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "question-answering": Wording(
            "You look facts up in a knowledge base.",
            "The document matches if it states the answer, or facts from which the answer follows directly.",
            "The document matches only if it states the whole answer itself; the same topic, or a hint, is not enough.",
            "The document matches if it answers a part of the question, or gives facts that help to answer it.",
            (
                "你负责在知识库中查证事实。",
                "给定一个问题，检索能够回答它的事实性段落",
                "文档直接给出答案，或给出可以直接推出答案的事实，即为匹配。",
            ),
        ),
        "enterprise-documents": Wording(
            "You answer colleagues from a company's own documents: manuals, reports, minutes and guides.",
            "The document matches if an employee could answer the question from it, for the product, team or process "
            "that is asked about.",
            "The document matches only if it answers the question for exactly the product, version, team and date that "
            "are asked about.",
            "The document matches if it is about the product, team or process that is asked about and helps further.",
            (
                "你根据企业内部的手册、报告、会议纪要和指南回答同事的问题。",
                "给定一名员工的问题，检索能够回答它的企业内部文档",
                "员工能够依据该文档回答问题，且文档涉及的产品、团队或流程与问题一致，即为匹配。",
            ),
        ),
        "papers": Wording(
            "You are a researcher who surveys the literature.",
            "The document matches if its abstract, results or figures address the research question itself.",
            "The document matches only if it reports a method or a result that answers the research question; the same "
            "field or the same data is not enough.",
            "The document matches if it works on the same problem, method or data as the research question.",
            (
                "你是一名正在做文献调研的研究人员。",
                "给定一个研究问题，检索摘要和图表最能回答它的论文",
                "论文的摘要、结果或图表直接针对该研究问题，即为匹配。",
            ),
        ),
        "document-pages": Wording(
            "You read pages of documents as a person does: text, tables, charts and layout together.",
            "The document matches if its text, a table or a chart on it holds the answer.",
            "The document matches only if the exact figure or statement that is asked for can be read off the page.",
            "The document matches if its text, tables or charts are about what is asked.",
            (
                "你像人一样阅读文档页面，同时看文字、表格、图表和版式。",
                "给定一个问题，检索其文字、表格或图表能够回答它的文档页面",
                "页面上的文字、表格或图表中含有答案，即为匹配。",
            ),
        ),
        "policy-pages": Wording(
            "You explain rules to those who must follow them.",
            "The document matches if it holds the rule, condition or exception that decides the question.",
            "The document matches only if it holds the rule that decides the question, and it applies to the case, "
            "place and time that are asked about.",
            "The document matches if it holds rules on the subject of the question.",
            (
                "你负责向需要遵守规定的人解释规定。",
                "给定一个关于规定的问题，检索能够回答它的制度或政策页面",
                "文档含有能够判定该问题的规定、条件或例外，即为匹配。",
            ),
        ),
        "product-similarity": Wording(
            "You are a buyer who compares products.",
            "The document matches if it shows or describes the same kind of product with a similar shape, colour, "
            "material and use.",
            "The document matches only if it is the same product, or differs from it in nothing but colour or size.",
            "The document matches if it is a product that a customer could take instead.",
            (
                "你是一名比较商品的采购人员。",
                "给定一张商品图片和一段描述，检索相似的商品",
                "文档展示或描述的是同类商品，且外形、颜色、材质和用途相近，即为匹配。",
            ),
        ),
        "product-search": Wording(
            "You help customers of a shop to find what they want.",
            "The document matches if the product is what the query names and has every property that it asks for, by "
            "picture or by text.",
            "The document matches only if the kind of product, brand, model, number, colour and every other property "
            "that the query names agree; one that differs or cannot be seen is a mismatch.",
            "The document matches if the product is of the kind that the query asks for, even if a property differs.",
            (
                "你帮助顾客在商店里找到想要的商品。",
                "给定用户的搜索词，按外观和文字的相关程度对商品排序",
                "商品就是搜索词所指的那一类，且图片或文字能印证搜索词要求的每一项属性，即为匹配。",
            ),
        ),
        "illustration": Wording(
            "You are the picture editor of a magazine.",
            "The document matches if it shows what the passage is about, so that a reader sees at once why.",
            "The document matches only if it shows the very person, place, thing or event that the passage names.",
            "The document matches if its subject or its mood goes with the passage.",
            (
                "你是一家杂志的图片编辑。",
                "给定文章中的一段文字，检索适合为它配图的图片",
                "图片表现了这段文字的内容，读者一看就明白为什么用它，即为匹配。",
            ),
        ),
        "legal": Wording(
            "You are a lawyer who looks for precedents.",
            "The document matches if it is a case with similar decisive facts and the same legal question.",
            "The document matches only if its decisive facts, its legal question and the kind of ruling agree with the "
            "case that is described.",
            "The document matches if it is a case on the same legal question or with similar facts.",
            (
                "你是一名检索判例的律师。",
                "给定一段案情描述，检索事实和裁判相似的判例",
                "判例的关键事实相近且涉及同一法律问题，即为匹配。",
            ),
        ),
        "web-search": Wording(
            "You judge the results of a web search.",
            "The document matches if somebody who typed the query would be content with it.",
            "The document matches only if it answers the query in full and needs no other source.",
            "The document matches if it is about what the query means and tells something useful on it.",
            (
                "你负责评判网页搜索的结果。",
                "给定一条网页搜索词，检索能够回答它的相关段落",
                "输入该搜索词的人会对这份文档感到满意，即为匹配。",
            ),
        ),
        "image-search": Wording(
            "You compare pictures with what is said about them.",
            "The document matches if it shows all that the query describes: the things, how many, their colours and "
            "where they are.",
            "The document matches only if every thing, number, colour, pattern and place in the query can be seen "
            "as described; one that differs is a mismatch.",
            "The document matches if it shows the main thing that the query describes.",
            (
                "你负责核对图片与文字描述是否一致。",
                "给定一段文字，检索符合描述的图片",
                "图片呈现了描述的全部内容：物体、数量、颜色和位置，即为匹配。",
            ),
        ),
        "image-description": Wording(
            "You check captions against pictures.",
            "The document matches if all that it says can be seen in the picture.",
            "The document matches only if all that it says can be seen in the picture, and it leaves out nothing "
            "important.",
            "The document matches if it describes the main subject of the picture.",
            (
                "你负责核对图片说明。",
                "给定一张图片，检索描述它的文字",
                "文字所说的内容都能在图片中看到，即为匹配。",
            ),
        ),
        "image-similarity": Wording(
            "You compare pictures with each other.",
            "The document matches if it shows the same subject in a similar arrangement, colour and style.",
            "The document matches only if it is the same picture, or the same scene taken again, cropped or edited.",
            "The document matches if it shows the same kind of subject.",
            (
                "你负责比较两张图片。",
                "给定一张图片，检索相似的图片",
                "图片主体相同，且构图、颜色和风格相近，即为匹配。",
            ),
        ),
        "image-match": Wording(
            "You compare a picture with other pictures and with texts.",
            "The document matches if it is a picture of the same subject, or a text that describes it rightly.",
            "The document matches only if it shows or describes the very scene of the picture, and nothing differs.",
            "The document matches if it shows or describes the main subject of the picture.",
            (
                "你负责将一张图片与其他图片和文字作比较。",
                "给定一张图片，检索与它相似的图片或描述它的文字",
                "图片主体相同，或文字正确描述了该图片，即为匹配。",
            ),
        ),
    }
)
