"""The model card says what was done, with which data, and how sure the figures are."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from quotestance.evaluation.scoring import score_quotes
from quotestance.records import AnnotatedArticle
from quotestance.training.callbacks import Epoch
from quotestance.training.card import card_text, write_card
from quotestance.training.labelled import Source
from quotestance.training.result import TrainResult
from quotestance.training.settings import FINE_TUNE
from tests.training.making import articles


def predicted(share: int) -> list[AnnotatedArticle]:
    """Predictions that have the first ``share`` quotes of each article right."""
    return [dataclasses.replace(doc, quotes=doc.quotes[:share]) for doc in articles(5)]


@pytest.fixture
def result(tmp_path: Path) -> TrainResult:
    gold = articles(5)
    before, after = (score_quotes(gold, predicted(n), resamples=200) for n in (1, 3))
    return TrainResult(
        folder=tmp_path / "desk-model",
        init="small (shipped)",
        init_sha256="d" * 64,
        bare=False,
        tasks=("quotes", "attribution"),
        figure="relation_f1",
        history=(Epoch(0, 0, 40.0), Epoch(1, 12, 85.7), Epoch(2, 24, 80.0)),
        best=1,
        stopped_early=True,
        before=before,
        after=after,
        calibrated=("confidence",),
        data={
            "train": (Source("desk|a.jsonl", "a" * 64, 40, 900),),
            "dev": (Source("desk-b.jsonl", "b" * 64, 5, 20),),
        },
        settings=FINE_TUNE.replace(lr=1e-4),
        steps=24,
        seconds=90.0,
        machine="x86_64 CPU, 2 threads, fp32",
        command="quotestance train --train 'desk|a.jsonl' --dev desk-b.jsonl --output desk-model",
    )


def test_figures_stand_before_and_after_with_intervals(result: TrainResult) -> None:
    card = card_text(result)
    row = next(line for line in card.splitlines() if line.startswith("| relation_f1 |"))
    assert row == (
        "| relation_f1 | 40.0 (40.0 to 40.0) | 85.7 (85.7 to 85.7) | +45.7 to +45.7 | 20 |"
    )
    assert "| via_f1" not in card, "no figure without labels"


def test_data_command_settings_and_versions_are_named(result: TrainResult) -> None:
    card = card_text(result)
    assert f"| train | desk\\|a.jsonl | 40 | 900 | `{'a' * 64}` |" in card
    assert f"| dev | desk-b.jsonl | 5 | 20 | `{'b' * 64}` |" in card
    assert "--train 'desk|a.jsonl' --dev desk-b.jsonl" in card
    assert "lr 0.0001" in card
    assert "torch " in card
    assert "- Machine: x86_64 CPU, 2 threads, fp32" in card
    assert f"the model `small (shipped)` (weights with sha256 `{'d' * 64}`) for: quotes" in card
    assert "24 steps in 1.5 minutes. Training stopped early. The weights of epoch 1" in card


def test_limits_and_terms_are_plain(result: TrainResult) -> None:
    card = card_text(result, licence=True)
    assert "chose the epoch and the confidence" in card
    assert "over the 5 dev articles" in card
    assert "hold for these weights too: see `LICENSE.md`" in card
    assert "license: other\nlicense_name: see-file\nlicense_link: LICENSE.md\npipeline" in card
    assert "The terms of `small (shipped)` hold" in card_text(result)
    assert "license: other\npipeline_tag" in card_text(result)


def test_no_better_epoch_is_said(result: TrainResult) -> None:
    card = card_text(dataclasses.replace(result, best=0))
    assert "so the starting weights were kept" in card


def test_names_cannot_break_the_page(result: TrainResult) -> None:
    odd = dataclasses.replace(
        result,
        command="echo ```\n# not a heading",
        data={"train": (Source("a\n| b <img>", "c" * 64, 1, 1),), "dev": ()},
    )
    card = card_text(odd)
    assert "| train | a \\| b &lt;img> | 1 | 1 |" in card
    assert card.count("```") % 2 == 0


def test_the_card_is_readme_of_the_folder(result: TrainResult) -> None:
    result.folder.mkdir()
    file = write_card(result)
    assert file.name == "README.md"
    assert file.read_text().startswith("---\nlanguage: en\nlibrary_name: quotestance\n")


def test_the_summary_is_json_with_paired_differences(result: TrainResult) -> None:
    told = json.loads(json.dumps(result.to_dict()))
    found = told["differences"]["relation_f1"]
    assert found["first"] == pytest.approx(40.0)
    assert found["low"] == pytest.approx(found["high"])
    assert told["best_epoch"] == 1
    assert told["versions"]["python"]
