"""Spans from tag probabilities: the best sequence of tags that forms whole spans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import TAGS

Floats = NDArray[np.float32]

_O, _B, _I, _E, _S = range(len(TAGS))
#: ``_FOLLOWS[before, after]``: whether a tag may follow another.
_FOLLOWS = np.zeros((len(TAGS), len(TAGS)), dtype=bool)
_FOLLOWS[np.ix_([_O, _E, _S], [_O, _B, _S])] = True
_FOLLOWS[np.ix_([_B, _I], [_I, _E])] = True
_COST = np.where(_FOLLOWS, 0.0, -np.inf).astype(np.float32)
_STARTS = np.array([_O, _B, _S])
_ENDS = np.array([_O, _E, _S])


@dataclass(frozen=True, slots=True)
class Found:
    """A decoded span.

    Args:
        low: First word.
        high: Last word, inclusive.
        probability: Geometric mean of the probabilities of its tags, from 0 to 1.
    """

    low: int
    high: int
    probability: float

    @property
    def words(self) -> tuple[int, int]:
        """First and last word."""
        return self.low, self.high


def best_tags(scores: Floats) -> NDArray[np.int64]:
    """Viterbi over the constraint that spans begin, go on and end in order.

    Args:
        scores: ``[words, layers, tags]`` log-probabilities, with any bias added.

    Returns:
        ``[words, layers]`` tag indices.
    """
    words, layers, tags = scores.shape
    if not words:
        return np.zeros((0, layers), dtype=np.int64)
    best = np.full((layers, tags), -np.inf, dtype=np.float32)
    best[:, _STARTS] = scores[0][:, _STARTS]
    back = np.zeros((words, layers, tags), dtype=np.int8)
    for word in range(1, words):
        reach = best[:, :, None] + _COST
        back[word] = reach.argmax(1)
        best = reach.max(1) + scores[word]
    final = np.full_like(best, -np.inf)
    final[:, _ENDS] = best[:, _ENDS]
    out = np.zeros((words, layers), dtype=np.int64)
    out[-1] = final.argmax(1)
    rows = np.arange(layers)
    for word in range(words - 1, 0, -1):
        out[word - 1] = back[word][rows, out[word]]
    return out


def spans_of(tags: NDArray[np.int64], log_probabilities: Floats) -> list[Found]:
    """Spans of one layer.

    Args:
        tags: ``[words]`` a valid sequence, as ``best_tags`` gives.
        log_probabilities: ``[words, tags]`` of the same layer.
    """
    found = []
    start = 0
    for word in np.flatnonzero(tags != _O):
        tag = tags[word]
        if tag in (_B, _S):
            start = int(word)
        if tag in (_E, _S):
            inside = np.arange(start, word + 1)
            mean = float(log_probabilities[inside, tags[inside]].mean())
            found.append(Found(start, int(word), float(np.exp(mean))))
    return found
