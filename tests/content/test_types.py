"""A content has a text, a picture or both."""

import numpy as np
import pytest
from PIL import Image
from support.pictures import picture

from content import Content
from content.errors import InvalidInput


@pytest.mark.parametrize("empty", [{}, {"text": ""}, {"text": " \n\t"}])
def test_nothing_is_no_content(empty):
    with pytest.raises(InvalidInput):
        Content(**empty)


def test_kinds():
    assert Content(text="a").kind == "text"
    assert Content(image=picture()).kind == "image"
    assert Content(text=" ", image=picture()).kind == "image"
    assert Content(text="a", image=picture()).kind == "mixed"


def test_pictures_are_brought_to_rgb_on_white():
    content = Content(image=Image.new("RGBA", (2, 2), (0, 0, 0, 0)))
    assert content.image.mode == "RGB"
    assert np.array_equal(content.image, np.full((2, 2, 3), 255))


def test_a_picture_that_is_fine_is_not_copied():
    image = picture()
    assert Content(image=image).image is image


@pytest.mark.parametrize("focus", [(0, 3), (1, 2), (2, 3)])
def test_a_focus_is_a_piece_of_the_text(focus):
    assert Content("red", focus=focus).focus == focus
    assert Content("red", focus=focus) != Content("red")


@pytest.mark.parametrize("focus", [(0, 4), (-1, 2), (2, 2), (3, 1)])
def test_a_focus_outside_the_text_is_refused_with_figures(focus):
    with pytest.raises(InvalidInput, match="which has 3") as caught:
        Content("red", focus=focus)
    assert caught.value.param == "focus"


def test_a_content_without_text_has_no_focus():
    with pytest.raises(InvalidInput, match="which has 0"):
        Content(" ", picture(), focus=(0, 1))
