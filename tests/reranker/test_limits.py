"""3,200 tokens: the document's text gives way, nothing else does, and whoever cannot give way is told why."""

import pytest

from content import Content, Unreadable
from content.errors import InvalidInput
from reranker import LycheeReranker
from reranker.request import Request
from reranker.writer import MAX_TOKENS

INSTRUCTION = "Given a question, retrieve factual passages that answer it"
MIXED_SCRIPTS = "Tasse é rouge, 红色条纹的杯子 \U0001f9f6\U0001f469‍\U0001f469‍\U0001f467 in e\u0301tage 7.\n\n"


def words_of(tiny_writer, prompt):
    return tiny_writer.tokenizer.decode(prompt.input_ids)


@pytest.mark.parametrize("text", ["a red mug ", MIXED_SCRIPTS, "mugmugmug"])
def test_a_long_text_is_cut_at_its_end_and_the_template_never(tiny_writer, text):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    short, long = request.prompt(Content(text)), request.prompt(Content(text * 3000))
    assert not short.truncated
    assert long.truncated
    assert MAX_TOKENS - 8 < len(long) <= MAX_TOKENS
    head, _, rest = words_of(tiny_writer, long).partition("\n<Document>:")
    assert words_of(tiny_writer, short).startswith(head + "\n<Document>:")
    assert rest.endswith("<|im_end|>\n<|im_start|>assistant\n")
    kept = rest.removesuffix("<|im_end|>\n<|im_start|>assistant\n")
    assert tiny_writer.tokenizer.decode(tiny_writer.tokenizer.encode(text * 3000)).startswith(kept)


def test_a_text_that_just_fits_is_not_cut(tiny_writer):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    room = MAX_TOKENS - len(request.prompt(Content(" mug")))
    full, over = request.prompt(Content(" mug" * (room + 1))), request.prompt(Content(" mug" * (room + 2)))
    assert (len(full), full.truncated) == (MAX_TOKENS, False)
    assert (len(over), over.truncated) == (MAX_TOKENS, True)
    assert over.input_ids.equal(full.input_ids)


def test_the_rest_of_an_endless_text_makes_no_difference(tiny_writer):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    long, endless = request.prompt(Content("a mug " * 4000)), request.prompt(Content("a mug " * 4_000_000))
    assert endless.truncated
    assert endless.input_ids.equal(long.input_ids)


def test_the_picture_of_a_long_document_stays_whole(tiny_writer, picture):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    prompt = request.prompt(Content("a red mug " * 3000, picture(560, 560)))
    image_token = tiny_writer.tokenizer.convert_tokens_to_ids("<|image_pad|>")
    assert (prompt.input_ids == image_token).sum() == 20 * 20
    assert prompt.truncated
    assert len(prompt) == MAX_TOKENS


def test_judgements_say_that_a_text_was_cut(tiny):
    short, long = tiny.score(INSTRUCTION, Content("which mug?"), [Content("a mug"), Content("a mug " * 4000)])
    assert not short.truncated
    assert long.truncated
    assert long.error is None
    assert MAX_TOKENS - 8 < long.tokens <= MAX_TOKENS


def test_a_query_over_the_limit_is_refused_with_figures(tiny):
    with pytest.raises(InvalidInput, match=r"the query takes 4,\d\d\d tokens .* 3,200") as caught:
        tiny.score(INSTRUCTION, Content(" mug" * 4000), [Content("a mug")])
    assert caught.value.param == "query"
    with pytest.raises(InvalidInput, match="3,200"):
        tiny.score(INSTRUCTION, Content(" mug" * 10_000_000), [Content("a mug")])


def test_a_query_picture_as_thin_as_a_thread_is_refused(tiny, picture):
    with pytest.raises(InvalidInput, match="2010 x 10 pixels") as caught:
        tiny.score(INSTRUCTION, Content(image=picture(2010, 10)), [Content("a mug")])
    assert caught.value.param == "query.image"


def test_what_cannot_be_judged_fails_alone(tiny_parts, picture):
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, max_tokens=200)
    good, thin, unreadable, large = reranker.score(
        INSTRUCTION,
        Content("which mug?"),
        [
            Content(image=picture(112, 112)),
            Content(image=picture(5, 1200)),
            Unreadable("the file ends too early"),
            Content("a mug", picture(560, 560)),
        ],
    )
    assert good.error is None
    assert 0 < good.score < 1
    assert "5 x 1200 pixels" in thin.error
    assert unreadable.error == "the file ends too early"
    assert "leaves no room" in large.error
    for failed in (thin, unreadable, large):
        assert (failed.score, failed.logits, failed.tokens) == (0.0, None, 0)


def test_a_document_next_to_a_query_that_leaves_one_token_is_judged_by_it(tiny_parts, tiny_writer):
    length = len(Request(tiny_writer, INSTRUCTION, Content("which mug?")).prompt(Content("mug")))
    reranker = LycheeReranker(tiny_parts.model, tiny_parts.processor, max_tokens=length)
    whole, cut = reranker.score(INSTRUCTION, Content("which mug?"), [Content("mug"), Content("mug or jug")])
    assert (whole.truncated, cut.truncated) == (False, True)
    assert cut.score == pytest.approx(whole.score, abs=1e-6)
