"""Each piece of content linked to its source and cue, and pieces joined to quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Links, Network, ReadArticle
from quotestance.stages.decode import Found
from quotestance.stages.quotes import RoleSpans

WordSpan = tuple[int, int]
_OUTSIDE = TAGS.index("O")


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


class AttributionStage:
    """Links pieces of content to sources and cues.

    Args:
        network: The network.
        calibration: ``threshold.source`` and ``threshold.cue``: least probability, summed over
            the words of a span, for a link; below it the piece has none. ``threshold.quote``:
            least score of a quote; below it the quote is dropped.
    """

    def __init__(self, network: Network, calibration: Mapping[str, float]) -> None:
        self._network = network
        self._least = {
            role: calibration.get(f"threshold.{role}", 0.3) for role in ("source", "cue")
        }
        self._least_score = calibration.get("threshold.quote", 0.0)

    def __call__(self, article: ReadArticle, spans: RoleSpans) -> list[Attribution]:
        """Quotes of an article, in text order."""
        pieces = [span.words for span in spans.content]
        found = []
        for piece, inner, links in zip(
            spans.content, spans.inside, self._network.links(article, pieces), strict=True
        ):
            source, p_source = self._choose("source", links, spans, piece)
            cue, p_cue = self._choose("cue", links, spans, piece)
            probability = piece.probability * float(np.sqrt(max(p_source, p_cue, 0.05)))
            found.append(Attribution([piece], source, cue, inner, probability, links))
        return [quote for quote in _join(found) if quote.probability >= self._least_score]

    def _choose(
        self, role: str, links: Links, spans: RoleSpans, piece: Found
    ) -> tuple[WordSpan | None, float]:
        weights: NDArray[np.float32] = getattr(links, role)
        words = weights[:-1]
        candidates: Sequence[Found] = getattr(spans, role)
        best, mass = None, 0.0
        for span in candidates:
            low, high = span.low - links.low, span.high - links.low
            if high < 0 or low >= len(words) or _within(span.words, piece.words):
                continue
            inside = float(words[max(low, 0) : high + 1].sum())
            if inside > mass:
                best, mass = span.words, inside
        if mass < 0.5 and len(words):
            recovered = self._recover(role, links, spans)
            if recovered is not None and recovered[1] > max(mass, float(weights[-1])):
                best, mass = recovered
        if mass < self._least[role] or mass < float(weights[-1]) * 0.5:
            return None, mass
        return best, mass

    def _recover(self, role: str, links: Links, spans: RoleSpans) -> tuple[WordSpan, float] | None:
        """A span around the word that the pointer picks where the tagger found none."""
        words = getattr(links, role)[:-1]
        layer = LAYERS.index(role)
        inside = 1 - np.exp(spans.log_probabilities[:, layer, _OUTSIDE])
        peak = int(words.argmax())
        if inside[links.low + peak] < 0.1:
            return None

        def fits(index: int) -> bool:
            near = 0 <= index < len(words) and abs(index - peak) < 12
            return near and bool(inside[links.low + index] > 0.25 or words[index] > 0.15)

        low = high = peak
        while fits(low - 1):
            low -= 1
        while fits(high + 1):
            high += 1
        return (links.low + low, links.low + high), float(words[low : high + 1].sum())


def _within(span: WordSpan, piece: WordSpan) -> bool:
    """Whether a source or cue lies inside the very piece that it would be linked to."""
    return piece[0] <= span[0] and span[1] <= piece[1]


def _join(found: Sequence[Attribution]) -> list[Attribution]:
    """One quote for each cue: pieces with the same cue and source are joined."""
    joined: list[Attribution] = []
    by_cue: dict[tuple[WordSpan, bool], Attribution] = {}
    for item in found:
        key = (item.cue, item.inner) if item.cue is not None else None
        other = by_cue.get(key) if key is not None else None  # type: ignore[arg-type]
        if other is not None and (item.source == other.source or item.source is None):
            weights = [piece.high - piece.low + 1 for piece in (*other.content, *item.content)]
            other.content += item.content
            sizes = np.array([sum(weights[:-1]), weights[-1]], dtype=float)
            values = np.array([other.probability, item.probability])
            other.probability = float((sizes * values).sum() / sizes.sum())
            continue
        joined.append(item)
        if key is not None and other is None:
            by_cue[key] = item  # type: ignore[index]
    return joined
