"""`quotestance extract` and `doctor`, with a stand-in for the model."""

import csv
import io
import json
import re
import subprocess
import sys
import types

import pytest
from typer.testing import CliRunner

import quotestance
from quotestance.articles import Failure
from quotestance.cli import app
from quotestance.errors import InputError, ModelError
from quotestance.quotes import Confidence, Quote, Span, Stance
from quotestance.records import ROW_COLUMNS, AnnotatedArticle, read_records


class MarkReader:
    """Stands in for the model: each stretch in curly marks is a quote."""

    name, version = "mark-reader", "1"

    def __init__(self):
        self.kept = []

    def pipe(self, articles, batch_size=32, *, keep="quotes", on_error="raise"):
        assert on_error == "yield"
        self.kept.append(keep)
        for article in articles:
            if article.text == "fail":
                yield Failure(article.id, InputError("expected another text", hint="write one"))
            else:
                yield self(article)

    def __call__(self, article):
        text = article if isinstance(article, str) else article.text
        id = "" if isinstance(article, str) else article.id
        quotes = tuple(
            Quote(
                f"q{n}",
                (Span(*found.span()),),
                source=(Span(0, len(text)),),
                mode="thought" if "think" in found.group() else "speech",
                stance=Stance("neutral"),
                inside="q1" if n > 1 else None,
                confidence=Confidence(0.4 if "perhaps" in found.group() else 0.9),
            )
            for n, found in enumerate(re.finditer("“.*?”", text), 1)
        )
        warnings = ("the text looks like HTML",) if "<p>" in text else ()
        return AnnotatedArticle(text=text, id=id, quotes=quotes, warnings=warnings)


@pytest.fixture
def nlp(monkeypatch):
    model = MarkReader()
    module = types.ModuleType("quotestance.pipeline")
    module.asked = []

    def load(name=None, *, device="auto", roster=None):
        module.asked.append((name, device))
        if name == "broken":
            raise ModelError("expected broken/config.json, found no such file", "copy it again")
        return model

    module.load = load
    model.asked = module.asked
    # In place of the real module, so that these tests need neither torch nor weights.
    monkeypatch.setitem(sys.modules, "quotestance.pipeline", module)
    monkeypatch.setattr(quotestance, "pipeline", module, raising=False)
    return model


@pytest.fixture
def run(nlp, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments, stdin=None):
        return CliRunner().invoke(app, ["extract", *map(str, arguments)], input=stdin)

    return call


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("“One perhaps,” she said. “I think two,” he said. “Three.”", encoding="utf-8")
    return path


def contents(result):
    return [quote.text for line in result.stdout.splitlines() for quote in doc_of(line)]


def doc_of(line):
    return AnnotatedArticle.from_dict(json.loads(line))


def test_the_default_is_a_table(run, article):
    result = run(article)
    assert result.exit_code == 0
    assert "“One perhaps,”" in result.stdout
    assert "0 neutral" in result.stdout
    assert "3 quotes" in result.stdout
    assert result.stderr == ""


