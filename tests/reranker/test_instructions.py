"""Instructions by name, by kind of query, and without paying for torch."""

import subprocess
import sys

import pytest
from PIL import Image

from content import Content
from reranker import INSTRUCTIONS, default_instruction, resolve
from reranker.instructions import named

TEXT = Content(text="a mug")
PICTURE = Content(image=Image.new("RGB", (9, 9)))
BOTH = Content(text="a mug", image=Image.new("RGB", (9, 9)))


def test_a_name_gives_its_text_and_other_text_is_itself():
    assert (
        resolve("legal", TEXT)
        == "Given a legal case description, retrieve precedent cases with similar facts and rulings"
    )
    assert resolve("Given a mug, find its saucer", TEXT) == "Given a mug, find its saucer"


def test_a_text_that_has_a_name_is_known_by_it():
    assert named(f" {INSTRUCTIONS['legal']}\n") == "legal"
    assert named("Given a mug, find its saucer") == "Given a mug, find its saucer"
    assert len(set(INSTRUCTIONS.values())) == len(INSTRUCTIONS)  # or a text would have two


@pytest.mark.parametrize("nothing", [None, "", "  \n"])
def test_no_instruction_gives_the_default_of_the_query(nothing):
    assert resolve(nothing, TEXT) == INSTRUCTIONS["web-search"]
    assert resolve(nothing, BOTH) == INSTRUCTIONS["product-similarity"]


def test_every_kind_of_query_has_a_default_for_every_target():
    defaults = {
        (query.kind, target): default_instruction(query, target)
        for query in (TEXT, PICTURE, BOTH)
        for target in ("any", "text", "image")
    }
    assert set(defaults.values()) <= set(INSTRUCTIONS.values())
    assert defaults["text", "image"] == INSTRUCTIONS["image-search"]
    assert defaults["image", "text"] == INSTRUCTIONS["image-description"]
    assert defaults["image", "image"] == INSTRUCTIONS["image-similarity"]


def test_instructions_cannot_be_changed_from_outside():
    with pytest.raises(TypeError):
        INSTRUCTIONS["web-search"] = "anything"


def test_instructions_and_ranking_cost_no_torch():
    script = "import sys; from reranker import INSTRUCTIONS, rank; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_name_that_is_not_there_is_an_attribute_error():
    import reranker

    with pytest.raises(AttributeError, match="no_such_name"):
        reranker.no_such_name  # noqa: B018
