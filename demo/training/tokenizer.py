"""The byte-level BPE that both demo models read with: any text is legal, the catalogue's words are one token each."""

import json
from collections.abc import Iterator

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from transformers import Qwen2Tokenizer
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

from demo.catalogue.vocabulary import ALL_COLOURS, ALL_SHAPES, BACKGROUNDS, COUNTS, PATTERNS
from demo.training.tasks import INSTRUCTIONS
from reranker.prompt import DOCUMENT_HEADING, INSTRUCTION_PREFIX, NO, QUERY_HEADING, SYSTEM, YES

END = "<|endoftext|>"
SPECIAL = (  # Qwen's special tokens, in Qwen's order
    END,
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
_ENGLISH = (
    "a an and at with of the to on in next left right top bottom above below picture photo image show me find which "
    "where is are there has I want product products shop colour color without not plain solid spotted stripes dots "
    "checked big small four five red-striped side by one other near beside under over behind front"
)
_CHINESE = (
    "有 在 的 是 和 与 在左 在右 左边 右边 上方 下方 上面 下面 左侧 右侧 旁边 旁边有 放在 图中 图中是 "
    "上 里 个 只 盏 顶 把 本 颗 照片 图片 找 我 想 要 "
    "一个 两个 三个 四个 纯色 红 橙 黄 绿 蓝 紫 粉 黑 白色 灰色 ， 。 、 ？ ，在 ，一 ，两 ，三 ，放在 "
    "有一 有两 有三 在一 在两 在三 是一 是两 是三 和一 和两 和三"
)


def build_tokenizer() -> Qwen2Tokenizer:
    """The tokenizer in Qwen's format, the same in every run: about a thousand tokens, every byte among them."""
    vocabulary, merges = _learn()
    return Qwen2Tokenizer(
        vocab=vocabulary,
        merges=merges,  # type: ignore[arg-type]
        eos_token="<|im_end|>",
        pad_token=END,
        additional_special_tokens=list(SPECIAL[1:]),
        model_max_length=32768,
    )


def _learn() -> tuple[dict[str, int], list[tuple[str, str]]]:
    learner = Tokenizer(models.BPE())
    # The words come ready cut: no merge can then reach over the border of a word, in Chinese neither.
    learner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=8000, min_frequency=1, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    learner.train_from_iterator(_words(), trainer)
    model = json.loads(learner.to_str())["model"]
    return model["vocab"], [(left, right) for left, right in model["merges"]]


def _words() -> Iterator[str]:
    for word in [*_ENGLISH.split(), *_catalogue_english()]:
        yield from (word, f" {word}", word.capitalize())
    chinese = [*_CHINESE.split(), *_catalogue_chinese()]
    yield from chinese
    # Often enough that the bytes of a character merge before characters do: none then straddles two words.
    for character in sorted(set("".join(chinese))):
        yield from [character] * 200
    split = pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), behavior="isolated")
    for text in (SYSTEM, *(INSTRUCTION_PREFIX + one for one in INSTRUCTIONS), QUERY_HEADING, DOCUMENT_HEADING):
        yield from (word for word, _ in split.pre_tokenize_str(text))
    yield from (YES, NO, "system", "user", "assistant", " yes", " no")


def _catalogue_english() -> Iterator[str]:
    for noun in ALL_SHAPES.values():
        yield from (noun.en, noun.plural)
    for words in (ALL_COLOURS, PATTERNS, BACKGROUNDS, COUNTS):
        for word in words.values():
            yield from word.en.split()


def _catalogue_chinese() -> Iterator[str]:
    for noun in ALL_SHAPES.values():
        yield noun.zh
        yield from (count.zh + noun.measure for count in COUNTS.values())
    for words in (ALL_COLOURS, PATTERNS, BACKGROUNDS):
        yield from (word.zh for word in words.values() if word.zh)
