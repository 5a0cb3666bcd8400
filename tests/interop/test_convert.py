"""The command ``quotestance convert``."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from quotestance.cli import app
from quotestance.interop import LABELLING_CONFIG
from quotestance.records import AnnotatedArticle, read_records, write_records
from tests.interop.interop_records import by_hand


def run(*args):
    return CliRunner().invoke(app, ["convert", *map(str, args)])


@pytest.fixture
def file(tmp_path):
    write_records(tmp_path / "in.jsonl", [by_hand()])
    return tmp_path / "in.jsonl"


@pytest.mark.parametrize("name", ["tasks.json", "brat", "out.conll", "out.iob", "copy.jsonl"])
def test_there_and_back(tmp_path, file, name):
    assert run(file, tmp_path / name).exit_code == 0
    result = run(tmp_path / name, tmp_path / "back.jsonl")
    assert result.exit_code == 0
    assert "1 articles, 3 quotes" in result.stderr
    assert read_records(tmp_path / "back.jsonl") == [by_hand()]


def test_formats_by_name_and_the_configuration(tmp_path, file):
    result = run(file, tmp_path / "x.txt", "--to", "label-studio", "--config", tmp_path / "c.xml")
    assert result.exit_code == 0
    assert (tmp_path / "c.xml").read_text(encoding="utf-8") == LABELLING_CONFIG
    assert run(tmp_path / "x.txt", tmp_path / "y.jsonl", "--from", "label-studio").exit_code == 0
    result = run(tmp_path / "x.txt", tmp_path / "y.jsonl")
    assert result.exit_code == 2
    assert "--from" in result.stderr


def test_carriage_returns_are_named_for_brat(tmp_path, file):
    result = run(file, tmp_path / "brat")
    assert "article 'fiction/ferry 1' holds carriage returns" in result.stderr


def test_what_a_format_cannot_hold(tmp_path):
    write_records(tmp_path / "in.jsonl", [AnnotatedArticle("It s\ud800ils", id="fiction-1")])
    for name in ("tasks.json", "brat", "out.conll"):
        result = run(tmp_path / "in.jsonl", tmp_path / name)
        assert result.exit_code == 2
        assert "article 'fiction-1'" in result.stderr
        assert "U+D800" in result.stderr
        assert "offset 4" in result.stderr
        assert not (tmp_path / name).is_file()


def test_losses_of_conll_are_named(tmp_path):
    quote = {"id": "q1", "content": [[2, 8]]}
    doc = AnnotatedArticle.from_dict({"id": "fiction-1", "text": "It sails", "quotes": [quote]})
    write_records(tmp_path / "in.jsonl", [doc])
    result = run(tmp_path / "in.jsonl", tmp_path / "out.conll")
    assert result.exit_code == 0
    assert "warning: article 'fiction-1', quote 'q1': the content [2, 8]" in result.stderr


def test_annotator(tmp_path, file):
    run(file, tmp_path / "t.json")
    tasks = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))
    result = tasks[0]["predictions"][0]["result"]
    tasks[0]["annotations"] = [{"completed_by": n, "result": result[: n * 3]} for n in (1, 2)]
    (tmp_path / "t.json").write_text(json.dumps(tasks), encoding="utf-8")
    assert run(tmp_path / "t.json", tmp_path / "a.jsonl").exit_code == 2
    assert run(tmp_path / "t.json", tmp_path / "a.jsonl", "--annotator", "2").exit_code == 0


def test_bad_calls(tmp_path, file):
    assert "cannot be read" in run(tmp_path / "none.json", tmp_path / "o.jsonl").stderr
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    result = run(tmp_path / "bad.json", tmp_path / "o.jsonl")
    assert (result.exit_code, "bad.json" in result.stderr) == (2, True)
    result = run(file, tmp_path / "no" / "folder.json")
    assert (result.exit_code, "cannot be written" in result.stderr) == (2, True)
