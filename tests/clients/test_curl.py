"""The lines of docs/api.md as a reader pastes them, by the shell and curl that are there."""

import json
import re
import subprocess
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
PAIR = re.compile(r"```bash\n(curl .*?)\n```\n\n```(json|text)\n(.*?)```", re.DOTALL)


@pytest.mark.client("curl", "docs/api.md", "text and picture", version="any")
def test_the_lines_of_the_guide(url, tmp_path):
    pairs = PAIR.findall(GUIDE.read_text("utf-8"))
    assert len(pairs) > 10
    for line, form, shown in pairs:
        pasted = line.replace("localhost:7860", f"--noproxy '*' {url}")
        done = subprocess.run(["bash", "-c", pasted], capture_output=True, text=True, check=True, cwd=tmp_path)
        if form == "text":
            assert done.stdout.strip() == shown.strip(), line
        else:
            check_json(json.loads(done.stdout), json.loads(shown), line)


def check_json(answer, shown, line):
    """Of one form, and the same error; elasticsearch's answers are lists."""
    assert type(answer) is type(shown), line
    if isinstance(answer, dict):
        assert set(answer) - {"warnings"} == set(shown) - {"warnings"}, line
        assert answer.get("error") == shown.get("error"), line
