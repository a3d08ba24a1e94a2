"""`lychee ab read` as its user runs it, with files that are right and files that are not."""

import json

import pytest

from search.cli.main import run as lychee

ALL = {"1": (1, 4), "2": (2, 4), "3": (3, 3), "4": (2, 5)}  # TUNED is 2 ahead in the mean


def read(capsys, *arguments) -> tuple[int, str, str]:
    code = lychee(["ab", "read", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_three_reviewers_and_a_bar_that_is_met(key, marks, capsys):
    files = [marks(name, ALL) for name in ("anna", "ben", "陈")]
    code, out, err = read(capsys, key, *files, "--gate")
    assert code == 0
    assert "Passed: the mean mark of fine is 4.00 where the lists differ, +2.00 against plain" in out
    assert "and +1.00 over all 10 queries (the bar is +0.8: met)" in out
    assert "right for 6 of 10 queries instead of 5, +20% (the bar is +20%: met)" in out
    assert "TUNED's list was preferred for 3 queries, BASE's for 0, neither for 1" in out
    assert "ordinal: 1.00" in out
    assert "5 of 10. Equal lists get equal marks, so over all queries the mean mark differs by +1.00" in out
    assert "陈" in out
    assert err == ""


def test_a_bar_that_is_not_met_is_told_by_its_part_and_shuts_the_gate(key, marks, capsys):
    code, out, _ = read(capsys, key, marks("anna", ALL), "--bar-top", "0.21", "--gate")
    assert code == 1
    assert "Failed: " in out
    assert "(the bar is +21%: not met)" in out


def test_marks_that_meet_the_bar_only_where_the_lists_differ_do_not_pass(key, marks, capsys):
    code, out, _ = read(capsys, key, marks("anna", {str(card): (2, 3) for card in range(1, 5)}), "--gate")
    assert code == 1
    assert "+1.00 against plain" in out
    assert "and +0.50 over all 10 queries (the bar is +0.8: not met)" in out


def test_few_and_incomplete_reviewers_are_used_and_told(key, marks, capsys):
    half = marks("ben", {"1": (1, 4), "2": (2, None)})
    code, _, err = read(capsys, key, marks("anna", ALL), half)
    assert code == 0
    assert "there are only 2 reviewers; 3 are asked for" in err
    assert "ben gave both marks to 1 of 4 queries" in err


def test_reviewers_who_disagree_are_told(key, marks, capsys):
    turned = {card: (tuned, base) for card, (base, tuned) in ALL.items()}
    _, out, err = read(capsys, key, marks("anna", ALL), marks("ben", turned), marks("chen", ALL))
    assert "The reviewers agree" in out
    assert "agree too little for a verdict" in err


def test_json_has_every_part(key, marks, capsys):
    code, out, _ = read(capsys, key, marks("anna", ALL), "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["passed"], answer["passed_mark"], answer["passed_top"]) == (True, True, True)
    assert answer["review"]["change"]["difference"] == 2.0
    assert answer["review"]["agreement"] is None
    assert answer["top"]["relative"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sheet": "0ther"}, "is of another sheet (0ther) than the key (5ee7)"),
        ({"format": "shopping list"}, "is something else; a file of marks is what"),
        ({"version": 2}, "is of version 2"),
        ({"reviewer": " "}, "lacks the reviewer's name"),
        ({"marks": [1, 2]}, "lacks the reviewer's name or the marks"),
        ({"marks": {"31": {"left": 1, "right": 2}}}, "marks query 31, which the sheet does not have"),
        ({"marks": {"2": {"left": 6, "right": 2}}}, "query 2: the mark of the left list is 6; it is a whole number"),
        ({"marks": {"2": {"left": 1, "right": 2.5}}}, "query 2: the mark of the right list is 2.5"),
        ({"marks": {"2": {"left": True, "right": 2}}}, "query 2: the mark of the left list is True"),
        ({"marks": {"3": [1, 2]}}, "query 3: expected a mark for left and one for right"),
        ({"marks": {}}, "has no query with both its marks"),
        ({"marks": {"1": {"left": 3}}}, "has no query with both its marks"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_query(changed, said, key, marks, capsys):
    path = marks("anna", ALL, **changed)
    code, _, err = read(capsys, key, path)
    assert code == 2
    assert str(path) in err
    assert said in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": "lychee-review-marks", "marks": {"1": {"le', "is no JSON, or was cut off"),
        ('{"format": "lychee-review-marks", "sheet": "a", "sheet": "b"}', "has 'sheet' twice"),
        ("[" * 100_000, "is no JSON, or was cut off"),
        ("[]", "is something else"),
        ("\x00", "is no JSON"),
    ],
)
def test_a_file_that_is_broken_is_named(text, said, key, tmp_path, capsys):
    path = tmp_path / "marks-broken.json"
    path.write_text(text, "utf-8")
    code, _, err = read(capsys, key, path)
    assert code == 2
    assert f"{path} {said}" in err


def test_two_files_of_one_reviewer_are_refused(key, marks, capsys):
    files = [marks("Anna", ALL), marks(" anna", ALL)]
    code, _, err = read(capsys, key, *files)
    assert code == 2
    assert f"{files[0]} and {files[1]} are both by" in err


def test_a_file_that_is_not_there_and_a_key_that_is_none_are_told(key, marks, tmp_path, capsys):
    assert "there is no file" in read(capsys, key, tmp_path / "marks-nobody.json")[2]
    path = marks("anna", ALL)
    assert "a key is what `lychee ab sheet` wrote" in read(capsys, path, path)[2]
    value = json.loads(key.read_text("utf-8"))
    key.write_text(json.dumps({**value, "cards": [{**value["cards"][0], "left": "me"}]}), "utf-8")
    assert "is no whole key any more" in read(capsys, key, path)[2]


@pytest.mark.parametrize("changes", [{"seed": 1e999}, {"queries": 0}, {"differing": 10**400}, {"queries": -1}])
def test_a_key_with_impossible_numbers_is_told(changes, key, marks, capsys):
    key.write_text(json.dumps({**json.loads(key.read_text("utf-8")), **changes}), "utf-8")
    code, _, err = read(capsys, key, marks("anna", ALL))
    assert code == 2
    assert "is no whole key any more" in err
