"""Sentences about a scene, in several wordings of two languages. Knows nothing of pictures."""

from collections.abc import Callable

from demo.catalogue.scene import Group, Scene
from demo.catalogue.vocabulary import ALL_COLOURS, ALL_SHAPES, BACKGROUNDS, COUNTS, PATTERNS, Language

FULL_WORDINGS = 4
"""Wordings 0 to 3 name everything in the scene, so that they fit no other scene."""
WORDINGS = 9
"""The rest leave something out: 4 and 5 the direction and the background, 6 also that the groups stand side by side,
7 speaks of one group only, 8 of one group without its number."""


def caption(scene: Scene, language: Language, wording: int, group: int = 0) -> str:
    """A sentence true of the scene.

    wording: 0 to WORDINGS - 1. group: the group that wordings 7 and 8 speak of. Mixed sentences are Chinese with
    English nouns in even wordings, English with Chinese nouns in odd ones.
    """
    if not 0 <= wording < WORDINGS:
        raise ValueError(f"wording must lie in 0..{WORDINGS - 1}, got {wording}")
    frame = _frame(language, wording)
    if wording >= 7 or len(scene.groups) == 1:
        return _single(scene, frame, wording, _phrase(scene.groups[group], language, wording))
    first, second = (_phrase(one, language, wording) for one in scene.groups)
    return (_english if frame == "en" else _chinese)[wording](first, second, scene)


def fits(text: str, language: Language, wording: int, scene: Scene) -> bool:
    """Whether a caption made in this wording (of any scene) is true of `scene` as well."""
    if wording < FULL_WORDINGS:
        return caption(scene, language, wording) == text
    if text in [_phrase(group, language, wording) for group in scene.groups]:
        return True  # what speaks of one group may leave the other out
    # Groups above each other are told as `a and b`, which is true of groups side by side as well.
    orders, relations = (scene.groups, scene.groups[::-1]), {scene.relation, "above"}
    arranged = [Scene(groups, relation, scene.background) for groups in orders for relation in relations]
    return wording < 7 and len(scene.groups) == 2 and text in [caption(one, language, wording) for one in arranged]


def english(group: Group, number: bool, noun: str | None = None) -> str:
    """`two red striped mugs`, or without number `red striped mug`; `noun` instead of the English one."""
    own = ALL_SHAPES[group.shape]
    noun = noun or (own.plural if number and group.count > 1 else own.en)
    words = [ALL_COLOURS[group.colour].en, PATTERNS[group.pattern].en, noun]
    text = " ".join(word for word in words if word)
    if not number:
        return text
    return f"{'an' if group.count == 1 and text[0] in 'aeiou' else COUNTS[group.count].en} {text}"


def chinese(group: Group, number: bool, noun: str | None = None) -> str:
    """`两个红色条纹杯子`, or without number `红色条纹杯子`; `noun` instead of the Chinese one."""
    own = ALL_SHAPES[group.shape]
    head = COUNTS[group.count].zh + own.measure if number else ""
    return head + ALL_COLOURS[group.colour].zh + PATTERNS[group.pattern].zh + (noun or own.zh)


def _frame(language: Language, wording: int) -> Language:
    """The language of everything but the nouns."""
    if language != "mixed":
        return language
    return "en" if wording % 2 else "zh"


def _phrase(group: Group, language: Language, wording: int) -> str:
    own, number = ALL_SHAPES[group.shape], wording != 8
    if _frame(language, wording) == "en":
        return english(group, number, own.zh if language == "mixed" else None)
    return chinese(group, number, own.en if language == "mixed" else None)


def _single(scene: Scene, language: Language, wording: int, phrase: str) -> str:
    place = BACKGROUNDS[scene.background]
    if wording >= FULL_WORDINGS:
        return phrase
    if language == "en":
        return (
            f"{phrase} {place.en}",
            f"{place.en}, {phrase}",
            f"a picture of {phrase} {place.en}",
            f"{phrase}, {place.en}",
        )[wording]
    return (
        f"{place.zh}有{phrase}",
        f"{phrase}放在{place.zh}",
        f"图中是{place.zh}的{phrase}",
        f"{phrase}，在{place.zh}",
    )[wording]


def _way(scene: Scene, *pair: str) -> str:
    """The first word for left and right, the second for above and below."""
    return pair[0] if scene.relation == "left" else pair[1]


_Form = Callable[[str, str, Scene], str]

_english: tuple[_Form, ...] = (
    lambda a, b, s: f"{a} {_way(s, 'to the left of', 'above')} {b} {BACKGROUNDS[s.background].en}",
    lambda a, b, s: f"{BACKGROUNDS[s.background].en}, {b} {_way(s, 'to the right of', 'below')} {a}",
    lambda a, b, s: (
        f"{a} {_way(s, 'on the left', 'at the top')} and {b} {_way(s, 'on the right', 'at the bottom')}, "
        f"{BACKGROUNDS[s.background].en}"
    ),
    lambda a, b, s: f"{b} {_way(s, 'to the right of', 'below')} {a} {BACKGROUNDS[s.background].en}",
    lambda a, b, s: f"{a} {_way(s, 'next to', 'and')} {b}",
    lambda a, b, s: f"{b} {_way(s, 'next to', 'with')} {a}",
    lambda a, b, s: f"{b} and {a}",
)
_chinese: tuple[_Form, ...] = (
    lambda a, b, s: f"{BACKGROUNDS[s.background].zh}，{a}在{b}的{_way(s, '左边', '上方')}",
    lambda a, b, s: f"{b}在{a}的{_way(s, '右边', '下方')}，{BACKGROUNDS[s.background].zh}",
    lambda a, b, s: (
        f"{_way(s, '左边', '上方')}是{a}，{_way(s, '右边', '下方')}是{b}，放在{BACKGROUNDS[s.background].zh}"
    ),
    lambda a, b, s: f"{BACKGROUNDS[s.background].zh}，{b}在{a}的{_way(s, '右边', '下方')}",
    lambda a, b, s: f"{a}{_way(s, '旁边', '和')}{_way(s, '有', '')}{b}",
    lambda a, b, s: f"{b}{_way(s, '旁边有', '和')}{a}",
    lambda a, b, s: f"{b}和{a}",
)
