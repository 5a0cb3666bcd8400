"""What the documents promise holds."""

import json
import re
from pathlib import Path

import quotestance
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
    for page in ("README.md", "docs/format.md", "docs/extract.md"):
        for name in re.findall(r"\bqs\.(\w+)", read(page)):
            assert name in quotestance.__all__, f"{page}: qs.{name}"


def test_links_between_pages_lead_somewhere():
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_ci_runs_the_test_command_of_the_readme():
    assert "\n.venv/bin/python -m pytest\n" in read("README.md")
    assert read(".ci/run").endswith('"$bin/python" -m pytest\n')
