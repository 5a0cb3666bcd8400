"""The learning curve, in miniature: every kind of run, resuming, table and picture."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from quotestance.records import read_records
from tests.tiny_model import WIDTH, tiny_encoder
from tests.training.making import articles

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))

import learning_curve
from curve_plan import KINDS, Cell, Split, cells_of
from curve_report import summed, table


@pytest.fixture
def encoder(tmp_path):
    """The folder of a tiny bare encoder."""
    pieces = tiny_encoder()
    torch.manual_seed(3)
    size = pieces._tokenizer.get_vocab_size()
    config = BertConfig(
        vocab_size=size, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512,
    )  # fmt: skip
    BertModel(config).save_pretrained(tmp_path / "encoder")
    pieces._tokenizer.save(str(tmp_path / "encoder" / "tokenizer.json"))
    return tmp_path / "encoder"


def corpus(seed, each, outlets=("norrick", "kestria")):
    return [
        dataclasses.replace(doc, outlet=outlet, id=f"{outlet}_fiction_{doc.id}")
        for n, outlet in enumerate(outlets)
        for doc in articles(each, seed=seed + 10 * n)
    ]


def write(path, docs):
    rows = [
        {"id": doc.id, "annotator": "A", "publisher": doc.outlet, "date": "2031-05-04",
         "title": "", "text": doc.text, "attributions": [
             {"id": q.id, **{role: [list(s) for s in getattr(q, role)]
                             for role in ("content", "cue", "source")}} for q in doc.quotes]}
        for doc in docs
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_first_runs_tell_the_most():
    cells = [cell.name for cell in cells_of((50, 10), (1, 2), KINDS)]
    assert cells == [
        *("tuned-50-1", "control-50-1", "free-50-1", "scratch-50-1", "tuned-10-1", "scratch-10-1"),
        *("tuned-50-2", "control-50-2", "free-50-2", "scratch-50-2"),
    ]


def test_nothing_that_is_scored_is_trained_on():
    train, dev = corpus(1, 30), corpus(2, 3)
    split = Split.of("norrick", train, dev, 10)
    assert Split.of("norrick", train, dev, 10) == split
    scored = {doc.id for doc in (*split.test, *split.others_dev)}
    assert len(scored) == 13
    for kind, outlet in (("tuned", "norrick"), ("control", "kestria"), ("scratch", "norrick")):
        run, held = split.sample(Cell(kind, 5, 1))
        assert (len(run), len(held)) == (4, 1)
        drawn = {doc.id for doc in (*run, *held)}
        assert len(drawn) == 5
        assert not drawn & scored
        assert {doc.outlet for doc in (*run, *held)} == {outlet}
    assert split.sample(Cell("tuned", 5, 1)) == split.sample(Cell("scratch", 5, 1))
    assert split.sample(Cell("tuned", 5, 1)) != split.sample(Cell("tuned", 5, 2))


def test_runs_of_one_article_are_summed():
    docs = articles(2)
    half = [dataclasses.replace(doc, quotes=doc.quotes[:2]) for doc in docs]
    scores = summed([(docs, docs), (docs, half)])
    assert scores.units == tuple(doc.id for doc in docs)
    assert scores["relation_f1"].value == pytest.approx(100 * 2 * 12 / (12 + 16))


def test_a_miniature_runs_resumes_and_draws(tmp_path, encoder, capsys):
    write(tmp_path / "polnear-train.jsonl", corpus(1, 34))
    write(tmp_path / "polnear-dev.jsonl", corpus(2, 2))
    output, picture = tmp_path / "curve.json", tmp_path / "img" / "curve.png"
    call = [
        *("--work", str(tmp_path / "work"), "--encoder", str(encoder), "--corpora", str(tmp_path)),
        *("--publishers", "norrick", "--test-articles", "3", "--quick", "--sizes", "4"),
        *("--output", str(output), "--picture", str(picture)),
    ]
    learning_curve.main([*call, "--seeds", "1", "--kinds", "tuned"])
    first = json.loads(output.read_text())
    assert [(run["kind"], run["size"], run["seed"]) for run in first["runs"]] == [("tuned", 4, 1)]
    assert "control" not in first["rows"][0]
    folder = tmp_path / "work" / "norrick"
    stamp = (folder / "tuned-4-1" / "training.json").stat().st_mtime_ns

    learning_curve.main([*call, "--seeds", "1", "2", "--kinds", "tuned", "free", "scratch"])
    result = json.loads(output.read_text())
    assert (folder / "tuned-4-1" / "training.json").stat().st_mtime_ns == stamp
    assert len(result["runs"]) == 6
    (row,) = result["rows"]
    assert row["tuned"]["runs"] == ["norrick 1", "norrick 2"]
    assert row["scratch"]["seeds"] == 2
    assert result["base"][0]["train_articles"] == 6
    assert {run["train_articles"] for run in result["runs"]} == {3}
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert len(read_records(folder / "base.others.jsonl")) == 2
    assert "| 4 | 1 outlets, 2 runs | " in capsys.readouterr().out
    assert "on 3 unseen articles of the outlet" in table(result)

    assert "With neither pull nor blend, 4 articles: gain " in table(result)

    learning_curve.main(
        [*call, "--report", "--seeds", "1", "2", "--kinds", "tuned", "free", "scratch"]
    )
    assert json.loads(output.read_text())["rows"] == result["rows"]
