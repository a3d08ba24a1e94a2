"""Examples as careful people write them, with all that looks like a fault and is none: part numbers, code, URLs."""

import json
import random
from pathlib import Path

from PIL import Image

SHOP = "Given a user's search query, rank products by visual and textual relevance"
QUESTIONS = "question-answering"
CODE = "Given a programming question, retrieve the snippet or explanation that solves it"
CHINESE = "根据用户的搜索词，判断商品是否符合用户想买的东西"
SCENES = "Given a text query, retrieve images that match the description"
DRESSES = "Given a picture of a dress, retrieve dresses of the same cut; colour does not matter"
SCORES = (1.0, 0.75, 0.5, 0.25, 0)

MAKERS = (
    "SKF",
    "Bosch",
    "Makita",
    "IKEA",
    "L'Oréal",
    "Häagen-Dazs",
    "3M",
    "H&M",
    "AT&T",
    "Søstrene Grene",
    "Müller & Söhne",
)
THINGS = (
    "ball bearing 6204-2RS1",
    "GSR 12V-15 drill",
    "M8x40 DIN 933 bolts",
    "iPhone 15 Pro Max 256GB",
    "USB-C cable (2 m)",
)
MORE = (
    "MacBook Air 13”",
    "size 38½ boots",
    "Crème brûlée set",
    "No. 5 pencils",
    "T-shirt XL",
    "A4 paper 80 g/m²",
    "RTX-4090",
)
SAID = (
    "ships in 24h, €12.50 – free returns",
    "rated 4.7/5 by 1,204 buyers",
    "see https://example.com/p/8841?ref=a&utm_source=mail for sizes",
    "fits engines with < 2.0 l; torque > 150 Nm",
    "R&D edition [2] with warranty (5 years)",
    "“best of 2023”, said nobody… ☕ 👍🏽",
    "temperature −20 °C … +85 °C, IP67, 100 % cotton",
    "article 100-200/B, EAN 4006381333931",
    "wow!!! 50% off $30",
)
FACTS = (
    "The Treaty of Westphalia ended the Thirty Years' War in 1648.",
    "Water boils at 100 °C at sea level, and at about 93 °C in Denver.",
    "A prime p > 3 satisfies p ≡ ±1 (mod 6); see [4, p. 12].",
    "El Niño warms the Pacific; La Niña cools it. ¿Por qué? Because trade winds change.",
    "Łódź lies in Poland, Århus in Denmark, and Київ in Ukraine.",
    "The museum's page is http://museum.example/en/visit.html, or write to info@museum.example.",
    "Die Straße heißt »Am Großen Wannsee«.",
    "Τα ελληνικά γράφονται έτσι.",
    "これは日本語の文章です。",
    "The set {x | x > 0} is open.",
)
SNIPPETS = (
    'def greet(name):\n    return f"Hello {name}"',
    "    for (let i = 0; i < n; i++) {\n        console.log(`${i}`);\n    }",
    "Use &nbsp; for a space that does not break, and &amp;lt; for the sign itself.",
    "<ul>\n  <li><b>One</b></li>\n</ul>",
    '{"name": "lychee", "version": "1.0"}',
    "SELECT name FROM users WHERE age < 30 AND city = 'Köln';",
    "<image> tags of SVG take href; <img> is HTML's.",
    'printf("%s\\n", text); /* prints a line */',
    "Jinja writes {{ user.name }} and {% if x %}.",
    "The token <div> opens a block, </div> closes it.",
)
GOODS = (
    "红色陶瓷马克杯",
    "防水登山鞋",
    "真皮钱包",
    "iPhone 15 手机壳",
    "蓝牙耳机（降噪版）",
    "儿童保温杯500ml",
    "A4打印纸",
)
PRAISE = ("，包邮，七天无理由退换", "；适合送礼！", "，尺寸：38–42码", "，产地：景德镇", "，好评率98%", "，型号 XK-200")
COLOURS, SHAPES = ("red", "blue", "green", "orange", "violet"), ("circle", "square", "star", "ring", "cone")


def clean_lines(folder: Path, count: int = 2_000, seed: int = 0) -> list[str]:
    """So many lines, of all three forms. folder: pictures are written below it."""
    random_ = random.Random(seed)
    _pictures(folder)
    makers = (_shop, _question, _code, _chinese, _scene, _dress, _labelled, _grouped)
    lines: list[str] = []
    while len(lines) < count:
        number = len(lines)
        lines += makers[number // 5 % len(makers)](random_, number)
    return lines[:count]


def _pictures(folder: Path) -> None:
    (folder / "pictures").mkdir(exist_ok=True)
    for place, colour in enumerate(COLOURS):
        for turn in range(4):
            Image.new("RGB", (56 + 7 * turn, 56 + 11 * place), colour).save(
                folder / "pictures" / f"{colour}-{turn}.png"
            )


def _graded(instruction, query, documents) -> list[str]:
    return [
        json.dumps(
            {"instruction": instruction, "query": query, "document": document, "score": score}, ensure_ascii=False
        )
        for document, score in zip(documents, SCORES, strict=True)
    ]


def _shop(random_, number) -> list[str]:
    query = f"{random_.choice(MAKERS)} {random_.choice(THINGS + MORE)} lot {number}"
    offers = [f"{random_.choice(MAKERS)} {thing}, {random_.choice(SAID)}" for thing in random_.sample(THINGS + MORE, 4)]
    return _graded(SHOP, query, [f"PN {number}-A", *offers])


def _question(random_, number) -> list[str]:
    return _graded(QUESTIONS, f"What happened in case no. {number}, and why?", random_.sample(FACTS, 5))


def _code(random_, number) -> list[str]:
    query = f"How do I escape {{query}} and <br> in template {number}?"
    return _graded(CODE, query, random_.sample(SNIPPETS, 5))


def _chinese(random_, number) -> list[str]:
    goods = random_.sample(GOODS, 5)
    return _graded(CHINESE, f"{goods[0]} {number}", [f"{good}{random_.choice(PRAISE)}" for good in goods])


def _scene(random_, number) -> list[str]:
    colours = random_.sample(COLOURS, 5)
    query = f"a {colours[0]} {random_.choice(SHAPES)} left of scene {number}"
    described = [
        f"[IMAGE_DESC] a {colour} {random_.choice(SHAPES)} on white, seen from above" for colour in colours[:3]
    ]
    shown = [{"image": f"pictures/{colour}-0.png"} for colour in colours[3:]]
    return _graded(SCENES, query, [*described, *shown])


def _dress(random_, number) -> list[str]:
    colours = random_.sample(COLOURS, 5)
    query = {"text": f"dress {number}", "image": f"pictures/{colours[0]}-1.png"}
    documents = [{"text": f"{colour} dress, A-line", "image": f"pictures/{colour}-2.png"} for colour in colours]
    return _graded(DRESSES, query, documents)


def _labelled(random_, number) -> list[str]:
    labels = (1, 0, True, False, "yes")
    return [
        json.dumps(
            {
                "instruction": SHOP,
                "query": f"gift for a {place}-year-old, budget {number}",
                "document": random_.choice(SAID),
                "label": label,
            }
        )
        for place, label in enumerate(labels)
    ]


def _grouped(random_, number) -> list[str]:
    facts = random_.sample(FACTS, 5)
    return [
        json.dumps(
            {
                "instruction": QUESTIONS,
                "query": f"Which of these is fact {number}.{place}?",
                "positive": facts[place],
                "negatives": [{"text": fact} for fact in facts if fact != facts[place]],
            }
        )
        for place in range(5)
    ]
