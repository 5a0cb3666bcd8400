"""Quotes in words become quotes of the record: offsets, kind, confidence, nesting."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quotestance.quotes import Confidence, Quote, Span
from quotestance.stages.attribution import Attribution
from quotestance.stages.stance import QuoteReading
from quotestance.text import quote_regions, sentences
from quotestance.windows import EncodedText

_TOKEN = re.compile(r"[^\W_]\w*")


def sentence_bounds(encoded: EncodedText, text: str) -> NDArray[np.int64]:
    """First word and one past the last word of each sentence: ``[sentences, 2]``."""
    spans = np.array(sentences(text, list(encoded.marks)), dtype=np.int64).reshape(-1, 2)
    low = np.searchsorted(encoded.words[:, 1], spans[:, 0], side="right")
    high = np.searchsorted(encoded.words[:, 0], spans[:, 1], side="left")
    return np.stack([low, high], -1)


def kind_of(text: str, content: Sequence[Span], regions: Sequence[tuple[int, int]]) -> str:
    """``direct`` where all words of the content stand in marks, ``mixed`` where some do.

    Args:
        text: The article.
        content: Pieces of content.
        regions: ``(start, end)`` of the quoted regions, outermost ones, in text order.
    """
    words = [
        match.span() for span in content for match in _TOKEN.finditer(text, span.start, span.end)
    ]
    starts = [start for start, _ in regions]
    inside = 0
    for start, end in words:
        i = int(np.searchsorted(starts, start, side="right")) - 1
        inside += i >= 0 and regions[i][0] <= start and end <= regions[i][1]
    if not words or not inside:
        return "indirect"
    return "direct" if inside == len(words) else "mixed"


def assemble(
    text: str,
    encoded: EncodedText,
    attributions: Sequence[Attribution],
    readings: Sequence[QuoteReading],
    calibration: Mapping[str, float],
) -> tuple[Quote, ...]:
    """Records of the quotes of one article, without speakers.

    A whole sentence with neither marks, cue nor source is no quote by the guide; it is kept as
    an attribution.
    """
    regions = [(s, e) for s, e, depth in quote_regions(text, list(encoded.marks)) if depth == 0]
    parents = _parents(attributions)
    quotes = []
    for i, (item, reading) in enumerate(zip(attributions, readings, strict=True)):
        content = tuple(_span(encoded, *piece.words) for piece in item.content)
        kind = kind_of(text, content, regions)
        bare = item.cue is None and (item.source is None or kind == "indirect")
        keeps = reading.is_quote >= 0.5 and not (bare and kind != "direct")
        quotes.append(
            Quote(
                id=f"q{i + 1}",
                content=content,
                cue=(_span(encoded, *item.cue),) if item.cue else (),
                source=(_span(encoded, *item.source),) if item.source else (),
                kind=kind,
                polarity=reading.polarity,
                mode=reading.mode,
                stance=reading.stance,
                target_type=reading.target_type,
                target_span=_span(encoded, *reading.target) if reading.target else None,
                inside=f"q{parents[i] + 1}" if parents[i] is not None else None,  # type: ignore[operator]
                is_quote=keeps,
                confidence=Confidence(
                    quote=calibrated(item.probability * max(reading.is_quote, 0.05), calibration),
                    stance=reading.stance.confidence,
                ),
            )
        )
    return tuple(quotes)


def calibrated(score: float, calibration: Mapping[str, float]) -> float:
    """A score from 0 to 1 as a probability.

    Source: Platt 1999; slope and offset of the log-odds are fitted on dev articles.
    """
    clipped = min(max(score, 1e-6), 1 - 1e-6)
    log_odds = math.log(clipped / (1 - clipped))
    slope, offset = calibration.get("quote.slope", 1.0), calibration.get("quote.offset", 0.0)
    return 1 / (1 + math.exp(-(slope * log_odds + offset)))


def _span(encoded: EncodedText, low: int, high: int) -> Span:
    return Span(int(encoded.words[low, 0]), int(encoded.words[high, 1]))


def _parents(attributions: Sequence[Attribution]) -> list[int | None]:
    """Index of the smallest quote with a piece that holds each inner quote."""
    parents: list[int | None] = []
    for item in attributions:
        best: tuple[int, int] | None = None
        if item.inner:
            first = item.content[0]
            for j, other in enumerate(attributions):
                for piece in other.content if other is not item and not other.inner else ():
                    size = piece.high - piece.low
                    if piece.low <= first.low and first.high <= piece.high:
                        best = min(best or (size, j), (size, j))
        parents.append(best[1] if best else None)
    return parents
