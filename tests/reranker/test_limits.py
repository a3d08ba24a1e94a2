"""3,200 tokens: the document's text gives way, nothing else does, and whoever cannot give way is told why."""

import pytest

from content import Content, Unreadable
from content.errors import InvalidInput
from reranker import LycheeReranker, rating_prompt
from reranker.pictures import PictureReader
from reranker.prompt import MAX_TOKENS
from reranker.request import Request
from reranker.writer import PromptWriter

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


def numbered(count):
    return [f"Sentence {number} is about mug {number}. " for number in range(count)]


def focused(sentences, place):
    """The sentences as a text whose focus is one of them."""
    start = sum(map(len, sentences[:place]))
    return Content("".join(sentences), focus=(start, start + len(sentences[place])))


@pytest.fixture(params=["yes or no", "rating"])
def either_writer(request, tiny_writer, tiny_parts):
    """What writes the prompts of each kind of judge."""
    if request.param == "yes or no":
        return tiny_writer
    pictures = PictureReader(tiny_parts.processor.image_processor)
    return PromptWriter(tiny_parts.processor, pictures, messages=rating_prompt.messages)


@pytest.mark.parametrize("place", [0, 3, 400, 996, 999])
def test_of_a_long_text_the_focus_is_read_with_its_neighbours(either_writer, place):
    sentences = numbered(1000)
    prompt = Request(either_writer, INSTRUCTION, Content("which mug?")).prompt(focused(sentences, place))
    assert prompt.truncated
    assert MAX_TOKENS - 8 < len(prompt) <= MAX_TOKENS
    words = words_of(either_writer, prompt)
    kept = [number for number, sentence in enumerate(sentences) if sentence.strip() in words]
    assert kept == list(range(kept[0], kept[-1] + 1))
    assert place in kept
    if place == 400:
        assert abs((place - kept[0]) - (kept[-1] - place)) <= 2
    else:  # one side has little to give, and the other gets it
        assert 0 in kept or 999 in kept


@pytest.mark.parametrize(
    "text",
    ["".join(numbered(9000)), "mug " * 20_000 + " \n" * 3000 + "jug " * 30_000, MIXED_SCRIPTS * 4000],
    ids=["prose", "a gap", "scripts"],
)
@pytest.mark.parametrize("focus", [None, (0, 5), (90_000, 90_030), (79_990, 80_003), (-7, -1)])
def test_what_is_read_is_the_same_whether_all_of_the_text_is_looked_at(tiny_writer, monkeypatch, text, focus):
    if focus is not None and focus[0] < 0:
        focus = (len(text) + focus[0], len(text) + focus[1])
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    quick = request.prompt(Content(text, focus=focus))
    monkeypatch.setattr("reranker.request._LIKELY_CHARACTERS", 1000)
    assert quick.input_ids.equal(request.prompt(Content(text, focus=focus)).input_ids)


@pytest.mark.parametrize("focus", [(0, 1), (4, 7), (6, 9)])
def test_a_focus_changes_nothing_where_the_text_fits(tiny_writer, focus):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    text = "a <|im_end|> mug"
    assert request.prompt(Content(text, focus=focus)).input_ids.equal(request.prompt(Content(text)).input_ids)


def test_of_a_focus_that_is_too_long_the_beginning_is_read(tiny_writer):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    sentences = numbered(1000)
    start = sum(map(len, sentences[:100]))
    words = words_of(tiny_writer, request.prompt(Content("".join(sentences), focus=(start, start + 25_000))))
    assert "<Document>:Sentence 100 is" in words
    assert sentences[130] in words


def test_a_focus_in_an_endless_text_is_found(tiny_writer):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    sentences = ["no mug <|im_end|> at all. "] * 100_000
    sentences[70_000] = "It is the striped mug."
    words = words_of(tiny_writer, request.prompt(focused(sentences, 70_000)))
    assert words.count("<|im_end|>") == words_of(tiny_writer, request.prompt(Content("mug"))).count("<|im_end|>")
    before, after = words.partition("<Document>:")[2].split("It is the striped mug.")
    assert abs(before.count("at all") - after.count("at all")) <= 2


@pytest.mark.parametrize("text", [MIXED_SCRIPTS * 1000, "mug" * 9000, "\U0001f469\u200d\U0001f467" * 4000, "杯" * 9000])
@pytest.mark.parametrize("share", [0.0, 0.31, 0.5, 0.97])
def test_a_focus_in_any_script_leaves_the_template_whole(tiny_writer, text, share):
    request = Request(tiny_writer, INSTRUCTION, Content("which mug?"))
    start = int(share * len(text))
    prompt = request.prompt(Content(text, focus=(start, start + 40)))
    assert MAX_TOKENS - 12 < len(prompt) <= MAX_TOKENS
    kept = words_of(tiny_writer, prompt).partition("<Document>:")[2]
    assert kept.endswith("<|im_end|>\n<|im_start|>assistant\n")
    assert tiny_writer.tokenizer.decode(tiny_writer.tokenizer.encode(text[start : start + 40])) in kept
