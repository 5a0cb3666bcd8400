"""`quotestance doctor`, with a stand-in for the model."""

import sys
import types

import pytest
from typer.testing import CliRunner

import quotestance
from quotestance.cli import app
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle


def reader(source):
    """A model that finds what stands in curly marks and says that ``source`` said it."""

    class Reader:
        name, version = "mark-reader", "1"

        def __call__(self, text):
            start = text.index(source)
            content = Span(text.index("“"), text.index("”") + 1)
            quote = Quote("q1", (content,), source=(Span(start, start + len(source)),))
            return AnnotatedArticle(text=text, quotes=(quote,))

    return Reader()


@pytest.fixture
def run(monkeypatch, tmp_path):
    def call(source, terms=None):
        module = types.ModuleType("quotestance.pipeline")
        module.load = lambda model=None, *, device="auto", roster=None: reader(source)
        monkeypatch.setitem(sys.modules, "quotestance.pipeline", module)
        monkeypatch.setattr(quotestance, "pipeline", module, raising=False)
        if terms:
            (tmp_path / "LICENSE.md").write_text(terms, encoding="utf-8")
        return CliRunner().invoke(app, ["doctor", "--model", str(tmp_path)])

    return call


def test_a_healthy_installation(run, tmp_path):
    result = run("Ilsa Torvane", "# Terms\n\nCode is free,\nweights are not.\n\nMore.")
    assert result.exit_code == 0
    rows = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert rows["torch"][0].isdigit()
    assert rows["model"] == "mark-reader 1"
    assert rows["folder"] == str(tmp_path)
    assert rows["terms"] == f"Code is free, weights are not. ({tmp_path / 'LICENSE.md'})"
    assert "smoke test    passed" in result.stdout


def test_a_model_that_credits_the_wrong_words_fails_the_smoke_test(run):
    result = run("the mayor")
    assert result.exit_code == 1
    assert "failed: expected the source Ilsa Torvane, found 'the mayor'" in result.stdout
    assert "no LICENSE.md in the model folder" in result.stdout


def test_a_missing_model_ends_with_2(tmp_path):
    result = CliRunner().invoke(app, ["doctor", "--model", str(tmp_path / "gone")])
    assert result.exit_code == 2
    assert f"error: expected the folder of a checkpoint at {tmp_path / 'gone'}" in result.stderr
    assert "hint: " in result.stderr
