"""What hits are called, out of tables as people have them."""

import pytest

from api.page.described import described


def test_of_captions_in_two_languages_the_readers_own_is_shown_and_the_other_left_out():
    metadata = {"caption_en": "a red mug", "caption_zh": "一个红杯子", "price": 12.5}

    assert described(metadata, "en").caption == "a red mug"
    assert described(metadata, "zh").caption == "一个红杯子"
    assert described(metadata, "en").facts == described(metadata, "zh").facts == (("price", "12.5"),)


def test_a_caption_in_the_other_language_alone_is_better_than_none():
    assert described({"caption_zh": "一个红杯子"}, "en").caption == "一个红杯子"
    assert described({"name_en": "Mug", "sku": "A-1"}, "zh").caption == "Mug"


def test_facts_in_two_languages_are_told_in_the_readers():
    metadata = {"title": "x", "colour_en": "red", "colour_zh": "红"}

    assert described(metadata, "zh").facts == (("colour", "红"),)
    assert described(metadata, "en").facts == (("colour", "red"),)


@pytest.mark.parametrize("name", ["title", "Title", "Product Name", "product-name", "名称", "标题"])
def test_tables_name_their_names_in_many_ways(name):
    told = described({"sku": "4711 in a very long text that says nothing", name: "Boot"}, "en")
    assert told.caption == "Boot"
    assert [field for field, _ in told.facts] == ["sku"]


def test_a_caption_comes_before_a_title_and_a_title_before_a_description():
    assert described({"description": "d", "title": "t", "caption": "c"}, "en").caption == "c"
    assert described({"description": "d", "title": "t"}, "en").caption == "t"


def test_without_a_name_the_longest_text_stands_for_it_but_no_address_and_no_code():
    metadata = {"url": "https://shop.example.org/a/very/long/address", "printed": "Tanuki yellow bag", "sku": "A-1"}

    assert described(metadata, "en").caption == "Tanuki yellow bag"
    assert described({"sku": "A-1"}, "en").caption == ""
    assert described({}, "en") == described({"title": None}, "zh")


def test_what_has_a_text_is_called_by_a_name_only():
    assert described({"printed": "Tanuki yellow bag"}, "en", has_text=True).caption == ""
    assert described({"title": "T"}, "en", has_text=True).caption == "T"


def test_an_empty_title_is_none():
    assert described({"title": " ", "name": "Boot"}, "en").caption == "Boot"


def test_values_are_told_as_people_write_them():
    metadata = {"title": "T", "tags": ["red", "new", 3], "stock": 7, "sold": True, "price": 1e3, "gone": None}

    assert described(metadata, "en").facts == (
        ("tags", "red, new, 3"),
        ("stock", "7"),
        ("sold", "true"),
        ("price", "1000.0"),
    )
