"""What the documents promise holds."""

import json
import re
import shlex
from pathlib import Path

from typer.main import get_command

import quotestance
from quotestance.cli import app
from quotestance.records import AnnotatedArticle

ROOT = Path(__file__).parent.parent


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_example_of_the_format_is_a_record_with_the_spans_it_claims():
    block = re.search("```json\n(.*?)```", read("docs/format.md"), re.DOTALL)[1]
    data = json.loads(block)
    doc = AnnotatedArticle.from_dict(data)
    quote = doc["q1"]
    assert doc.to_dict().keys() == data.keys()
    assert (quote.text, quote.cue[0].text) == ("“We will stay,”", "said")
    assert quote.source[0].text == "Ilsa Torvane, chair of the Harbour Board"
    assert quote.speaker.mention.text == "Ilsa Torvane"
    probabilities = quote.stance.probabilities
    assert sum(probabilities.values()) == 1
    assert data["quotes"][0]["stance_score"] == round(quote.stance.score, 6)


def test_every_name_that_the_python_examples_use_is_public():
    for page in ("README.md", "docs/format.md", "docs/extract.md", "docs/speakers.md"):
        for name in re.findall(r"\bqs\.(\w+)", read(page)):
            assert name in quotestance.__all__, f"{page}: qs.{name}"


def test_links_between_pages_lead_somewhere():
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_files_that_the_readme_names_exist():
    named = re.findall(r"`((?:quotestance|scripts|models)/[\w./]*)`", read("README.md"))
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_ci_runs_the_test_command_of_the_readme():
    assert "\n.venv/bin/python -m pytest\n" in read("README.md")
    assert read(".ci/run").endswith('"$bin/python" -m pytest\n')


PAGES = (ROOT / "README.md", ROOT / "models/small/README.md", *sorted((ROOT / "docs").glob("*.md")))


def commands(page, first):
    """Words of the shell lines of a page that begin with ``first``, continuations joined."""
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words[: len(first)] == first:
                yield words[len(first) :]


def test_every_command_of_the_pages_exists_with_its_options():
    known = get_command(app).commands
    seen = 0
    for page in PAGES:
        for name, *rest in commands(page, ["quotestance"]):
            assert name in known, f"{page.name}: quotestance {name}"
            command = known[name]
            while rest and rest[0] in getattr(command, "commands", {}):
                command = command.commands[rest.pop(0)]
            options = {opt for param in command.params for opt in (*param.opts, "--help")}
            for word in rest:
                option = word.partition("=")[0]
                assert not word.startswith("--") or option in options, f"{page.name}: {name} {word}"
            seen += 1
    assert seen > 10


def test_every_script_of_the_pages_exists_with_its_options():
    for page in PAGES:
        for script, *rest in commands(page, ["python"]):
            if script.startswith("-"):
                continue
            beside = page.parent / script
            source = (beside if beside.is_file() else ROOT / script).read_text("utf-8")
            shared = read("benchmarks/common.py") if script.startswith("benchmarks") else ""
            for word in rest:
                if word.startswith("--"):
                    assert f'"{word}"' in source + shared, f"{page.name}: {script} {word}"


def test_the_python_example_of_the_readme_finds_its_speaker(capsys):
    block = re.search("```python\n(.*?)```", read("README.md"), re.DOTALL)[1]
    exec(compile(block, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "“The bridge will open in May,” Ilsa Torvane" in shown
    assert "n2 1 quotes" in shown


def test_the_python_examples_of_the_page_on_speakers_run(tmp_path, monkeypatch):
    page = read("docs/speakers.md")
    first, rosters = re.findall("```python\n(.*?)```", page, re.DOTALL)
    names = {}
    exec(compile(first, "docs/speakers.md", "exec"), names)
    doc = names["doc"]
    assert names["speaker"].name == "Ilsa Torvane"
    assert names["speaker"].role == "Mayor"
    assert doc["q2"].speaker.name == "Odalys Brenn"
    assert doc["q2"].speaker.id in {entity.id for entity in doc.entities}
    monkeypatch.chdir(tmp_path)
    table = re.search("```csv\n(.*?)```", page, re.DOTALL)[1]
    Path("mine.csv").write_text(table, encoding="utf-8")
    monkeypatch.setattr(quotestance, "load", lambda *, roster: roster)
    exec(compile(rosters, "docs/speakers.md", "exec"), names)
    assert repr(names["mine"]) == "Roster(people=1)"
