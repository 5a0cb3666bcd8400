"""Spans from tag probabilities: the best sequence of tags that forms whole spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import TAGS

Floats = NDArray[np.float32]

_O, _B, _I, _E, _S = range(len(TAGS))
#: Tags of content, source and cue in one sequence: 0 is outside of all three.
_ROLES = 3
_STATES = 1 + _ROLES * (len(TAGS) - 1)


def _constraints() -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Cost of each transition (0 or minus infinity), and which states may begin and end a text."""
    tag = np.concatenate([[_O], np.tile([_B, _I, _E, _S], _ROLES)])
    role = np.concatenate([[-1], np.repeat(np.arange(_ROLES), len(TAGS) - 1)])
    closed, opens = np.isin(tag, [_O, _E, _S]), np.isin(tag, [_O, _B, _S])
    running = np.isin(tag, [_B, _I])[:, None] & np.isin(tag, [_I, _E]) & (role[:, None] == role)
    allowed = (closed[:, None] & opens) | running
    # Double precision: sums over a million words would swallow what tells two tags apart.
    return np.where(allowed, 0.0, -np.inf), opens, closed


_COST, _OPENS, _CLOSES = _constraints()
#: From one paragraph to the next no span goes on.
_COST_BETWEEN = np.where(_CLOSES[:, None] & _OPENS, 0.0, -np.inf)


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


def best_tags(scores: Floats, opening: Sequence[int] | NDArray[np.int64] = ()) -> NDArray[np.int64]:
    """Viterbi over whole spans, with each word in at most one role of each group of layers.

    Content, source and cue of one level never overlap, so they are decoded as one sequence: a
    source in the middle of a content splits it.

    Args:
        scores: ``[words, layers, tags]`` log-probabilities, with any bias added; the layers are
            content, source and cue of the outer level, then of the inner one.
        opening: Words that open a paragraph: no span goes on into one. Of 19,868 attributions of
            PolNeAR's train articles one does.

    Returns:
        ``[words, layers]`` tag indices.
    """
    words, layers, tags = scores.shape
    groups = layers // _ROLES
    if not words:
        return np.zeros((0, layers), dtype=np.int64)
    opens = np.zeros(words, dtype=np.bool_)
    opens[np.asarray(opening, dtype=np.int64)] = True
    states = _viterbi(_joint(scores.reshape(words, groups, _ROLES, tags)), opens)
    out = np.zeros((words, groups, _ROLES), dtype=np.int64)
    role, tag = np.divmod(np.maximum(states - 1, 0), tags - 1)
    at = np.nonzero(states)
    out[(*at, role[at])] = tag[at] + 1
    return out.reshape(words, layers)


def _joint(scores: Floats) -> Floats:
    """Scores of the joint states ``[words, groups, states]``."""
    outside = scores[..., _O]
    base = outside.sum(-1, keepdims=True)
    gain = scores[..., 1:] - outside[..., None]
    roles = base[..., None] + gain
    return np.concatenate([base, roles.reshape(*base.shape[:-1], -1)], -1)


def _viterbi(scores: Floats, opens: NDArray[np.bool_]) -> NDArray[np.int64]:
    words, groups, _ = scores.shape
    best = np.where(_OPENS, scores[0], -np.inf)
    back = np.zeros((words, groups, _STATES), dtype=np.int8)
    for word in range(1, words):
        reach = best[:, :, None] + (_COST_BETWEEN if opens[word] else _COST)
        back[word] = reach.argmax(1)
        best = reach.max(1) + scores[word]
    out = np.zeros((words, groups), dtype=np.int64)
    out[-1] = np.where(_CLOSES, best, -np.inf).argmax(1)
    rows = np.arange(groups)
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
