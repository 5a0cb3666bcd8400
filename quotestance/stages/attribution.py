"""Each piece of content linked to its source and cue, and pieces joined to quotes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Links, Network, ReadArticle
from quotestance.stages.decode import Found
from quotestance.stages.quotes import RoleSpans
from quotestance.text import PUNCTUATION, STOP
from quotestance.windows import EncodedText

WordSpan = tuple[int, int]
_OUTSIDE = TAGS.index("O")
_MOST_BETWEEN = 6
# In PolNeAR source and cue stand in different sentences 28 times in 18,360.
_ACROSS_SENTENCES = 0.02


@dataclass
class Attribution:
    """A quote in word indices: pieces of content with one source and one cue.

    Args:
        content: Pieces of content.
        source: The source, or None.
        cue: The cue, or None.
        inner: Whether it stands inside another quote.
        probability: Uncalibrated score from 0 to 1 that it is an attribution.
        links: Links of its first piece.
    """

    content: list[Found]
    source: WordSpan | None
    cue: WordSpan | None
    inner: bool
    probability: float
    links: Links = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A span that a piece may be linked to, with the probability that falls on its words."""

    words: WordSpan | None
    mass: float


class AttributionStage:
    """Links pieces of content to sources and cues.

    Source and cue of a piece are chosen together: the probabilities of both pointers, times a
    prior that falls with the distance between the two, for a source stands by its cue.

    Args:
        network: The network.
        calibration: ``threshold.source`` and ``threshold.cue``: least probability, summed over
            the words of a span, for a link; below it the piece has none. ``pair.distance``:
            exponent of the distance in words between source and cue; ``piece.distance``: of
            that between the piece and the nearer of the two; 0 leaves either out.
            ``threshold.quote``: least score of a quote; below it the quote is dropped.
    """

    def __init__(self, network: Network, calibration: Mapping[str, float]) -> None:
        self._network = network
        self._least = {
            role: calibration.get(f"threshold.{role}", 0.2) for role in ("source", "cue")
        }
        self._apart = calibration.get("pair.distance", 0.5)
        self._away = calibration.get("piece.distance", 0.5)
        self._least_score = calibration.get("threshold.quote", 0.0)

    def __call__(
        self, article: ReadArticle, spans: RoleSpans, bounds: NDArray[np.int64]
    ) -> list[Attribution]:
        """Quotes of an article, in text order.

        Args:
            article: The article as the network read it.
            spans: Its decoded spans.
            bounds: ``[sentences, 2]`` first word and one past the last word of each sentence.
        """
        pieces = [span.words for span in spans.content]
        found = []
        for piece, around, links in zip(
            spans.content, spans.around, self._network.links(article, pieces), strict=True
        ):
            if around is None:
                sources = self._candidates("source", links, spans, piece)
                cues = self._candidates("cue", links, spans, piece)
            else:
                sources = _inner_candidates(spans.inner_source, links.source, links, around)
                cues = _inner_candidates(spans.inner_cue, links.cue, links, around)
            source, cue = self._pair(sources, cues, piece.words, bounds)
            best = max(source.mass, cue.mass, 0.05)
            probability = piece.probability * float(np.sqrt(best))
            found.append(
                Attribution(
                    [piece], source.words, cue.words, around is not None, probability, links
                )
            )
        joined = _join(found, article.encoded)
        return [quote for quote in joined if self._stands(quote)]

    def _stands(self, quote: Attribution) -> bool:
        """Words of a third party inside a quote need a cue and a source of their own."""
        whole = not quote.inner or (quote.cue is not None and quote.source is not None)
        return whole and quote.probability >= self._least_score

    def _pair(
        self,
        sources: Sequence[_Candidate],
        cues: Sequence[_Candidate],
        piece: WordSpan,
        bounds: NDArray[np.int64],
    ) -> tuple[_Candidate, _Candidate]:
        """The likeliest pair of source and cue; either may be none."""
        starts = bounds[:, 0]

        def sentence(words: WordSpan) -> int:
            return int(np.searchsorted(starts, words[0], side="right"))

        def score(pair: tuple[_Candidate, _Candidate]) -> float:
            source, cue = pair
            apart = _gap(source.words, cue.words) if source.words and cue.words else 0
            away = min((_gap(c.words, piece) for c in pair if c.words), default=0)
            prior = float((1.0 + apart) ** -self._apart * (1.0 + away) ** -self._away)
            if source.words and cue.words and sentence(source.words) != sentence(cue.words):
                prior *= _ACROSS_SENTENCES
            return source.mass * cue.mass * prior

        return max(((s, c) for s in sources for c in cues), key=score)

    def _candidates(
        self, role: str, links: Links, spans: RoleSpans, piece: Found
    ) -> list[_Candidate]:
        """Spans of the role by probability, and "none"; never empty."""
        weights: NDArray[np.float32] = getattr(links, role)
        words = weights[:-1]
        found = []
        for span in _in_reach(getattr(spans, role), links.low, links.low + len(words)):
            if _within(span.words, piece.words):
                continue
            low, high = span.low - links.low, span.high - links.low
            mass = float(words[max(low, 0) : high + 1].sum())
            if mass >= self._least[role] * 0.5:
                found.append(_Candidate(span.words, mass))
        top = max((c.mass for c in found), default=0.0)
        if top < 0.5 and len(words):
            recovered = self._recover(role, links, spans)
            if recovered is not None and recovered[1] > top:
                found.append(_Candidate(*recovered))
                top = recovered[1]
        null = _Candidate(None, max(float(weights[-1]), 1e-6))
        if top < self._least[role] or top < 0.5 * null.mass:
            return [null]
        return [c for c in found if c.mass >= 0.1 * top] + [null]

    def _recover(self, role: str, links: Links, spans: RoleSpans) -> tuple[WordSpan, float] | None:
        """A span around the word that the pointer picks where the tagger found none."""
        words = getattr(links, role)[:-1]
        layer = LAYERS.index(role)
        here = slice(links.low, links.low + len(words))
        inside = 1 - np.exp(spans.log_probabilities[here, layer, _OUTSIDE])
        peak = int(words.argmax())
        if inside[peak] < 0.1:
            return None

        def fits(index: int) -> bool:
            near = 0 <= index < len(words) and abs(index - peak) < 12
            return near and bool(inside[index] > 0.25 or words[index] > 0.15)

        low = high = peak
        while fits(low - 1):
            low -= 1
        while fits(high + 1):
            high += 1
        return (links.low + low, links.low + high), float(words[low : high + 1].sum())


