"""The errors of the shipped model, as the package carries them."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from quotestance.track import confusion
from quotestance.track.estimate import is_usable
from quotestance.track.ledger import Ledger
from tests.track.making import doc

WEIGHTS = Path(__file__).parents[2] / "models" / "small" / "model.safetensors"


def test_it_lies_in_the_package_and_can_be_undone():
    assert confusion.SHIPPED.is_relative_to(Path(confusion.__file__).parents[1])
    shipped = confusion.shipped()
    assert shipped.matrix().sum(axis=1) == pytest.approx([1, 1, 1])
    assert np.all(np.bincount(shipped.labels) >= confusion.MIN_LABELLED)
    assert is_usable(shipped)


@pytest.mark.skipif(not WEIGHTS.is_file(), reason="the shipped model is not in this checkout")
def test_it_was_measured_on_the_shipped_weights():
    config = json.loads(WEIGHTS.with_name("config.json").read_bytes())
    assert confusion.shipped().fits((WEIGHTS.parent.name, config["release"]))
    measured = json.loads(confusion.SHIPPED.read_bytes())["weights_sha256"]
    given = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert measured == given, "run benchmarks/stance_confusion.py on the new weights"


def test_a_trend_over_the_shipped_model_propagates_it(tmp_path):
    model = dict(zip(("name", "version"), confusion.shipped().model, strict=True))
    ledger = Ledger(tmp_path / "quotes.duckdb")
    ledger.add(doc("1", model=model))
    assert not any("not propagated" in note for note in ledger.trend().notes)


def test_a_package_without_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(confusion, "SHIPPED", tmp_path / "none.json")
    ledger = Ledger(tmp_path / "quotes.duckdb")
    ledger.add(doc("1"))
    notes = ledger.trend().notes
    assert "the classifier's errors are not propagated: none were measured" in notes
