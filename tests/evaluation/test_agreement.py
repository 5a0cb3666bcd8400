"""Agreement of two annotators: worked examples, identity, disagreements."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from quotestance.cli import app
from quotestance.errors import InputError
from quotestance.evaluation.agreement import agreement, alpha, kappa
from quotestance.records import AnnotatedArticle, Speaker, Stance, write_records

TEXT = (
    "“We will sail,” Mayor Orsa Venn said.\n\n"
    "Union leader Tomas Brill called the plan <script>“a costly gift”</script>.\n\n"
    "The port fears a strike."
)


def find(words):
    start = TEXT.index(words)
    return [start, start + len(words)]


def labelled(id_="fiction-1"):
    return AnnotatedArticle.from_dict(
        {"id": id_, "text": TEXT, "quotes": [
            {"id": "q1", "content": [find("“We will sail,”")], "cue": [find("said")],
             "source": [find("Mayor Orsa Venn")], "kind": "direct", "via": [],
             "speakers": [{"name": "Orsa Venn", "type": "person", "aliases": ["Mayor Venn"]}],
             "mode": "speech", "stance": "supportive", "target": "the ferry"},
            {"id": "q2", "content": [find("“a costly gift”")], "cue": [find("called")],
             "source": [find("Union leader Tomas Brill")], "kind": "direct", "via": [],
             "speakers": [{"name": "Tomas Brill", "type": "person"}],
             "mode": "speech", "stance": "critical", "target": "the plan"},
            {"id": "q3", "content": [find("a strike")], "cue": [find("fears")],
             "source": [find("The port")], "kind": "indirect", "via": [], "speakers": [],
             "mode": "thought", "stance": "critical", "target": None},
        ]}
    )  # fmt: skip


def changed(doc, **changes):
    """The article with one field of quotes changed: ``q1={"stance": ...}``; None drops it."""
    quotes = [q if q.id not in changes else changes[q.id] and q.replace(**changes[q.id])
              for q in doc.quotes]  # fmt: skip
    data = doc.to_dict() | {"quotes": [q.to_dict() for q in quotes if q]}
    return AnnotatedArticle.from_dict(data)


def confusion(first, second):
    labels = sorted({*first, *second})
    out = np.zeros((len(labels), len(labels)))
    for a, b in zip(first, second, strict=True):
        out[labels.index(a), labels.index(b)] += 1
    return out


def test_kappa_of_a_worked_case():
    # 50 items, 35 agreed; chance .5 * .6 + .5 * .4 = .5; kappa (.7 - .5) / (1 - .5).
    assert float(kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))) == pytest.approx(0.4)
    assert math.isnan(float(kappa(np.array([[7.0, 0.0], [0.0, 0.0]]))))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0100000010", "1110010000", 0.095),  # Krippendorff 2011, example A
        ("aabbdcccedda", "babbbccceddd", 0.692),  # example B
    ],
)
def test_alpha_of_the_published_examples(first, second, expected):
    assert float(alpha(confusion(first, second))) == pytest.approx(expected, abs=5e-4)


def test_alpha_without_variation_is_not_defined():
    assert math.isnan(float(alpha(np.array([[9.0, 0.0], [0.0, 0.0]]))))


def test_the_same_labels_agree_fully():
    result = agreement([labelled()], [labelled()], resamples=0)
    assert result.disagreements == ()
    for name in ("content_token_f1", "exact_f1", "relation_f1", "stance_kappa", "mode_kappa",
                 "token_alpha", "content_alpha", "source_alpha", "cue_alpha"):  # fmt: skip
        assert result.scores[name].value == pytest.approx(100), name
    assert result.scores["stance_kappa"].n == 3
    assert math.isnan(result.scores["polarity_kappa"].value)


def test_each_difference_is_listed_side_by_side():
    first = labelled()
    second = changed(
        first,
        q1={"stance": Stance("neutral"), "target": "the harbour", "via": ("Calé Radio",)},
        q2={"speakers": (Speaker("Ada Quill", "person"),), "mode": "thought", "source": ()},
        q3=None,
    )
    result = agreement([first], [second], resamples=0)
    assert [d.keys for d in result.disagreements] == [
        ("via", "stance", "target"),
        ("source", "speakers", "mode"),
        ("quote",),
    ]
    one, two, three = result.disagreements
    assert one.shown("stance") == ("supportive", "neutral")
    assert two.shown("speakers") == ("Tomas Brill (person)", "Ada Quill (person)")
    assert two.shown("source") == ("Union leader Tomas Brill", "-")
    assert three.shown("content") == ("a strike", "-")
    assert result.scores["stance_kappa"].n == 2
    assert result.scores["exact_f1"].value == pytest.approx(80)
    assert result.scores["relation_f1"].value == pytest.approx(40)


def test_either_order_gives_the_same_figures():
    first = labelled()
    second = changed(first, q1={"stance": Stance("critical")}, q3=None)
    one = agreement([first], [second], resamples=0).scores
    other = agreement([second], [first], resamples=0).scores
    for name, figure in one.items():
        assert figure.value == pytest.approx(other[name].value, nan_ok=True), name


def test_aliases_and_spelling_of_names_are_no_disagreement():
    first = labelled()
    second = changed(first, q1={"speakers": (Speaker("mayor venn", "person"),)})
    assert agreement([first], [second], resamples=0).disagreements == ()


def test_what_one_side_did_not_label_is_no_disagreement():
    data = labelled().to_dict()
    for quote in data["quotes"]:
        del quote["stance"], quote["speakers"], quote["target"]
    result = agreement([labelled()], [AnnotatedArticle.from_dict(data)], resamples=0)
    assert result.disagreements == ()
    assert math.isnan(result.scores["stance_kappa"].value)


def test_is_quote():
    second = changed(labelled(), q3={"is_quote": False})
    result = agreement([labelled()], [second], resamples=0)
    assert [d.keys for d in result.disagreements] == [("is_quote",)]
    assert result.disagreements[0].shown("is_quote") == ("a quote", "no quote")
    assert result.scores["is_quote_kappa"].n == 3
    assert result.scores["stance_kappa"].n == 2


def test_articles_of_one_side_are_named():
    result = agreement([labelled("a"), labelled("b")], [labelled("c"), labelled("b")], resamples=50)
    assert (result.n, result.only_first, result.only_second) == (1, ("a",), ("c",))
    with pytest.raises(InputError, match="found 'c' and no id"):
        agreement([labelled("a")], [labelled("c")])
    with pytest.raises(InputError, match="text of the gold article 'a'"):
        agreement([labelled("a")], [AnnotatedArticle("other", id="a")])


class TestCommand:
    @pytest.fixture
    def files(self, tmp_path):
        second = changed(labelled(), q2={"stance": Stance("neutral")})
        write_records(tmp_path / "a.jsonl", [labelled()])
        write_records(tmp_path / "b.jsonl", [second, labelled("fiction-2")])
        return str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")

    def test_text_json_and_page(self, tmp_path, files):
        out, page = tmp_path / "out.json", tmp_path / "out.html"
        result = CliRunner().invoke(
            app, ["agreement", *files, "--json", str(out), "--html", str(page)]
        )
        assert result.exit_code == 0
        assert "stance_kappa" in result.stdout
        assert "1 disagreements" in result.stdout
        assert "1 articles only in" in result.stderr
        data = json.loads(out.read_text(encoding="utf-8"))
        assert data["n"] == 1
        assert data["figures"]["exact_f1"]["value"] == 100
        assert data["disagreements"][0]["keys"] == ["stance"]
        html = page.read_text(encoding="utf-8")
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
        assert "<td>critical</td><td>neutral</td>" in html

    def test_bad_files(self, tmp_path, files):
        result = CliRunner().invoke(app, ["agreement", files[0], str(tmp_path / "none.jsonl")])
        assert result.exit_code == 2
        assert "cannot be read" in result.stderr