def _inner_candidates(
    candidates: Sequence[Found], weights: NDArray[np.float32], links: Links, around: WordSpan
) -> list[_Candidate]:
    """Spans within the enclosing content; the pointer, taught by flat labels, only ranks them."""
    found = [_Candidate(None, 1e-6)]
    words = weights[:-1]
    for span in _in_reach(candidates, links.low, links.low + len(words)):
        if around[0] <= span.low and span.high <= around[1]:
            inside = words[max(span.low - links.low, 0) : span.high - links.low + 1]
            found.append(_Candidate(span.words, 0.3 + 0.7 * float(inside.sum())))
    return found


def _gap(one: WordSpan, other: WordSpan) -> int:
    """Words between two spans."""
    return max(0, other[0] - one[1] - 1, one[0] - other[1] - 1)


def _in_reach(spans: Sequence[Found], low: int, high: int) -> Sequence[Found]:
    """The spans (in text order, none overlapping) with a word in ``[low, high)``."""
    first = bisect_left(spans, low, key=lambda span: span.high)
    return spans[first : bisect_left(spans, high, key=lambda span: span.low)]


def _within(span: WordSpan, piece: WordSpan) -> bool:
    """Whether a source or cue lies inside the very piece that it would be linked to."""
    return piece[0] <= span[0] and span[1] <= piece[1]


def _join(found: Sequence[Attribution], encoded: EncodedText) -> list[Attribution]:
    """One quote for each cue: pieces with the same cue and source that stand near are joined."""
    joined: list[Attribution] = []
    by_cue: dict[tuple[WordSpan, bool], Attribution] = {}
    for item in found:
        if item.cue is None:
            joined.append(item)
            continue
        key = (item.cue, item.inner)
        other = by_cue.get(key)
        if other is not None and _belong(other, item, encoded):
            size, more = (sum(p.high - p.low + 1 for p in a.content) for a in (other, item))
            total = other.probability * size + item.probability * more
            other.probability = total / (size + more)
            other.content += item.content
            continue
        joined.append(item)
        by_cue[key] = item
    return joined


def _belong(one: Attribution, other: Attribution, encoded: EncodedText) -> bool:
    """Whether little but cue, source and punctuation stands between two pieces of one source.

    In PolNeAR nine in ten gaps between two pieces hold six further words or fewer.
    """
    if other.source is not None and one.source != other.source:
        return False
    between = np.arange(one.content[-1].high + 1, other.content[0].low)
    counts = ~np.isin(encoded.shape[between], (STOP, PUNCTUATION))
    for span in (one.cue, one.source):
        if span is not None:
            counts &= (between < span[0]) | (between > span[1])
    return int(counts.sum()) <= _MOST_BETWEEN
