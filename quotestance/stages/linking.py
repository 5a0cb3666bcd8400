"""Which source and which cue a piece of content has: candidates, and a log-linear choice.

Source: Pareti et al. 2013 link each content to cue and source by a classifier over like features;
here source and cue are chosen together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Links
from quotestance.stages.decode import Found
from quotestance.stages.passages import Places
from quotestance.stages.quotes import RoleSpans

Floats = NDArray[np.float64]
WordSpan = tuple[int, int]
_OUTSIDE = TAGS.index("O")
_MOST = 8
_LEAST = 1e-4
_LEAST_PEAK = 0.05
_LEAST_MASS = 1e-3

#: What is known of a candidate for one role, besides whether it is "none".
_OF_ONE = (
    "null", "mass", "tagged", "gap", "apart", "paragraph", "behind", "quoted", "inside", "taken"
)  # fmt: skip
#: What is known of a source and a cue together.
_OF_BOTH = (
    "both.none", "source.alone", "cue.alone", "pair.gap", "pair.adjacent", "pair.after",
    "pair.apart", "quoted.source.none", "quoted.cue.none",
)  # fmt: skip
#: Features of a pair of source and cue, in the order of the last axis of ``features``.
FEATURES = (*(f"source.{n}" for n in _OF_ONE), *(f"cue.{n}" for n in _OF_ONE), *_OF_BOTH)

#: Weights where a calibration has none, as ``training.linking`` fitted them on dev articles.
WEIGHTS: Mapping[str, float] = {
    "source.null": 0.68, "source.mass": 0.24, "source.tagged": 0.76, "source.gap": -0.13,
    "source.apart": -1.49, "source.paragraph": -1.98, "source.behind": 0.19, "source.quoted": 0.07,
    "source.inside": 0.00, "source.taken": 0.20, "cue.null": 0.67, "cue.mass": 0.34,
    "cue.tagged": 1.45, "cue.gap": -0.36, "cue.apart": -1.09, "cue.paragraph": -0.66,
    "cue.behind": -0.39, "cue.quoted": -0.30, "cue.inside": -0.49, "cue.taken": -0.83,
    "both.none": -0.26, "source.alone": -0.02, "cue.alone": -1.36, "pair.gap": -0.76,
    "pair.adjacent": -0.03, "pair.after": -0.47, "pair.apart": -1.35, "quoted.source.none": -0.87,
    "quoted.cue.none": 0.24,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that a piece may be linked to.

    Args:
        words: First and last word; None for "none".
        mass: Probability that the pointer puts on its words (on "none"), from 0 to 1.
        tagged: Mean probability that its words have the role, from 0 to 1; 1 for "none".
    """

    words: WordSpan | None
    mass: float
    tagged: float


def candidates(role: str, links: Links, spans: RoleSpans, piece: WordSpan) -> list[Candidate]:
    """The likeliest tagged spans, what the pointer picks where nothing is tagged, and "none".

    Args:
        role: ``source`` or ``cue``.
        links: What the piece points to.
        spans: Spans of the article.
        piece: First and last word of the piece.
    """
    weights: NDArray[np.float32] = getattr(links, role)
    words, low = weights[:-1], links.low
    layer = LAYERS.index(role)
    tagged = 1 - np.exp(spans.log_probabilities[low : low + len(words), layer, _OUTSIDE])
    before = np.concatenate([[0.0], np.cumsum(words, dtype=np.float64)])
    found = []

    def add(first: int, last: int) -> None:
        mass = float(before[last + 1] - before[first])
        found.append(
            Candidate((low + first, low + last), mass, float(tagged[first : last + 1].mean()))
        )

    for span in in_reach(getattr(spans, role), low, low + len(words)):
        first, last = max(span.low - low, 0), min(span.high - low, len(words) - 1)
        if (
            not (piece[0] <= span.low and span.high <= piece[1])
            and before[last + 1] - before[first] > 1e-3
        ):
            add(first, last)
    peak = int(words.argmax()) if len(words) else 0
    known = any(c.words and c.words[0] <= low + peak <= c.words[1] for c in found)
    if not known and not piece[0] <= low + peak <= piece[1]:
        pointed = span_at_peak(words, tagged)
        if pointed is not None:
            add(*pointed)
    found.sort(key=lambda c: -c.mass)
    return [*found[:_MOST], Candidate(None, float(weights[-1]), 1.0)]


