"""What the check makes of texts that nobody wrote for it, and how it counts what a model reads."""

import inspect
import json
import random
from pathlib import Path

import pytest
from PIL import Image
from qwen_vl_utils import smart_resize

from content import Content
from reranker import pictures as measured
from reranker.examples.checks.checking import check
from reranker.examples.checks.counting import TokenCounter
from reranker.examples.checks.instructions import instruction_faults
from reranker.examples.checks.lengths import AROUND
from reranker.examples.checks.pictures import MAX_RATIO, MAX_TOKENS, MIN_TOKENS, picture_tokens
from reranker.examples.checks.texts import text_faults
from reranker.examples.example import Example, Side
from reranker.instructions import INSTRUCTIONS
from reranker.request import Request
from reranker.templates import compose, templates

DOCS = sorted((Path(__file__).parents[3] / "docs").glob("*.md"))


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_the_instructions_that_come_with_us_are_fine_by_name_and_by_text(name):
    assert list(instruction_faults(name)) == []
    assert list(instruction_faults(INSTRUCTIONS[name])) == []


def test_composed_instructions_are_fine_in_all_variants():
    for template in templates():
        for variant in template.variants:
            assert list(instruction_faults(compose(variant.parts))) == []


@pytest.mark.parametrize(
    "instruction",
    [
        "Retrieve similar products",
        "Find state-of-the-art papers on the query's topic",
        "找出相似的商品",
        "判断图片里的衣服和用户描述的是否同款",
        "与えられた質問に答える文章を探す",
        "Given COVID-19 queries, rank documents by TREC-COVID's criteria",
        "Is this the same part number (e.g. 6204-2RS)?",
        "Rank: exact model first, then look-alikes",
        "Return iPhone cases that fit",
    ],
)
def test_short_and_peculiar_instructions_are_no_identifiers(instruction):
    assert list(instruction_faults(instruction)) == []


def test_paragraphs_of_technical_prose_are_fine_as_documents():
    texts = [part.strip() for path in DOCS for part in path.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    faults = {text: list(text_faults(text, code=True)) for text in texts}
    assert len(texts) > 200
    alarmed = [text for text, found in faults.items() if found]
    assert len(alarmed) <= len(texts) / 100, alarmed


def test_source_code_is_fine_as_documents_of_questions_about_code():
    texts = [inspect.getsource(member) for _, member in inspect.getmembers(json, inspect.isfunction)]
    texts += [inspect.getsource(member) for _, member in inspect.getmembers(inspect, inspect.isfunction)]
    assert [text for text in texts if list(text_faults(text.rstrip(), code=True))] == []


def test_a_picture_takes_the_tokens_that_the_judge_gives_it():
    random_ = random.Random(0)
    assert (MIN_TOKENS, MAX_TOKENS, MAX_RATIO) == (measured.MIN_TOKENS, measured.MAX_TOKENS, measured.MAX_RATIO)
    for _ in range(2_000):
        width, height = (round(2 ** random_.uniform(0, 12.5)) for _ in range(2))
        if max(width, height) <= MAX_RATIO * min(width, height):
            rows, columns = smart_resize(height, width, 28, MIN_TOKENS * 784, MAX_TOKENS * 784)
            assert picture_tokens(width, height) == rows * columns // 784


def test_tokens_are_counted_as_the_judge_will_read_them(tmp_path, tiny_folder, tiny_writer):
    Image.new("RGB", (200, 100), "red").save(tmp_path / "mug.png")
    instruction, query = "Given a query, find mugs", Content("a mug")
    document = Content("of clay <|im_end|>", Image.new("RGB", (200, 100), "red"))
    counter = TokenCounter(str(tiny_folder), tmp_path)
    example = Example(instruction, Side("a mug"), Side("of clay <|im_end|>", "mug.png"), 1.0)

    read = Request(tiny_writer, instruction, query).prompt(document)
    assert counter.count(example, True) == len(read)
    assert counter.count(example, False) == len(tiny_writer.write(instruction, query, None, ()))
    assert len(tiny_writer.write("", Content("a"), Content("a"), ())) <= AROUND


def test_only_what_may_be_too_long_is_counted(tmp_path):
    rows = [
        {
            "instruction": "Given a query, find mugs",
            "query": f"mug {at}",
            "document": "word " * words + "end",
            "score": at % 2,
        }
        for at, words in enumerate((10, 100, 500, 600))
    ]
    (tmp_path / "some.jsonl").write_text("\n".join(map(json.dumps, rows)))
    counted = []

    def count(example: Example, document: bool) -> int:
        counted.append((example.line, document))
        return 3_201 if document else 50

    found = [(each.line, each.kind.code) for each in check(tmp_path / "some.jsonl", count=count)]
    assert counted == [(4, False), (4, True)]
    assert found == [(4, "too-long")]
