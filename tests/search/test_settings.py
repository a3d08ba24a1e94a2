"""Where settings come from, which one wins, and what is refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from support.settings_page import settings_page

from content.errors import SettingsError
from search.load_settings import load_settings, variable
from search.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LYCHEE_CONFIG", raising=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


def write(text: str, name: str = "lychee.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults():
    settings = load_settings()

    assert (settings.encoder, settings.reranker, settings.collection) == ("demo", "demo", "demo")
    assert (settings.host, settings.port, settings.candidates) == ("127.0.0.1", 7860, 100)
    assert settings.collections == Path("collections")
    assert settings.image_limits.max_pixels == 50_000_000


def test_options_win_over_the_environment_which_wins_over_the_file(monkeypatch):
    write('port = 1001\ncandidates = 11\nencoder = "from-file"\n')
    monkeypatch.setenv("LYCHEE_PORT", "1002")
    monkeypatch.setenv("LYCHEE_CANDIDATES", "12")

    settings = load_settings(overrides={"port": 1003, "host": None})

    assert (settings.port, settings.candidates, settings.encoder, settings.host) == (1003, 12, "from-file", "127.0.0.1")


def test_an_empty_variable_counts_as_absent(monkeypatch):
    write("port = 1001")
    monkeypatch.setenv("LYCHEE_PORT", "")
    assert load_settings().port == 1001


def test_the_file_is_the_named_one_then_the_one_of_the_environment_then_the_one_here(monkeypatch):
    write("port = 1")
    assert load_settings().port == 1
    monkeypatch.setenv("LYCHEE_CONFIG", str(write("port = 2", "other.toml")))
    assert load_settings().port == 2
    assert load_settings(write("port = 3", "third.toml")).port == 3


@pytest.mark.parametrize("place", ["option", "variable"])
def test_a_named_file_that_is_missing_is_refused(monkeypatch, place):
    if place == "variable":
        monkeypatch.setenv("LYCHEE_CONFIG", "missing.toml")
    with pytest.raises(SettingsError, match=r"missing\.toml does not exist"):
        load_settings(Path("missing.toml") if place == "option" else None)


def test_unknown_names_are_refused_with_the_one_that_was_meant(monkeypatch):
    path = write('rerankr = "none"')
    with pytest.raises(
        SettingsError, match=r"unknown setting rerankr in lychee\.toml; did you mean reranker\?"
    ) as refused:
        load_settings()
    assert refused.value.param == "rerankr"

    path.unlink()
    monkeypatch.setenv("LYCHEE_RERANKR", "none")
    with pytest.raises(SettingsError, match=r"LYCHEE_RERANKR in the environment; did you mean LYCHEE_RERANKER\?"):
        load_settings()


def test_an_unknown_name_like_no_other_lists_them_all():
    write("zzzzzz = 1")
    with pytest.raises(SettingsError, match="the settings are encoder, reranker, judge"):
        load_settings()


def test_an_unknown_option_of_the_program_is_a_bug_and_not_passed_over():
    with pytest.raises(SettingsError, match="prot"):
        load_settings(overrides={"prot": 1})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("port", "65536"),
        ("port", "many"),
        ("candidates", "0"),
        ("candidates", "10001"),
        ("device", "gpu"),
        ("dtype", "int8"),
        ("judge", "maybe"),
        ("quantization", "int3"),
        ("encoder_batch_size", "0"),
        ("max_image_pixels", "1000000000"),
    ],
)
def test_a_value_out_of_range_is_refused_naming_where_it_stands(monkeypatch, setting, value):
    with pytest.raises(SettingsError, match=f"--{setting.replace('_', '-')} is '{value}'") as refused:
        load_settings(overrides={setting: value})
    assert refused.value.param == setting

    write(f'{setting} = "{value}"')
    with pytest.raises(SettingsError, match=rf"{setting} in lychee\.toml is '{value}'"):
        load_settings()

    monkeypatch.setenv(variable(setting), value)
    with pytest.raises(SettingsError, match=f"{variable(setting)} is '{value}'"):
        load_settings()


def test_a_file_that_is_no_toml_is_refused():
    write("port = = 1")
    with pytest.raises(SettingsError, match=r"lychee\.toml cannot be read"):
        load_settings()


def test_settings_do_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


def test_the_page_of_settings_is_true():
    page = PAGE.read_text(encoding="utf-8")
    assert page == settings_page(), "docs/settings.md is out of date: write the output of settings_page() into it"
