"""The commands of docs/labelling.md run as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotestance.cli import app
from quotestance.records import read_records

DOCS = Path(__file__).parents[1] / "docs"


def commands():
    page = (DOCS / "labelling.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            yield shlex.split(line)[1:]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for file in (DOCS / "labelling").glob("*.jsonl"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_run(folder):
    found = list(commands())
    assert len(found) == 9
    labels = read_records("first.jsonl")
    for command in found:
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, (command, result.stderr)
        if command[-1] == "back.jsonl":
            assert read_records("back.jsonl") == labels
    assert "first.conll" in {path.name for path in folder.iterdir()}


def test_the_figures_are_those_of_the_page(folder):
    result = CliRunner().invoke(app, ["agreement", "first.jsonl", "second.jsonl"])
    page = (DOCS / "labelling.md").read_text(encoding="utf-8")
    shown = re.findall(r"^│ (\w+) +│ +([\d.]+) ", page, re.MULTILINE)
    assert len(shown) == 4
    assert set(shown) <= set(re.findall(r"^│ (\w+) +│ +([\d.]+) ", result.stdout, re.MULTILINE))
    lines = (folder / "first.jsonl").read_text(encoding="utf-8")
    assert "fiction-ferry" in lines
