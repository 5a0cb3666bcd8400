from __future__ import annotations

import numpy as np
import pytest

from quotestance.network.labels import LAYERS, TAGS
from quotestance.stages.assembly import sentence_bounds
from quotestance.stages.decode import Found
from quotestance.stages.evidence import EVIDENCE, evidence, score, score_weights
from quotestance.stages.linking import FEATURES, Candidate, features, log_probabilities, weights_of
from quotestance.stages.passages import Places
from quotestance.stages.quotes import RoleSpans
from quotestance.training.linking import Choice, fit_links, fit_scores
from tests.tiny_model import tiny_encoder

TEXT = "“It will hold,” Venn said. Ikede laughed.\nHe left."
#       0 1  2    3   4 5 6    7   8 9     10     11 12 13 14
ENCODED = tiny_encoder().encode(TEXT)
PLACES = Places.of(ENCODED, TEXT, sentence_bounds(ENCODED, TEXT))
PIECE = (0, 5)


def row(source: Candidate, cue: Candidate) -> dict[str, float]:
    (((values),),) = features(PIECE, [source], [cue], PLACES, [PIECE])
    return dict(zip(FEATURES, values.tolist(), strict=True))


def test_features_of_a_pair_beside_the_piece() -> None:
    found = row(Candidate((6, 6), 0.5, 1.0), Candidate((7, 7), 0.25, 0.5))
    wanted = {"source.mass": np.log(0.5), "cue.mass": np.log(0.25), "cue.tagged": np.log(0.5)}
    wanted |= {"source.behind": 1, "cue.behind": 1, "cue.gap": np.log(2), "pair.adjacent": 1}
    assert {name: value for name, value in found.items() if value} == pytest.approx(wanted)


def test_features_of_a_pair_in_other_sentences() -> None:
    found = row(Candidate((12, 12), 1.0, 1.0), Candidate((10, 10), 1.0, 1.0))
    for name in ("source.apart", "cue.apart", "source.paragraph", "pair.apart", "pair.after"):
        assert found[name] == 1, name
    assert found["cue.paragraph"] == 0


def test_features_of_none() -> None:
    none = Candidate(None, 0.5, 1.0)
    assert {name for name, value in row(none, none).items() if value} == {
        "source.null", "cue.null", "both.none", "quoted.source.none", "quoted.cue.none"
    }  # fmt: skip
    alone = row(Candidate((6, 6), 1.0, 1.0), none)
    assert alone["source.alone"] == 1 and alone["cue.alone"] == 0


def test_log_probabilities_sum_to_one() -> None:
    assert np.exp(log_probabilities(np.array([[1.0, 2.0], [900.0, -3.0]]))).sum() == pytest.approx(
        1
    )


def test_weights_come_from_the_calibration() -> None:
    assert weights_of({"link.pair.gap": -7.0})[FEATURES.index("pair.gap")] == -7.0
    assert score_weights({"score.sure": 3.0})[EVIDENCE.index("sure")] == 3.0


def test_what_is_tagged_and_linked_more_surely_scores_higher() -> None:
    log = np.full((len(ENCODED), len(LAYERS), len(TAGS)), np.log(0.1), dtype=np.float32)
    spans = RoleSpans((), (), (), (), (), (), log)
    pair = (Candidate((6, 6), 0.9, 0.9), Candidate((7, 7), 0.9, 0.9))
    none = (Candidate(None, 0.9, 1.0), Candidate(None, 0.9, 1.0))
    weights = score_weights({})

    def scored(tagged: float, pair: tuple[Candidate, Candidate], sure: float) -> float:
        return score(weights, evidence(Found(*PIECE, tagged), pair, sure, PLACES, spans))

    best = scored(0.95, pair, -0.1)
    assert 0 < scored(0.5, pair, -0.1) < best < 1
    assert scored(0.95, pair, -2.0) < best
    assert scored(0.95, none, -0.1) < best


def test_fitted_weights_of_links_prefer_what_was_right() -> None:
    far, near = np.zeros(len(FEATURES)), np.zeros(len(FEATURES))
    far[FEATURES.index("pair.gap")] = 3.0
    rows = np.stack([far, near])
    fitted = fit_links([Choice(rows, np.array([False, True]))] * 20)
    assert set(fitted) == {f"link.{name}" for name in FEATURES}
    assert fitted["link.pair.gap"] < -0.5
    assert fitted["link.cue.gap"] == pytest.approx(0, abs=1e-6)
    assert fit_links([]) == {}


def test_fitted_weights_of_scores_tell_right_from_wrong() -> None:
    rows = np.zeros((40, len(EVIDENCE)))
    rows[:, EVIDENCE.index("sure")] = [-2.0, 0.0] * 20
    right = np.array([False, True] * 20)
    fitted = fit_scores(rows, right)
    assert fitted["score.sure"] > 0.5
    assert fit_scores(rows, np.ones(40, dtype=bool)) == {}
