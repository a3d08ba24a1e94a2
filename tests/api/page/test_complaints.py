"""Every error becomes a sentence in the visitor's language; none shows how the server is made."""

import logging

import pytest

from api.page.complaints import Complaint, sentence
from content.errors import (
    Busy,
    CollectionError,
    DeadlineExceeded,
    InvalidInput,
    NotAnImage,
    NotFound,
    TooLarge,
    TooManyPixels,
    TruncatedImage,
)

FORESEEN = [
    (Busy("64 wait"), "The server is busy", "服务器正忙"),
    (DeadlineExceeded("300 s"), "This took longer", "超过了请求允许的时间"),
    (
        TooLarge("the picture has 9 bytes."),
        "This is too large: the picture has 9 bytes. Choose",
        "内容太大：the picture",
    ),
    (TooManyPixels("100 pixels", pixels=100), "This is too large: 100 pixels", "内容太大"),
    (NotAnImage("it is a text"), "This file is no picture", "无法读取此图片"),
    (NotFound("no collection x"), "This is not there", "找不到"),
    (InvalidInput("a bad filter"), "This cannot be done: a bad filter", "无法执行"),
    (CollectionError("the disk is full"), "This could not be done: the disk is full", "操作失败"),
    (Complaint("error.empty_query"), "Type what you are looking for", "请输入要找的内容"),
]


@pytest.mark.parametrize(("error", "english", "chinese"), FORESEEN, ids=lambda value: type(value).__name__)
def test_an_error_is_told_in_the_language_of_the_reader(error, english, chinese):
    assert sentence(error, "en").startswith(english)
    assert sentence(error, "zh").startswith(chinese)


@pytest.mark.parametrize("error", [NotAnImage("this is text"), TruncatedImage("it ends too early")])
def test_a_picture_that_cannot_be_read_is_told_in_chinese_alone(error):
    told = sentence(error, "zh")
    assert error.message not in told
    assert "。请" in told


def test_an_error_that_nobody_foresaw_is_told_by_its_number_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        told = sentence(RuntimeError("secret of the house"), "en")
    assert "secret" not in told
    (record,) = caplog.records
    assert record.args[0] in told
    assert "secret of the house" in caplog.text
