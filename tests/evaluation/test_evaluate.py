"""The whole evaluation: corpora of every kind, a fake system, predictions, the command line."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from typer.testing import CliRunner

from quotestance.cli import app
from quotestance.errors import InputError
from quotestance.evaluation import compare_predictions, evaluate
from quotestance.evaluation.formats import CORPORA
from quotestance.quotes import Confidence, Entity, Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle, write_records

RUNNER = CliRunner()
TEXT = 'Ana Voss said "the harbour is closed". Ben Okt denied that it leaks.'
SENTENCE = {"text": TEXT, "target": [19, 26], "label": -1}
ROWS = {
    "polnear": [
        {
            "id": "fiction-1",
            "annotator": name,
            "publisher": "fiction",
            "date": None,
            "title": None,
            "text": TEXT,
            "attributions": [
                {"id": "E1", "source": [[0, 8]], "cue": [[9, 13]], "content": [[14, 37]]},
                {"id": "E2", "source": [[39, 46]], "cue": [[47, 53]], "content": [[54, end]]},
            ],
        }
        for name, end in (("a1", 67), ("a2", 58))
    ],
    "newsmtsc": [SENTENCE | {"id": "fiction-1"}],
    "dse": [
        SENTENCE | {"id": "fiction-1-pq", "source": [0, 8]},
        {"id": "fiction-1-qp", "text": TEXT, "source": [19, 26], "target": [0, 8], "label": 0},
    ],
    "gap": [
        {
            "id": "fiction-1",
            "text": "Ana left when she saw Eve.",
            "pronoun": [14, 17],
            "gender": "F",
            "candidates": [{"span": [0, 3], "label": True}, {"span": [22, 25], "label": False}],
        }
    ],
    "gum": [
        {
            "id": "fiction-1",
            "text": "Ana left when she saw Eve.",
            "mentions": [
                {"span": [0, 3], "cluster": 1, "entity_type": "person"},
                {"span": [14, 17], "cluster": 1, "entity_type": "person"},
            ],
        }
    ],
}


def gold_record() -> AnnotatedArticle:
    def part(words: str) -> tuple[Span, ...]:
        start = TEXT.index(words)
        return (Span(start, start + len(words)),)

    return AnnotatedArticle(
        text=TEXT,
        id="fiction-1",
        date="2031-02-03",
        quotes=(
            Quote(
                "q1", part('"the harbour is closed"'), part("said"), part("Ana Voss"), "direct",
                (Speaker("Ana Voss", "person"),), ("Bay Radio",), "affirmed", "speech",
                Stance("critical"), "harbour", "issue", part("harbour")[0],
            ),
            Quote(
                "q2", part("that it leaks"), part("denied"), part("Ben Okt"), "indirect",
                (Speaker("Ben Okt", "person"),), (), "denied", "speech",
                Stance("supportive"), "harbour", "issue", None,
            ),
        ),
    )  # fmt: skip


def corpus_file(tmp_path, name):
    path = tmp_path / f"{name}.jsonl"
    if name == "quotestance":
        write_records(path, [gold_record()])
    else:
        path.write_text("\n".join(map(json.dumps, ROWS[name])), encoding="utf-8")
    return path


JSON_LINES = sorted({*ROWS, "quotestance"})


class Fake:
    """A system that gives the same quotes, entities and stance for any article."""

    def __init__(self, record: AnnotatedArticle) -> None:
        self.record = record
        self.seen: list = []

    def pipe(self, articles, *, keep):
        for article in articles:
            self.seen.append((article, keep))
            yield dataclasses.replace(self.record, id=article.id, text=article.text)

    def stances(self, triples):
        self.seen += triples
        chances = {"supportive": 0.1, "neutral": 0.2, "critical": 0.7}
        return [Stance("critical", chances) for _ in triples]


@pytest.mark.parametrize("name", JSON_LINES)
def test_the_gold_itself_is_100_everywhere(tmp_path, name):
    path = corpus_file(tmp_path, name)
    found = evaluate(name, path, predictions=path)
    defined = {n: f.value for n, f in found.scores.items() if not math.isnan(f.value)}
    zero = {n for n, value in defined.items() if value == 0}
    assert {n for n, value in defined.items() if value != 100} == zero
    assert all("wrong" in n or "withheld" in n for n in zero)
    assert len(defined) >= 2


@pytest.mark.parametrize("name", JSON_LINES)
def test_an_empty_file_is_0_everywhere(tmp_path, name):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    found = evaluate(name, corpus_file(tmp_path, name), predictions=empty)
    values = [f.value for f in found.scores.values() if not math.isnan(f.value)]
    assert values
    assert set(values) == {0}


def test_shuffled_speakers_cost_the_figures_of_speakers_alone(tmp_path):
    """Every second article has its two speakers exchanged, so half of the names are right."""
    gold = [dataclasses.replace(gold_record(), id=f"fiction-{i}") for i in range(10)]
    shuffled = [
        dataclasses.replace(doc, quotes=exchanged(doc.quotes)) if i % 2 else doc
        for i, doc in enumerate(gold)
    ]
    paths = [tmp_path / name for name in ("gold.jsonl", "shuffled.jsonl")]
    for path, docs in zip(paths, (gold, shuffled), strict=True):
        write_records(path, docs)
    found = evaluate("quotestance", paths[0], predictions=paths[1]).scores
    half = {name for name, figure in found.items() if figure.value == 50}
    assert half == {
        *("speaker_right", "speaker_wrong", "speaker_right_name", "speaker_wrong_name"),
        *(f"{stem}_{part}" for stem in ("end_to_end", "end_to_end_stance")
          for part in ("precision", "recall", "f1")),
    }  # fmt: skip
    assert all(found[name].value == 100 for name in ("relation_f1", "exact_f1", "macro_f1"))
    assert found["speaker_right"].low < 50 < found["speaker_right"].high


def exchanged(quotes):
    first, second = quotes
    return (
        first.replace(speakers=second.speakers),
        second.replace(speakers=first.speakers),
    )


def test_every_figure_of_the_issue_is_written(tmp_path):
    path = corpus_file(tmp_path, "polnear")
    names = (
        "content_token_f1 source_token_f1 cue_token_f1 exact_f1 soft_f1 half_overlap_f1 "
        "relation_f1 quoted_relation_f1 speaker_right speaker_wrong speaker_withheld via_f1 "
        "denied_f1 mode_accuracy macro_f1 accuracy target_match end_to_end_f1 ece"
    )
    written = evaluate("polnear", path, predictions=path).to_dict()
    assert set(names.split()) <= set(written["figures"])
    for name in written["figures"]:
        if name.endswith("_f1"):
            stem = name.removesuffix("_f1")
            assert {f"{stem}_precision", f"{stem}_recall"} <= set(written["figures"])
    assert (written["corpus"], written["n"]) == ("polnear", 1)
    assert written["figures"]["speaker_right"] == {"value": None, "low": None, "high": None, "n": 0}


def test_several_annotators_give_the_human_ceiling(tmp_path):
    path = corpus_file(tmp_path, "polnear")
    found = evaluate("polnear", path, predictions=path)
    assert found.n == 1
    assert found.ceiling["exact_f1"].value == 50
    assert "human_ceiling" in found.to_dict()


def test_a_system_reads_articles_without_their_labels(tmp_path):
    fake = Fake(gold_record())
    found = evaluate("quotestance", corpus_file(tmp_path, "quotestance"), system=fake)
    article, keep = fake.seen[0]
    assert type(article).__name__ == "Article"
    assert (article.id, article.date, keep) == ("fiction-1", "2031-02-03", "quotes")
    assert found.scores["relation_f1"].value == 100
    # Gold targets are given by the gold span, or where their words stand in the article.
    assert fake.seen[1:] == [(TEXT, (19, 26), (0, 8)), (TEXT, (19, 26), (39, 46))]
    assert found.scores["given_target_accuracy"].value == 50
    assert found.scores["given_target_accuracy"].n == 2


def test_polnear_asks_for_attributions_and_for_no_stance(tmp_path):
    fake = Fake(gold_record())
    found = evaluate("polnear", corpus_file(tmp_path, "polnear"), system=fake)
    assert [keep for _, keep in fake.seen] == ["attributions"]
    assert found.scores["relation_f1"].value == 100


def test_sentences_ask_for_the_stance_of_a_given_pair(tmp_path):
    fake = Fake(gold_record())
    found = evaluate("dse", corpus_file(tmp_path, "dse"), system=fake)
    assert fake.seen == [(TEXT, (19, 26), (0, 8)), (TEXT, (0, 8), (19, 26))]
    assert found.scores["accuracy"].value == 50
    assert found.scores["ece"].value == pytest.approx(20)
    assert found.scores["direction_right"].value == 0
    assert found.to_dict()["risk_coverage"]["stance"][-1]["risk"] == 50
    evaluate("newsmtsc", corpus_file(tmp_path, "newsmtsc"), system=fake)
    assert fake.seen[-1] == (TEXT, (19, 26), None)


@pytest.mark.parametrize(("name", "figure"), [("gap", "gap_f1"), ("gum", "conll_f1")])
def test_coreference_reads_the_entities(tmp_path, name, figure):
    entities = (Entity("e", "Ana", "person", (Span(0, 3), Span(14, 17))),)
    record = AnnotatedArticle(text="Ana left when she saw Eve.", entities=entities)
    found = evaluate(name, corpus_file(tmp_path, name), system=Fake(record))
    assert found.scores[figure].value == 100


def test_confidence_of_quotes_and_names_is_calibrated(tmp_path):
    gold = gold_record()
    sure = [q.replace(confidence=Confidence(quote=0.8, speaker=0.6)) for q in gold.quotes]
    fake = Fake(dataclasses.replace(gold, quotes=tuple(sure)))
    found = evaluate("quotestance", corpus_file(tmp_path, "quotestance"), system=fake)
    assert found.scores["ece_quote"].value == pytest.approx(20)
    assert found.scores["ece_speaker"].value == pytest.approx(40)


def test_bad_calls(tmp_path):
    path = corpus_file(tmp_path, "quotestance")
    with pytest.raises(InputError, match="expected one of quotestance, polnear"):
        evaluate("nothing", path, predictions=path)
    with pytest.raises(InputError, match="expected a number from 1 up, found 0"):
        evaluate("quotestance", path, predictions=path, limit=0)
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    with pytest.raises(InputError, match="expected labelled rows, found none"):
        evaluate("quotestance", empty, predictions=path)


def test_one_article_twice_without_annotators_is_refused(tmp_path):
    path = tmp_path / "twice.jsonl"
    write_records(path, [gold_record(), gold_record()])
    with pytest.raises(InputError, match="'fiction-1' twice"):
        evaluate("quotestance", path, predictions=path)


def test_limit_takes_the_first_rows(tmp_path):
    path = tmp_path / "many.jsonl"
    write_records(path, [dataclasses.replace(gold_record(), id=f"fiction-{i}") for i in range(5)])
    assert evaluate("quotestance", path, predictions=path, limit=2).n == 2


def test_two_systems_are_compared_on_the_same_articles(tmp_path):
    rows = [dataclasses.replace(gold_record(), id=f"fiction-{i}") for i in range(12)]
    worse = [dataclasses.replace(row, quotes=row.quotes[:1]) for row in rows]
    paths = [tmp_path / name for name in ("gold.jsonl", "a.jsonl", "b.jsonl")]
    for path, found in zip(paths, (rows, worse, rows), strict=True):
        write_records(path, found)
    found = compare_predictions("quotestance", *paths)["relation_f1"]
    assert (found.first, found.second) == (pytest.approx(200 / 3), 100)
    assert found.p < 0.01


def run(*arguments):
    return RUNNER.invoke(app, ["evaluate", *map(str, arguments)])


def test_the_command_writes_table_json_and_errors(tmp_path):
    path = corpus_file(tmp_path, "quotestance")
    figures, page = tmp_path / "out.json", tmp_path / "errors.html"
    worse = tmp_path / "worse.jsonl"
    write_records(worse, [dataclasses.replace(gold_record(), quotes=gold_record().quotes[:1])])
    result = run(
        *("--corpus", "quotestance", "--path", path, "--predictions", worse),
        *("--json", figures, "--errors", page),
    )
    assert result.exit_code == 0, result.output
    assert "relation_recall" in result.stdout
    assert "50.0 (50.0 - 50.0)" in result.stdout
    written = json.loads(figures.read_text())
    assert written["figures"]["relation_recall"] == {"value": 50, "low": 50, "high": 50, "n": 2}
    assert 'data-kinds="missed"' in page.read_text()


def test_the_command_compares(tmp_path):
    path = corpus_file(tmp_path, "quotestance")
    out = tmp_path / "out.json"
    result = run(
        *("--corpus", "quotestance", "--path", path, "--compare", path, path, "--json", out)
    )
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text())["differences"]["relation_f1"]["p"] == 1
    result = run(
        *("--corpus", "quotestance", "--path", path, "--compare", path, path),
        *("--predictions", path),
    )
    assert result.exit_code == 2
    assert "expected --compare alone, found --predictions too" in result.stderr


@pytest.mark.parametrize("name", sorted(CORPORA))
def test_a_malformed_line_of_any_format_ends_with_code_2(tmp_path, name):
    if name == "parc":
        path = tmp_path / "parc.conll"
        path.write_text("one column\n")
        place = f"{path}:1: field 'columns'"
    else:
        path = corpus_file(tmp_path, name)
        broken = json.loads(path.read_text().splitlines()[0]) | {"text": 5}
        number = len(path.read_text().splitlines()) + 1
        path.write_text(path.read_text().rstrip("\n") + "\n" + json.dumps(broken))
        place = f"{path}:{number}: field 'text'"
    result = run("--corpus", name, "--path", path, "--predictions", path)
    assert result.exit_code == 2
    assert place in result.stderr
    assert "Traceback" not in result.output


def test_gap_and_gum_have_no_error_browser(tmp_path):
    path = corpus_file(tmp_path, "gap")
    result = run("--corpus", "gap", "--path", path, "--predictions", path, "--errors", "x.html")
    assert result.exit_code == 2
    assert "hint: leave --errors out for gap and gum" in result.stderr


def test_model_and_predictions_exclude_each_other(tmp_path):
    path = corpus_file(tmp_path, "gap")
    result = run("--corpus", "gap", "--path", path, "--predictions", path, "--model", tmp_path)
    assert result.exit_code == 2
    assert "expected --model or --predictions, found both" in result.stderr
