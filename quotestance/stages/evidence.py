"""How sure it is that an attribution is one: a logistic score of what was found."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import LAYERS, TAGS
from quotestance.stages.decode import Found
from quotestance.stages.linking import Candidate
from quotestance.stages.passages import Places
from quotestance.stages.quotes import RoleSpans

Floats = NDArray[np.float64]
_CONTENT, _OUTSIDE = LAYERS.index("content"), TAGS.index("O")
_LEAST = 1e-3

#: Weights where a calibration has none, as ``training.linking`` fitted them on dev articles.
WEIGHTS: Mapping[str, float] = {
    "one": 0.35, "tagged": 0.65, "weakest": 0.41, "sure": 0.5, "source.none": -0.8,
    "source.mass": 0.09, "cue.none": -0.66, "cue.mass": 0.04, "cue.tagged": 0.31,
    "cue.apart": -0.74, "length": 0.18, "quoted": -0.41,
}  # fmt: skip
#: What speaks for a piece of content: the constant; log-odds of its tags; its least likely word;
#: log-probability of its source and cue together; each of the two; its length; its marks.
EVIDENCE = tuple(WEIGHTS)


def evidence(
    piece: Found,
    pair: tuple[Candidate, Candidate],
    sure: float,
    places: Places,
    spans: RoleSpans,
) -> Floats:
    """What speaks for one piece: ``[len(EVIDENCE)]``.

    Args:
        piece: The piece.
        pair: Its source and cue.
        sure: Log-probability of the pair.
        places: Where the words of the article stand.
        spans: Spans of the article.
    """
    source, cue = pair
    words = slice(piece.low, piece.high + 1)
    outside = np.exp(spans.log_probabilities[words, _CONTENT, _OUTSIDE])
    tagged = float(np.clip(piece.probability, 1e-4, 1 - 1e-4))
    sentences = (places.sentence[piece.low], places.sentence[piece.high])
    return np.array([
        1.0,
        np.log(tagged / (1 - tagged)),
        np.log(max(1 - float(outside.max()), _LEAST)),
        sure,
        source.words is None,
        np.log(max(source.mass, _LEAST)) if source.words else 0.0,
        cue.words is None,
        np.log(max(cue.mass, _LEAST)) if cue.words else 0.0,
        np.log(max(cue.tagged, _LEAST)) if cue.words else 0.0,
        cue.words is not None and places.sentence[cue.words[0]] not in sentences,
        np.log(piece.high - piece.low + 1),
        places.quoted(piece.words),
    ])  # fmt: skip


def score_weights(calibration: Mapping[str, float]) -> Floats:
    """Weights of ``EVIDENCE``, from the entries ``score.NAME`` of a calibration."""
    return np.array([calibration.get(f"score.{name}", WEIGHTS[name]) for name in EVIDENCE])


def score(weights: Floats, found: Floats) -> float:
    """Probability, from 0 to 1, that an attribution with this evidence is one."""
    return float(1 / (1 + np.exp(-np.clip(weights @ found, -30, 30))))
