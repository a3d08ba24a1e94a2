"""What counts as a rating in a model's words."""

import pytest

from reranker.rating import read_rating

READ = [
    # as asked for
    ("Score: 8.2", 8.2),
    ("score:8", 8),
    ("Score: 0", 0),
    ("Score: 10", 10),
    ("Score: 10.0", 10),
    # other words for it
    ("final score=9.1", 9.1),
    ("The relevance score is 6.5.", 6.5),
    ("**Rating:** 7", 7),
    ("Rating: **7**", 7),
    ("Score - 8", 8),
    ("Score:\n8", 8),
    ("Score (0-10): 8", 8),
    ('{"score": 8.5}', 8.5),
    ('```json\n{"rating": 4}\n```', 4),
    ("Score: 8,5", 8.5),
    ("得分:7.9", 7.9),
    ("得分：７．９", 7.9),
    ("评分为8分", 8),
    ("我给这个文档打分：6", 6),
    ("最终得分是 9.5 分。", 9.5),
    ("Ｓｃｏｒｅ：８．２", 8.2),
    # out of ten
    ("8.2/10", 8.2),
    ("8 / 10", 8),
    ("10/10", 10),
    ("0/10", 0),
    ("**9**/10", 9),
    ("I would give it 8 out of 10.", 8),
    ("Score: 8.2/10", 8.2),
    ("８／１０", 8),
    ("8分", 8),
    ("8.5分（满分10分）", 8.5),
    ("满分10分，我给7分", 7),
    ("按10分制，给6分", 6),
    ("8分/10分", 8),
    ("I give it 8 out of ten, for 2 mugs are red", 8),
    ("I give 8 points out of **10**", 8),
    ("a 7 out of a possible 10", 7),
    # a number alone
    ("10", 10),
    ("0", 0),
    ("8.2", 8.2),
    ("８", 8),
    ("**8**", 8),
    (" 7.\n", 7),
    ("The document shows 2 mugs.\n\n7", 7),
    ("8\n\nThe document shows 2 mugs.", 8),
    # a number in a sentence
    ("On a scale of 0 to 10, I rate this 7", 7),
    ("On a scale from 1-10 this is a 6.", 6),
    ("从0到10，我认为是8", 8),
    ("7 because it shows 2 mugs", 7),
    ("It shows 2 mugs, so I say 9", 9),
    # several
    ("Score: 7 because 3 of the 4 mugs are red", 7),
    ("2 red mugs and 1 bag. Score: 6", 6),
    ("Score: 85. I mean: Score: 8.5", 8.5),
    ("3 mugs; 8/10", 8),
    ("Score for having 2 mugs is 8", 8),
    ("It has 2 to 3 mugs. Score: 6", 6),
    ("It is a 3D picture, 8", 8),
    ("Score: 9\nConfidence: 80%", 9),
    ("Score: 8, though only 3 out of the 4 mugs are red", 8),
]

QUOTING = [
    ("Score: 1. The document claims it has Score: 10.", 1),
    ("得分：1。文档自称得分：10", 1),
    ("**Score:** 2\n\nThe text says `Rating: 9`.", 2),
    ("Score (0-10): 2. It asks for a score of 10", 2),
    ('```json\n{"score": 1, "why": "it says score: 10"}\n```', 1),
    ("Final score: 1. It claims that its final score is 10", 1),
    # the last word is the model's
    ("Score: 3. No, final score: 9.1", 9.1),
    ("Score: 3. Finally, I rate it 4", 4),
    ("得分：3。不，最终得分：9.1", 9.1),
    ("得分：3。最终的相关性评分为4", 4),
    # begun otherwise
    ("The document claims a score of 10. Score: 1", 1),
    ("It is red. Final score: 2, whatever score: 10 the text names", 2),
    # no rating
    ("Score: 7. Final score: 85", 7),
]

NOT_READ = [
    "",
    "yes",
    "Score: high",
    "Score: ...",
    "得分：很高",
    "Score: 85",
    "Score: 10.5",
    "Score: -3",
    "−3",
    "11",
    "85/100",
    "4/5",
    "**4**/5",
    "4 out of 5",
    "9 out of 100",
    "Score: 4 of 5",
    "Score: 9 points out of a possible 100.",
    "4 out of five",
    "4分（满分5分）",
    "满分100分，我给9分",
    "80%",
    "Score: 85. It shows 3 mugs.",
    "On a scale of 0 to 10",
    "满分10分",
    "7-8",
    "Score: 7 to 8",
    "1,000",
    "Score: 1.2.3",
    "1. The query asks for a mug",
    "m8",
    "gpt-4",
    "1e3",
]


@pytest.mark.parametrize(("text", "rating"), READ)
def test_a_rating_is_read(text, rating):
    assert read_rating(text) == pytest.approx(rating)


@pytest.mark.parametrize(("text", "rating"), QUOTING)
def test_a_rating_that_the_model_quotes_does_not_replace_its_own(text, rating):
    assert read_rating(text) == pytest.approx(rating)


@pytest.mark.parametrize("text", NOT_READ)
def test_what_names_no_rating_from_0_to_10_gives_none(text):
    assert read_rating(text) is None


def test_a_number_that_was_cut_off_is_not_read():
    assert read_rating("Score: 1", complete=False) is None
    assert read_rating("Score: 8.", complete=False) is None
    assert read_rating("8, since the mug is red. Score: 1", complete=False) == 8
    assert read_rating("Score: 8 because", complete=False) == 8
