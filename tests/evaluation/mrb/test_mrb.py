"""Small data sets in the layouts in which MRB's are published, read as the folders that are measured."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.toy_service import picture
from typer.testing import CliRunner

from content.errors import InvalidInput, NotFound
from evaluation.cli.app import app
from evaluation.folder.folder import BeirFolder
from evaluation.mrb.folder import write_folder
from evaluation.mrb.task_type import TASK_TYPES, task_type
from reranker.instructions import INSTRUCTIONS

COLOURS = ("red", "green", "blue")


def image(colour):
    return {"bytes": picture(colour), "path": f"{colour}.png"}


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


@pytest.fixture
def mbeir(tmp_path):
    """All three kinds of rows on either side, in two files of a corpus."""
    source = tmp_path / "mbeir"
    corpus = [
        {"id": f"d:{colour}", "modality": "image,text", "text": f"a {colour} thing", "image": image(colour)}
        for colour in COLOURS
    ]
    write(source / "corpus-00000-of-00002.parquet", corpus[:2])
    write(source / "corpus-00001-of-00002.parquet", corpus[2:])
    queries = [{"id": f"q:{c}", "modality": "image,text", "text": f"{c} one", "image": image(c)} for c in COLOURS]
    write(source / "query-00000-of-00001.parquet", queries)
    judged = [{"query-id": f"q:{c}", "Q0": "Q0", "corpus-id": f"d:{c}", "score": 1} for c in COLOURS]
    write(source / "qrels-00000-of-00001.parquet", judged)
    return source


@pytest.mark.parametrize("name", TASK_TYPES)
def test_every_task_type_has_its_sides_and_nothing_else(tmp_path, mbeir, name):
    task = task_type(name)
    written = write_folder(mbeir, tmp_path / "out", task)
    assert (written.documents, written.queries, written.judgements, written.lacking) == (3, 3, 3, 0)
    with BeirFolder(tmp_path / "out") as folder:
        assert folder.warnings == []
        assert folder.qrels == {f"q:{colour}": {f"d:{colour}": 1} for colour in COLOURS}
        for side, content in ((task.query, folder.query("q:red")), (task.document, folder.document("d:red"))):
            assert content.kind == {"T": "text", "I": "image", "IT": "mixed"}[side]
        assert folder.instruction("q:red") in INSTRUCTIONS


def test_visual_documents_are_read_in_vidores_layout(tmp_path):
    source = tmp_path / "vidore"
    write(source / "corpus" / "test-00000-of-00001.parquet", [{"corpus-id": 7, "image": image("red")}])
    write(source / "queries" / "test-00000-of-00001.parquet", [{"query-id": 1, "query": "a red page"}])
    write(source / "qrels" / "test-00000-of-00001.parquet", [{"query-id": 1, "corpus-id": 7, "score": 1.0}])
    write_folder(source, tmp_path / "out", task_type("T->VD"), "Find the page")
    with BeirFolder(tmp_path / "out") as folder:
        assert folder.query("1").text == "a red page"
        assert folder.document("7").image.getpixel((0, 0)) == (255, 0, 0)
        assert folder.instruction("1") == "Find the page"


def test_rows_that_lack_a_side_are_left_out_and_counted(tmp_path, mbeir):
    write(
        mbeir / "corpus-00001-of-00002.parquet", [{"id": "d:blue", "modality": "text", "text": "blue", "image": None}]
    )
    written = write_folder(mbeir, tmp_path / "out", task_type("T->I"))
    assert (written.documents, written.lacking) == (2, 1)


def test_a_data_set_without_what_the_type_asks_for_is_refused_and_nothing_is_written(tmp_path, mbeir):
    write(mbeir / "query-00000-of-00001.parquet", [{"id": "q", "text": "red", "image": None}])
    with pytest.raises(InvalidInput, match="no row of the queries has a text and a picture, as IT->I asks for"):
        write_folder(mbeir, tmp_path / "out", task_type("IT->I"))
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["mbeir"]


def test_what_is_no_data_set_is_told_in_a_sentence(tmp_path, mbeir):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match=r"holds no corpus-\*\.parquet"):
        write_folder(tmp_path / "empty", tmp_path / "out", task_type("T->I"))
    with pytest.raises(NotFound, match="there is no folder"):
        write_folder(tmp_path / "none", tmp_path / "out", task_type("T->I"))
    (mbeir / "corpus-00000-of-00002.parquet").write_bytes(b"no table")
    with pytest.raises(InvalidInput, match="cannot be read"):
        write_folder(mbeir, tmp_path / "out", task_type("T->I"))
    with pytest.raises(InvalidInput, match="'T->VD'"):
        task_type("T->V")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path, mbeir):
    with pytest.raises(InvalidInput, match="is there already"):
        write_folder(mbeir, tmp_path, task_type("T->I"))


def test_the_command_says_what_was_written_and_what_comes_next(tmp_path, mbeir):
    done = CliRunner().invoke(app, ["mrb", str(mbeir), str(tmp_path / "out"), "--type", "IT->I"])
    assert done.exit_code == 0
    assert "3 documents, 3 queries, 3 judgements." in done.stdout
    assert f"lychee evaluate folder {tmp_path / 'out'}" in done.stdout


def test_the_command_sends_nothing_of_a_folders_name_to_the_terminal_that_steers_it(tmp_path, mbeir):
    done = CliRunner().invoke(app, ["mrb", str(mbeir), str(tmp_path / "out\x1b[31m"), "--type", "IT->I"])
    assert done.exit_code == 0
    assert "\x1b" not in done.output