def test_jsonl_is_one_record_an_article_in_input_order(run, tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text(f"“{name}”", encoding="utf-8")
    result = run("b.txt", "-", "a.txt", "--format", "jsonl", stdin="“stdin”")
    assert [doc_of(line).id for line in result.stdout.splitlines()] == ["b.txt", "stdin", "a.txt"]
    assert contents(result) == ["“b”", "“stdin”", "“a”"]


def test_json_is_one_list(run, article, tmp_path):
    (tmp_path / "b.txt").write_text("nothing", encoding="utf-8")
    shown = json.loads(run(article, "b.txt", "--format", "json").stdout)
    assert [doc["id"] for doc in shown] == ["a.txt", "b.txt"]
    (tmp_path / "c.txt").write_text("fail", encoding="utf-8")
    assert json.loads(run("c.txt", "--format", "json").stdout) == []


def test_csv_is_one_row_a_quote(run, article):
    rows = list(csv.DictReader(io.StringIO(run(article, "--format", "csv").stdout)))
    assert list(rows[0]) == list(ROW_COLUMNS)
    assert [(row["content"], row["start"], row["mode"]) for row in rows] == [
        ("“One perhaps,”", "0", "speech"),
        ("“I think two,”", "25", "thought"),
        ("“Three.”", "49", "speech"),
    ]


def test_html_is_a_page(run, article):
    shown = run(article, "--format", "html").stdout
    assert shown.startswith("<!DOCTYPE html>")
    assert "“I think two,”</mark>" in shown


def test_output_goes_to_a_file_and_stdout_stays_empty(run, article, tmp_path):
    result = run(article, "--format", "jsonl", "--output", "out.jsonl")
    assert (result.exit_code, result.stdout) == (0, "")
    assert [doc.id for doc in read_records(tmp_path / "out.jsonl")] == ["a.txt"]


def test_lone_surrogates_reach_every_format(run, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "s", "text": "“\\ud800”"}\n', encoding="utf-8")
    for format in ("table", "json", "jsonl", "csv", "html"):
        assert run("a.jsonl", "--format", format).exit_code == 0, format
    assert contents(run("a.jsonl", "--format", "jsonl")) == ["“\ud800”"]


def test_min_confidence_mode_and_keep(run, nlp, article):
    assert contents(run(article, "--format", "jsonl", "--min-confidence", "0.5")) == [
        "“I think two,”", "“Three.”",
    ]  # fmt: skip
    assert contents(run(article, "--format", "jsonl", "--mode", "thought")) == ["“I think two,”"]
    assert len(contents(run(article, "--format", "jsonl", "--keep", "attributions"))) == 3
    assert nlp.kept == ["quotes", "quotes", "attributions"]


def test_a_quote_never_stands_inside_one_that_was_left_out(run, article):
    kept = doc_of(run(article, "--format", "jsonl", "--min-confidence", "0.5").stdout)
    assert [quote.inside for quote in kept] == [None, None]


def test_model_and_device_reach_the_loader(run, nlp, article):
    run(article, "--model", "some/folder", "--device", "cpu")
    assert nlp.asked == [("some/folder", "cpu")]


def test_some_articles_fail_and_the_rest_are_written(run, tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": "n1", "text": "“one”"}\n{"id": "n2", "text": "fail"}\n{"id": "n3"}\n'
        '{"id": "n1", "text": "again"}\n{"id": "n5", "text": "“five”"}\n',
        encoding="utf-8",
    )
    result = run("a.jsonl", "--format", "jsonl")
    assert result.exit_code == 1
    assert contents(result) == ["“one”", "“five”"]
    assert "error: n2: expected another text\nhint: write one" in result.stderr
    assert "error: n3: a.jsonl:3: field 'text': expected a string" in result.stderr
    assert "error: n1: a.jsonl:4: field 'id': expected an id of its own, found" in result.stderr
    assert result.stderr.endswith("3 of 5 articles failed\n")


def test_each_failure_names_its_place_once(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_bytes(b"caf\xe9")
    (tmp_path / "rows.jsonl").write_text('{"title": "T"}\n[]\n', encoding="utf-8")
    (tmp_path / "in/rows.csv").write_text("text,desk\nalone\n", encoding="utf-8")
    shown = run("in", "rows.jsonl", "in/rows.csv", "in/a.txt").stderr.splitlines()
    assert [line for line in shown if line.startswith("error")] == [
        "error: in/a.txt: expected UTF-8, found byte 0xe9 at byte 3",
        "error: rows.jsonl:1: field 'text': expected a string, found the key 'title'",
        "error: rows.jsonl:2: expected a JSON object, found list",
        "error: in/rows.csv:2: expected 2 cells, found 1",
        "error: in/a.txt: expected UTF-8, found byte 0xe9 at byte 3",
    ]


def test_warnings_reach_stderr_and_the_record(run, tmp_path):
    (tmp_path / "a.txt").write_bytes("\ufeff<p>“one”".encode())
    result = run("a.txt", "--format", "jsonl")
    assert "warning: a.txt: a byte-order mark at the start was dropped" in result.stderr
    assert "warning: a.txt: the text looks like HTML" in result.stderr
    bom, markup = doc_of(result.stdout).warnings
    assert bom.startswith("a byte-order mark")
    assert markup == "the text looks like HTML"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.txt"], "error: gone.txt: no such file or folder\nhint: check the path\n"),
        (["a.txt", "--model", "broken"], "error: expected broken/config.json, found no such"),
        (["a.txt", "--output", "no/out"], "error: no/out: the folder to write to does not exist"),
        (["a.txt", "--output", "."], "error: .: expected a file to write to, found a folder"),
        (["a.txt", "--output", "a.txt"], "error: a.txt: expected another file than the input"),
        (["a.txt", "--format", "xml"], "Invalid value for '--format'"),
        (["a.txt", "--min-confidence", "2"], "Invalid value for '--min-confidence'"),
        (["a.txt", "--mode", "song"], "Invalid value for '--mode'"),
        ([], "Missing argument 'INPUT...'"),
    ],
)
def test_a_bad_call_ends_with_2_and_says_why(run, article, arguments, message):
    before = article.read_bytes()
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert article.read_bytes() == before


def test_help_names_every_command():
    shown = CliRunner().invoke(app, ["--help"]).stdout
    for name in ("extract", "doctor"):
        assert name in shown


def test_version():
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("quotestance ")


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path):
    code = (
        "import sys, types\n"
        "import quotestance\n"
        "from tests.test_cli_extract import MarkReader\n"
        "module = types.ModuleType('quotestance.pipeline')\n"
        "module.load = lambda *a, **k: MarkReader()\n"
        "sys.modules['quotestance.pipeline'] = quotestance.pipeline = module\n"
        "from quotestance.cli import main\n"
        "main()\n"
    )
    rows = "".join(json.dumps({"text": "“one” " * 2000}) + "\n" for _ in range(50))
    (tmp_path / "a.jsonl").write_text(rows, encoding="utf-8")
    arguments = ["extract", str(tmp_path / "a.jsonl"), "--format", "jsonl"]
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=30) == 1
    assert errors == ""
