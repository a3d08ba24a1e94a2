"""`lychee instructions list|show|build` as their users run them."""

import json

import pytest
from support.error_line import one_error_line

from evaluation.instructions.family import family, family_of, rewordings
from reranker.instructions import INSTRUCTIONS
from reranker.templates import VARIANTS, Parts, compose, template, templates
from search.cli.main import run


@pytest.fixture
def lychee(capsys):
    def lychee(*arguments: str) -> tuple[int, str, str]:
        code = run(["instructions", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return lychee


def test_list_has_every_name_once_under_its_scenario(lychee):
    rows = json.loads(lychee("list", "--json")[1])
    assert {row["name"]: row["text"] for row in rows} == dict(INSTRUCTIONS)
    assert all(row["variants"] == list(VARIANTS) for row in rows)
    _, table, _ = lychee("list", "--scenario", "legal")
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["legal", "legal"]]


def test_show_has_the_parts_and_the_text_they_come_to(lychee):
    strict = template("legal").parts("strict")
    _, out, _ = lychee("show", "legal", "--variant", "strict")
    assert out.rstrip().endswith(compose(strict))
    assert strict.standard in out
    told = json.loads(lychee("show", "legal", "--variant", "chinese", "--judge", "rating", "--json")[1])
    assert told["text"] == compose(template("legal", "rating").parts("chinese"))


def test_build_composes_what_is_given_on_a_root_or_on_nothing(lychee):
    assert lychee("build", "--task", "Given a photo of a part, find its maker")[1] == (
        "Given a photo of a part, find its maker\n"
    )
    code, out, err = lychee("build", "--root", "legal", "--role", "You are a tax lawyer", "--output", "")
    assert (code, err) == (0, "")
    assert out.startswith("You are a tax lawyer. Given a legal case description, ")
    assert 'Answer "yes"' not in out


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("web_search_retrieval_v2", "is a name"),
        ("Given {query}, find documents", "was not filled in"),
        ("Given a text, find [IMG:0x3a4f2d]", "[IMG:0x3a4f2d]"),
    ],
)
def test_build_warns_of_what_makes_an_instruction_bad(lychee, task, said):
    for more in ([], ["--role", "You are a librarian who knows every book."]):
        code, out, err = lychee("build", "--task", task, *more)
        assert code == 0
        assert said in " ".join(err.split())
        assert task in out


def test_the_named_ones_and_their_families_give_no_reason_to_warn(lychee):
    for one in templates():
        assert lychee("build", "--root", one.name, "--variants")[2] == ""


def test_a_family_is_one_root_and_light_variants_each_once():
    for one in templates():
        members = family_of(one)
        assert members[0].text == one.text
        assert len({member.text for member in members}) == len(members) >= 8
        light = [member.text for member in members if member.name.startswith("reworded")]
        assert light
        assert all(len(set(one.text.split()) - set(text.split())) <= 3 for text in light)


def test_rewordings_change_no_part_of_a_word():
    assert list(rewordings("Given a finding, describe the retrieved ranking")) == [
        "For a finding, describe the retrieved ranking"
    ]
    assert [one.name for one in family(Parts(role="Someone"))] == ["root"]


def test_build_prints_the_family_of_ones_own_task(lychee):
    told = json.loads(lychee("build", "--task", "Given a scan, retrieve reports", "--variants", "--json")[1])
    assert [one["text"] for one in told["variants"]] == [
        "Given a scan, retrieve reports",
        "Given a scan, find reports",
        "Given a scan, return reports",
        "For a scan, retrieve reports",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--scenario", "cooking"], "there is no scenario 'cooking'"),
        (["show", "nothing"], "there is no template 'nothing'"),
        (["build", "--root", "nothing"], "there is no template 'nothing'"),
        (["build"], "needs at least a --task"),
        (["build", "--task", " "], "needs at least a --task"),
        (["build", "--task", "a\0b"], "NUL"),
    ],
)
def test_what_makes_no_sense_is_refused(lychee, arguments, said):
    code, out, err = lychee(*arguments)
    assert (code, out) == (2, "")
    assert said in one_error_line(err)
