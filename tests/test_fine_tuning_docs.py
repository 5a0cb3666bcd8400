"""The way round of docs/fine-tuning.md, command by command, with a tiny model in place of ours."""

from __future__ import annotations

import dataclasses
import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from quotestance.checking import check_files
from quotestance.cli import app
from quotestance.records import read_records, write_records
from quotestance.training.settings import FINE_TUNE, SCRATCH, Settings
from tests.tiny_model import tiny_folder  # noqa: F401 (a fixture)

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "fine-tuning.md").read_text(encoding="utf-8")


def commands():
    """The commands of the first section that is tried out as a whole."""
    block = next(b for b in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "courier" in b)
    return [shlex.split(line) for line in block.splitlines()]


def make(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["courier.py", str(folder)])
    runpy.run_path(str(DOCS / "fine-tuning" / "courier.py"), run_name="__main__")


@pytest.fixture
def shipped(monkeypatch, tiny_folder):  # noqa: F811
    """The tiny model where the commands take the shipped one."""
    monkeypatch.setattr("quotestance.network.checkpoint.default_folder", lambda: tiny_folder)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_the_commands_run_as_they_stand(tmp_path, monkeypatch, shipped):
    monkeypatch.chdir(tmp_path)
    (first, second, *rest) = commands()
    assert first[:2] == ["python", "fine-tuning/courier.py"]
    assert second == ["cd", first[2]]
    make(tmp_path / first[2], monkeypatch)
    monkeypatch.chdir(tmp_path / first[2])
    for name in ("train", "dev", "held-out"):  # a few articles of each: this is about the commands
        write_records(f"{name}.jsonl", read_records(f"{name}.jsonl")[:3])
    Path("quick.toml").write_text("epochs = 1\n", encoding="utf-8")
    assert [words[1] for words in rest] == ["check", "extract", "train", "extract", "evaluate"]
    for words in rest:
        more = ["--config", "quick.toml"] if words[1] == "train" else []
        result = CliRunner().invoke(app, [*words[1:], *more])
        assert result.exit_code == 0, (words, result.output)
    assert "relation_f1" in result.stdout
    assert len(read_records("after.jsonl")) == 3


def test_the_articles_are_clean_and_share_no_names(tmp_path, monkeypatch):
    make(tmp_path, monkeypatch)
    files = [tmp_path / f"{name}.jsonl" for name in ("train", "dev", "held-out")]
    report = check_files(files)
    assert report.faults == ()
    assert report.summary.articles == 70
    names = [
        {s.name for d in read_records(file) for q in d.quotes for s in q.speakers} for file in files
    ]
    assert all(len(found) > 10 for found in names)
    assert not names[0] & (names[1] | names[2])
    doc = read_records(files[0])[0]
    assert all("fiction" in doc.id for doc in read_records(files[0]))
    assert all(
        piece.text[0].isupper() and cue.text for q in doc.quotes
        for piece in q.content for cue in q.cue
    )  # fmt: skip


def test_every_setting_stands_in_the_table_with_its_defaults():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    for field in dataclasses.fields(Settings):
        shown = rows[field.name].strip()
        for settings, value in (
            (FINE_TUNE, shown.split("; ")[0]),
            (SCRATCH, shown.split("; ")[-1]),
        ):
            own = getattr(settings, field.name)
            if own is None:
                assert value == "16/3 of `lr`"
            elif isinstance(own, bool):
                assert value == str(own).lower()
            elif isinstance(own, str):
                assert value == own
            else:
                assert float(value) == own, field.name