def span_at_peak(words: NDArray[np.float32], tagged: NDArray[np.float32]) -> tuple[int, int] | None:
    """The words around the peak of the pointer that are likely tagged or pointed to.

    Args:
        words: ``[words]`` probability of the pointer.
        tagged: ``[words]`` probability that a word has the role.
    """
    peak = int(words.argmax()) if len(words) else 0
    if not len(words) or words[peak] <= _LEAST_PEAK:
        return None

    def fits(index: int) -> bool:
        near = 0 <= index < len(words) and abs(index - peak) < 12
        return near and bool(tagged[index] > 0.25 or words[index] > 0.15)

    low = high = peak
    while fits(low - 1):
        low -= 1
    while fits(high + 1):
        high += 1
    return low, high


def features(
    piece: WordSpan,
    sources: Sequence[Candidate],
    cues: Sequence[Candidate],
    places: Places,
    others: Sequence[WordSpan],
) -> Floats:
    """Features of every pair: ``[sources, cues, len(FEATURES)]``.

    Args:
        piece: First and last word of the piece.
        sources: Candidates.
        cues: Candidates.
        places: Where the words of the article stand.
        others: All pieces of the article, in text order.
    """
    quoted = places.quoted(piece)
    of_source = _of_one(piece, sources, places, others, quoted)
    of_cue = _of_one(piece, cues, places, others, quoted)
    shape = (len(sources), len(cues))
    rows = np.broadcast_to(of_source[:, None], (*shape, len(_OF_ONE)))
    columns = np.broadcast_to(of_cue[None], (*shape, len(_OF_ONE)))
    both = np.array([[_of_both(s, c, places, quoted) for c in cues] for s in sources])
    return np.concatenate([rows, columns, both], -1)


def _of_one(
    piece: WordSpan,
    found: Sequence[Candidate],
    places: Places,
    others: Sequence[WordSpan],
    quoted: bool,
) -> Floats:
    region = places.region[piece[0]] if quoted else -1
    first, last = places.sentence[piece[0]], places.sentence[piece[1]]
    rows = []
    for one in found:
        if one.words is None:
            rows.append([np.log(max(one.mass, _LEAST))] + [0.0] * (len(_OF_ONE) - 1))
            continue
        at = one.words[0]
        rows.append([
            0.0,
            np.log(max(one.mass, _LEAST)),
            np.log(max(one.tagged, 1e-3)),
            np.log1p(gap(one.words, piece)),
            not first <= places.sentence[at] <= last,
            places.paragraph[at] != places.paragraph[piece[0]],
            at > piece[1],
            places.region[at] not in (-1, region),
            region >= 0 and places.region[at] == region,
            _taken(one.words, piece, others),
        ])  # fmt: skip
    return np.array(rows, dtype=np.float64)


def _of_both(source: Candidate, cue: Candidate, places: Places, quoted: bool) -> list[float]:
    s, c = source.words, cue.words
    if s is None or c is None:
        none = [s is None and c is None, s is not None, c is not None]
        return [*none, 0, 0, 0, 0, quoted and s is None, quoted and c is None]
    between = gap(s, c)
    apart = places.sentence[s[0]] != places.sentence[c[0]]
    return [0, 0, 0, float(np.log1p(between)), between == 0, s[0] > c[0], apart, 0, 0]


def gap(one: WordSpan, other: WordSpan) -> int:
    """Words between two spans."""
    return max(0, other[0] - one[1] - 1, one[0] - other[1] - 1)


def in_reach(spans: Sequence[Found], low: int, high: int) -> Sequence[Found]:
    """The spans (in text order, none overlapping) with a word in ``[low, high)``."""
    first = bisect_left(spans, low, key=lambda span: span.high)
    return spans[first : bisect_left(spans, high, key=lambda span: span.low)]


def _taken(span: WordSpan, piece: WordSpan, others: Sequence[WordSpan]) -> bool:
    """Whether another piece stands nearer to a source or cue, of those on either side of it."""
    mine = gap(span, piece)
    at = bisect_left(others, span)
    return any(
        other != piece and gap(span, other) < mine for other in others[max(0, at - 1) : at + 1]
    )


def weights_of(calibration: Mapping[str, float]) -> Floats:
    """The weights of ``FEATURES``, from the entries ``link.NAME`` of a calibration."""
    return np.array([calibration.get(f"link.{name}", WEIGHTS[name]) for name in FEATURES])


def log_probabilities(scores: Floats) -> Floats:
    """Log-probabilities of all pairs from their scores."""
    top = scores.max()
    return np.asarray(scores - top - np.log(np.exp(scores - top).sum()))
