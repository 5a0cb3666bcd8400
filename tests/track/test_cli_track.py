import json
import re
import shlex
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from quotestance.articles import Failure
from quotestance.cli import app
from quotestance.errors import InputError
from quotestance.records import write_records
from tests.track.making import MODEL, doc

ROOT = Path(__file__).parents[2]


def call(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


class FakeModel:
    name, version = MODEL["name"], MODEL["version"]
    read: ClassVar = []

    def pipe(self, articles, on_error):
        for article in articles:
            self.read.append(article.id)
            if "unreadable" in article.text:
                yield Failure(article.id, InputError("the model gave up"))
            else:
                number = article.id.removeprefix("fiction-")
                yield doc(number, "the ferry sails", text=article.text, date=article.date,
                          outlet=article.outlet)  # fmt: skip


@pytest.fixture
def model(monkeypatch):
    import quotestance.pipeline

    FakeModel.read = []
    monkeypatch.setattr(quotestance.pipeline, "load", lambda *_, **__: FakeModel())
    return FakeModel


@pytest.fixture
def articles(tmp_path):
    path = tmp_path / "articles.jsonl"
    rows = [
        {"id": f"fiction-{n}", "date": "2031-01-01", "outlet": "Post",
         "text": f"Orla Venn said the ferry sails. Day {n}."}
        for n in range(3)
    ]  # fmt: skip
    rows.append({"id": "fiction-bad", "text": "unreadable"})
    rows.append({"id": "fiction-0", "text": "the same id again"})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n")
    return path


def test_add_reads_reports_and_goes_on_where_it_stopped(tmp_path, model, articles):
    ledger = tmp_path / "quotes.duckdb"
    first = call("track", "add", ledger, articles, "--batch", 2)
    assert first.exit_code == 1
    assert "3 added, 0 unchanged, 0 replaced, 0 kept, 3 failed" in first.output
    assert "error: fiction-bad: the model gave up" in first.output
    assert "found 'fiction-0', which an earlier article has" in first.output
    assert "articles.jsonl:6" in first.output
    again = call("track", "add", ledger, articles)
    assert "0 added, 3 unchanged, 0 replaced, 0 kept, 3 failed" in again.output
    assert model.read.count("fiction-1") == 1


def test_add_takes_records_without_a_model(tmp_path):
    records = tmp_path / "records.jsonl"
    write_records(records, [doc("1"), doc("2", "other words altogether", speaker="Tam Ostrick")])
    ledger = tmp_path / "quotes.duckdb"
    done = call("track", "add", ledger, records)
    assert done.exit_code == 0 and "2 added" in done.output
    shown = call("track", "summary", ledger).output
    assert "articles: 2" in shown and "model tiny 1.0: 2 articles" in shown
    assert "speakers: Orla Venn (1), Tam Ostrick (1)" in shown
    table = call("track", "compare", ledger, "--by", "speaker", "--csv").output
    assert table.startswith("speaker,score,low,high,quotes,articles")
    assert "1.0" in call("track", "variants", ledger, "fiction-1", "q1", "--csv").output
    for format in ("parquet", "csv", "jsonl"):
        out = call("track", "export", ledger, tmp_path / format, "--format", format)
        assert out.exit_code == 0 and "2 articles" in out.output
    back = call("track", "import", tmp_path / "back.duckdb", tmp_path / "csv")
    assert back.exit_code == 0 and "back.duckdb: 2 articles" in back.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["track", "trend", "missing.duckdb"], "missing.duckdb: no such ledger"),
        (["track", "add", "new.duckdb", "missing.txt"], "missing.txt: no such file or folder"),
        (["report", "missing.duckdb"], "missing.duckdb: no such ledger"),
        (["track", "import", "new.duckdb", "."], "expected a folder of `quotestance track export`"),
        (["track", "variants", "one.duckdb", "a", "q"], "no quote 'q' of an article 'a'"),
        (["track", "trend", "one.duckdb", "--speaker", "X"], "no quote with the speaker 'X'"),
        (["track", "trend", "one.duckdb", "--since", "May"], "expected a date as YYYY-MM-DD"),
        (["report", "one.duckdb", "--output", "no/where.html"], "no/where.html: cannot be written"),
    ],
)
def test_a_bad_call_ends_with_two_and_a_reason(tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    write_records(tmp_path / "one.jsonl", [doc("1")])
    call("track", "add", "one.duckdb", "one.jsonl")
    result = call(*words)
    assert result.exit_code == 2
    assert message in result.output and "Traceback" not in result.output


def commands():
    text = (ROOT / "docs" / "tracking.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("quotestance ")]


def test_the_commands_of_the_worked_example_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    shipped = (ROOT / "models" / "small" / "model.safetensors").is_file()
    outputs = {}
    for line in commands():
        if "articles.jsonl" in line and not shipped:
            continue  # needs the shipped model
        result = call(*shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.output)
        outputs[line] = result.output
    assert any("2031-05-15" in output for output in outputs.values())
    page = (tmp_path / "venn.html").read_text(encoding="utf-8")
    assert "Orla Venn on Kestria: +0.91 to −1.00 on 2031-05-15" in page
    assert (tmp_path / "venn.png").stat().st_size > 5000
